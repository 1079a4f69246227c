/** Advice that is added to the result of a run. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { advisedRun } from './testing/advisedRun.ts';

test('no pool for calls that wait for each other', async () => {
  const module = `(module (memory 1 1 shared) (func (export "wait")
      (drop (memory.atomic.wait32 (i32.const 0) (i32.const 0) (i64.const -1))))
    (func (export "wake") (i32.atomic.store (i32.const 0) (i32.const 1))
      (drop (memory.atomic.notify (i32.const 0) (i32.const 1)))))`;
  const { advice } = await advisedRun(module, { callers: [[['wait']], [['wake']]] });
  assert.ok(!advice.some(({ remedy }) => remedy === 'pool'));
});

test('advice for a race in the host was checked by running it with an instance each', async () => {
  const module = `(module (import "wasi_snapshot_preview1" "random_get" (func $r (param i32 i32) (result i32)))
    (memory (export "memory") 1) (func (export "f") (param i32) (drop (call $r (local.get 0) (i32.const 4)))))`;
  const { advice } = await advisedRun(module, { callers: [[['f', 0]], [['f', 64]]] });
  const host = advice.find(({ remedy }) => remedy === 'host');
  assert.equal(host?.checked.by, 'exploration');
  assert.ok(!advice.some(({ remedy }) => remedy === 'mutex' || remedy === 'pool'));
});
