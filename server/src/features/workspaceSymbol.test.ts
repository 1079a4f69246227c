import assert from 'node:assert/strict';
import { test } from 'node:test';
import { COUNTER, documentOf, textIn } from '../testing/testDocument.ts';
import { workspaceSymbols } from './workspaceSymbol.ts';

const doc = await documentOf(COUNTER);
const names = (query: string): string[] => workspaceSymbols([doc], query, (_, range) => range).map(({ name }) => name);

test('are exports by the letters of their names, then functions inside', () => {
  assert.deepEqual(names('inc'), ['increment']);
  assert.deepEqual(names('bmp'), ['$bump']);
  assert.deepEqual(names('zzz'), []);
});

test('are all exports where nothing is asked', () => {
  assert.equal(names('').length, doc.analysis.exports.length);
});

test('lead to the export in the text of its module', () => {
  const [{ location, containerName }] = workspaceSymbols([doc], 'increment', (_, range) => range);
  assert.ok('range' in location);
  assert.match(textIn(doc, location.range) ?? '', /^\(export "increment"/);
  assert.equal(location.uri, doc.textUri);
  assert.equal(containerName, 'test.wasm');
});

test('are a bounded number', async () => {
  const exports = Array.from({ length: 2000 }, (_, i) => `(export "f${i}" (func 0))`).join(' ');
  const many = await documentOf(`(module ${exports} (func))`);
  assert.equal(workspaceSymbols([many, doc], 'f', (_, range) => range).length, 300);
});
