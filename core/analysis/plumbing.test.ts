import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { plumbingOf } from './plumbing.ts';
import { analyseWat } from './testing/facts.ts';

async function folded(text: string): Promise<string[]> {
  const { module, analysis } = await analyseWat(text);
  return [...plumbingOf(module, analysis)].map((position) => analysis.exports[position].name).sort();
}

const BUMP = `(memory 1) (global $top (mut i32) (i32.const 1024))
  (func (export "malloc") (param i32) (result i32) (local i32)
    (local.set 1 (global.get $top)) (global.set $top (i32.add (global.get $top) (local.get 0))) (local.get 1))`;

describe('exports that lists fold away', () => {
  test('an allocator, an initialiser and helpers of bindings, but not the API', async () => {
    const text = `(module ${BUMP}
      (func (export "free") (param i32))
      (func (export "_initialize"))
      (func (export "__wbindgen_add_to_stack_pointer") (param i32) (result i32) (local.get 0))
      (func (export "greet") (param i32 i32) (i32.store8 (local.get 0) (i32.const 72))))`;
    assert.deepEqual(await folded(text), ['__wbindgen_add_to_stack_pointer', '_initialize', 'free', 'malloc']);
  });

  test('nothing of a module that is an allocator', async () => {
    assert.deepEqual(await folded(`(module ${BUMP} (func (export "used") (result i32) (global.get $top)))`), []);
    assert.deepEqual(await folded(`(module ${BUMP} (func (export "free") (param i32)))`), []);
  });

  test('its initialiser is folded all the same', async () => {
    assert.deepEqual(await folded(`(module ${BUMP} (func (export "_initialize")))`), ['_initialize']);
  });

  test('nothing of a program', async () => {
    assert.deepEqual(await folded('(module (func (export "_start")))'), []);
  });

  test('a name alone makes no allocator', async () => {
    const text = `(module (func (export "list_alloc") (result i32) (i32.const 0)) (func (export "malloc") (result i32) (i32.const 0))
      (func (export "free_memory_report") (param i32)))`;
    assert.deepEqual(await folded(text), []);
  });
});
