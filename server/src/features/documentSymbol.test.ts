import assert from 'node:assert/strict';
import { test } from 'node:test';
import { COUNTER, documentOf, textIn } from '../testing/testDocument.ts';
import { documentSymbols } from './documentSymbol.ts';

test('the outline by kind', async () => {
  const doc = await documentOf(COUNTER);
  const symbols = documentSymbols(doc);
  assert.deepEqual(
    symbols.map(({ name, detail }) => `${name} ${detail}`),
    [
      'Exports 10',
      'Imports 1',
      'Tables 1',
      'Memories 1',
      'Globals 3',
      'Element segments 1',
      'Functions 11',
      'Data segments 1',
    ],
  );
  const [exports] = symbols;
  assert.deepEqual(
    exports.children?.slice(0, 3).map(({ name, detail }) => `${name}: ${detail}`),
    ['memory: memory', 'increment: stateful', 'reset: stateful'],
  );
});

test('ranges nest, and a function spans its body', async () => {
  const doc = await documentOf(COUNTER);
  for (const { range, selectionRange, children = [] } of documentSymbols(doc)) {
    assert.ok(selectionRange.start.line >= range.start.line && selectionRange.end.line <= range.end.line);
    for (const child of children)
      assert.ok(child.range.start.line >= range.start.line && child.range.end.line <= range.end.line);
  }
  const bump = documentSymbols(doc).find(({ name }) => name === 'Functions')?.children?.[1];
  assert.match(textIn(doc, bump?.selectionRange) ?? '', /^\(func \$bump/);
  assert.equal(bump!.range.end.line - bump!.range.start.line, 6);
});

test('groups are bounded', async () => {
  const doc = await documentOf(`(module ${'(func)'.repeat(5002)})`);
  const [functions] = documentSymbols(doc);
  assert.equal(functions.detail, '5,002');
  assert.equal(functions.children?.length, 5001);
  assert.equal(functions.children?.at(-1)?.name, '2 more');
});
