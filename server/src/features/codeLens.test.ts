import assert from 'node:assert/strict';
import { test } from 'node:test';
import { COUNTER, documentOf, textIn } from '../testing/testDocument.ts';
import { codeLenses } from './codeLens.ts';

test('each exported function has its class and conflicts', async () => {
  const doc = await documentOf(COUNTER);
  const lenses = codeLenses(doc);
  assert.deepEqual(
    lenses
      .filter(({ command }) => command?.command === 'wasm-hazards.showExport')
      .map(({ range, command }) => [textIn(doc, range), command?.title])
      .slice(0, 4),
    [
      ['(export "increment" (func $increment))', 'stateful, thread-hostile, conflicts with itself and 3 other exports'],
      ['(export "reset" (func $reset))', 'stateful, thread-hostile, conflicts with itself and 3 other exports'],
      ['(export "get" (func $get))', 'reads only, thread-hostile, conflicts with 3 exports'],
      ['(export "add" (func $add))', 'pure, thread-safe, no conflict found'],
    ],
  );
  assert.deepEqual(lenses[0].command, {
    title: lenses[0].command?.title,
    command: 'wasm-hazards.showExport',
    arguments: [doc.uri, 'increment'],
  });
  assert.deepEqual(lenses[1], {
    range: lenses[0].range,
    command: { title: 'Stress test', command: 'wasm-hazards.stressExport', arguments: [doc.uri, 'increment'] },
  });
  // What is about the module stands once, at the first export.
  const wrapping = lenses.filter(({ command }) => command?.command === 'wasm-hazards.generateWrapper');
  assert.deepEqual(
    wrapping.map(({ range, command }) => [range, command?.arguments]),
    [[lenses[0].range, [doc.uri]]],
  );
  assert.equal(lenses.length, 2 * doc.analysis.exports.length + 1);
});

test('elided functions can be opened', async () => {
  const doc = await documentOf(COUNTER, { bodyBudget: 0 });
  const bodies = codeLenses(doc).filter(({ command }) => command?.command === 'wasm-hazards.showBody');
  assert.equal(bodies.length, 11);
  assert.equal(bodies[1].command?.title, 'Show body (5 instructions)');
  assert.deepEqual(bodies[1].command?.arguments, [doc.uri, 2]);
});

test('they can be switched off, and are bounded', async () => {
  const off = await documentOf(COUNTER, { settings: { codeLens: 'none' } });
  assert.deepEqual(codeLenses(off), []);
  const many = await documentOf(
    `(module ${Array.from({ length: 2500 }, (_, i) => `(func (export "f${i}"))`).join('\n')})`,
    { bodyBudget: 0 },
  );
  assert.equal(codeLenses(many).length, 4001);
});
