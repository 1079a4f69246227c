import assert from 'node:assert/strict';
import { test } from 'node:test';
import { COUNTER, documentOf, textIn } from '../testing/testDocument.ts';
import { codeLenses } from './codeLens.ts';

test('each export that conflicts tells with what', async () => {
  const doc = await documentOf(COUNTER);
  const lenses = codeLenses(doc);
  assert.deepEqual(
    lenses
      .filter(({ command }) => command?.command === 'wasm-hazards.showExport')
      .map(({ range, command }) => [textIn(doc, range), command?.title])
      .slice(0, 4),
    [
      ['(export "increment" (func $increment))', 'Conflicts with itself and 3 other exports'],
      ['(export "reset" (func $reset))', 'Conflicts with itself and 3 other exports'],
      ['(export "get" (func $get))', 'Conflicts with 3 other exports'],
      ['(export "apply" (func $apply))', 'Conflicts with itself and 3 other exports'],
    ],
  );
  const increment = lenses.filter(({ command }) => command?.arguments?.[1] === 'increment');
  assert.deepEqual(
    increment.map(({ command }) => [command?.command, command?.arguments]),
    [
      ['wasm-hazards.showExport', [doc.uri, 'increment']],
      ['wasm-hazards.stressExport', [doc.uri, 'increment']],
    ],
  );
  const { length } = doc.analysis.exports;
  assert.equal(codeLenses(await documentOf(COUNTER, { settings: { codeLens: 'all' } })).length, 2 * length + 5);
});

test('the module has its verdict, and what to do', async () => {
  const doc = await documentOf(COUNTER);
  const module = codeLenses(doc).slice(0, 5);
  assert.deepEqual(
    module.map(({ range, command }) => [textIn(doc, range), command?.title, command?.command]),
    [
      ['module', 'Not safe on one instance', 'wasm-hazards.openReport'],
      ['module', 'Generate wrapper', 'wasm-hazards.generateWrapper'],
      ['module', 'Stress test', 'wasm-hazards.stressModule'],
      ['module', 'Report', 'wasm-hazards.openReport'],
      [
        'module',
        'It keeps $counter, static data and a stack. Give each goroutine an instance, or use a lock',
        'wasm-hazards.openReport',
      ],
    ],
  );
  assert.equal(
    module[0].command?.tooltip,
    'Not safe on one instance: it keeps $counter, static data and a stack. Give each goroutine an instance, or use a lock.',
  );
});

test('an allocator and a stack are what a pool is for', async () => {
  const doc = await documentOf(`(module (memory 1) (global $__stack_pointer (mut i32) (i32.const 4096))
    (func (export "f") (local i32)
      (local.set 0 (i32.sub (global.get $__stack_pointer) (i32.const 16)))
      (global.set $__stack_pointer (local.get 0))
      (i32.store (local.get 0) (i32.const 7))
      (global.set $__stack_pointer (i32.add (local.get 0) (i32.const 16)))))`);
  const [verdict, pool, , , why] = codeLenses(doc);
  assert.equal(verdict.command?.title, 'Not safe on one instance');
  assert.equal(why.command?.title, 'It keeps a stack. Give each goroutine an instance');
  assert.deepEqual(
    [pool.command?.title, pool.command?.arguments],
    ['Generate pool', [doc.uri, null, { kind: 'pool' }]],
  );
});

test('a verdict whose reason qualifies it is not taken apart', async () => {
  const doc = await documentOf('(module (func (export "f") (result i32) (i32.const 1)))', {
    host: 'wasmtime',
    model: 'shared-instance',
  });
  const [verdict] = codeLenses(doc);
  assert.match(
    verdict.command?.title ?? '',
    /^No conflict found in the module, but .+ does not permit concurrent calls/,
  );
});

test('plumbing, and what conflicts with many others in a large module, has no lens', async () => {
  const exports = Array.from({ length: 12 }, (_, i) => `(func (export "put${i}") (global.set $all (i32.const ${i})))`);
  const doc = await documentOf(`(module (global $all (mut i32) (i32.const 0)) (global $own (mut i32) (i32.const 0))
    ${exports.join('\n')}
    (func (export "count") (global.set $own (i32.const 1)))
    (func (export "__wbindgen_free") (param i32 i32 i32) (global.set $all (i32.const 0))))`);
  const told = codeLenses(doc).filter(({ command }) => command?.command === 'wasm-hazards.showExport');
  assert.deepEqual(
    told.map(({ command }) => [command?.arguments?.[1], command?.title]),
    [['count', 'Conflicts with itself']],
  );
});

test('a name that looks like an icon is no icon', async () => {
  const doc = await documentOf(
    '(module (global $zap (mut i32) (i32.const 0)) (func (export "$(zap)") (global.set $zap (i32.const 1))) (func (export "x") (result i32) (global.get $zap)))',
  );
  const titles = codeLenses(doc).map(({ command }) => command?.title);
  assert.ok(titles.includes('Conflicts with \\$(zap)'), titles.join('\n'));
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
  const kind = (id: string) => codeLenses(many).filter(({ command }) => command?.command === `wasm-hazards.${id}`);
  assert.deepEqual([kind('showExport').length, kind('showBody').length], [0, 2000]);
  const all = { ...many, settings: { ...many.settings, codeLens: 'all' as const } };
  assert.equal(codeLenses(all).length, 4005);
});
