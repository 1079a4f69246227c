import assert from 'node:assert/strict';
import { test } from 'node:test';
import { COUNTER, cursorAt, documentOf, textIn } from '../../server/src/testing/testDocument.ts';
import { functionAt } from './moduleItems.ts';

const doc = await documentOf(COUNTER);
const { module, map } = doc;

test('an item is found by its offset and by any offset inside of it', () => {
  const increment = module.exports.find(({ name }) => name === 'increment')!;
  assert.equal(textIn(doc, map.rangeOf(increment.offset)), '(export "increment" (func $increment))');
  assert.equal(textIn(doc, map.rangeOf(increment.offset + 3)), '(export "increment" (func $increment))');
  assert.equal(textIn(doc, map.rangeOf(module.globals[0].offset)), '(global $counter (;0;) (mut i32) i32.const 0)');
});

test('an instruction is found by its offset, an immediate by its instruction', () => {
  const offset = map.offsetAt(...cursorAt(doc, 'global.set<|> $counter'))!;
  assert.equal(textIn(doc, map.rangeOf(offset)), 'global.set $counter');
  assert.equal(textIn(doc, map.rangeOf(offset + 1)), 'global.set $counter');
});

test('a function is found by its code entry, and its header knows the entry', () => {
  const { imported, entry } = module.functions;
  assert.match(textIn(doc, map.rangeOf(entry[1])) ?? '', /^\(func \$bump /);
  assert.equal(map.offsetAt(...cursorAt(doc, '(func $b<|>ump')), entry[1]);
  assert.equal(functionAt(module, entry[1]), imported + 1);
});

test('every line with an offset leads back to a line of that offset', () => {
  for (let line = 0; line < doc.lineStarts.length; line++) {
    const offset = map.offsetAt(line, 0);
    if (offset === undefined) continue;
    const range = map.rangeOf(offset)!;
    assert.equal(map.offsetAt(range.start.line, range.start.character), offset);
  }
});

test('offsets that no line shows belong to the module', () => {
  assert.equal(textIn(doc, map.rangeOf(4)), '(module');
  const functionSection = module.sections.find(({ id }) => id === 3)!;
  assert.equal(textIn(doc, map.rangeOf(functionSection.offset)), '(module');
});

test('there is no offset in comments, outside the text, or on the last line', async () => {
  const [line, character] = cursorAt(doc, '(func $bump (;<|>2;)');
  assert.equal(map.offsetAt(line, character), undefined);
  assert.equal(map.offsetAt(-1, 0), undefined);
  assert.equal(map.offsetAt(9999, 0), undefined);
});

test('an offset in an elided body leads to the header of its function', async () => {
  const elided = await documentOf(COUNTER, { bodyBudget: 0 });
  const { bodyStart, imported } = elided.module.functions;
  const offset = bodyStart[1] + 3;
  assert.match(textIn(elided, elided.map.rangeOf(offset)) ?? '', /^\(func \$bump .*\(;5 instructions;\)\)$/);
  assert.equal(elided.map.elidedFunctionOf(offset), imported + 1);
  assert.equal(map.elidedFunctionOf(offset), undefined);
});
