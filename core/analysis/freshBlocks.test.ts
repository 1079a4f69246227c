/** Which blocks are fresh: those that a call has just allocated, as long as nobody else can know them. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { effectsOf } from './queries.ts';
import { analyseWat, effectText } from './testing/facts.ts';

const ALLOCATOR = `(memory 1) (global $heap (mut i32) (i32.const 4096)) (global $kept (mut i32) (i32.const 0))
    (func $malloc (param i32) (result i32) (local i32)
      (local.set 1 (global.get $heap)) (global.set $heap (i32.add (global.get $heap) (local.get 0))) (local.get 1))`;

/** Where the export of a module writes, and the module behind its allocator. */
const CASES: Readonly<Record<string, [writes: string, source: string]>> = {
  'a block that nobody knows': ['fresh', '(func (export "f") (i32.store (call $malloc (i32.const 8)) (i32.const 1)))'],
  'none that is kept in a global': [
    'unknown',
    `(func (export "f") (local $p i32)
      (global.set $kept (local.tee $p (call $malloc (i32.const 8))))
      (i32.store (local.get $p) (i32.const 1)))`,
  ],
  'none that may be a value which is kept': [
    'unknown',
    `(func $pick (param i32 i32 i32) (result i32) (select (local.get 0) (local.get 1) (local.get 2)))
    (func (export "f") (param $c i32) (local $p i32)
      (local.set $p (call $malloc (i32.const 8)))
      (global.set $kept (call $pick (local.get $p) (i32.load (i32.load (global.get $kept))) (local.get $c)))
      (i32.store (local.get $p) (i32.const 1)))`,
  ],
  'none that a callee behind a table may return': [
    'unknown',
    `(type $one (func (param i32) (result i32)))
    (table 2 2 funcref) (elem (i32.const 0) func $same $other)
    (func $same (type $one) (local.get 0))
    (func $other (type $one) (i32.load (i32.load (global.get $kept))))
    (func (export "f") (param $c i32) (local $p i32)
      (local.set $p (call $malloc (i32.const 8)))
      (global.set $kept (call_indirect (type $one) (local.get $p) (local.get $c)))
      (i32.store (local.get $p) (i32.const 1)))`,
  ],
  'one that is passed to a callee which returns something else': [
    'fresh',
    `(func $length (param i32) (result i32) (i32.load offset=4 (local.get 0)))
    (func (export "f") (local $p i32)
      (local.set $p (call $malloc (i32.const 8)))
      (global.set $kept (call $length (local.get $p)))
      (i32.store (local.get $p) (i32.const 1)))`,
  ],
};

describe('fresh blocks', () => {
  for (const [name, [writes, source]] of Object.entries(CASES))
    test(name, async () => {
      const { analysis } = await analyseWat(`(module ${ALLOCATOR} ${source})`);
      const [{ func }] = analysis.exports;
      const texts = effectsOf(analysis, func).map((id) => effectText(analysis.effects[id]));
      assert.deepEqual(
        texts.filter((text) => text.startsWith('write memory[0]')),
        [`write memory[0] ${writes}`],
      );
    });
});
