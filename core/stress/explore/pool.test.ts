/** Whether a pool changes what calls mean: addresses are no difference, what they lead to is. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parse } from '@bytecodealliance/jco-transpile/wasm-tools';
import type { Call } from '../scenario/steps.ts';
import { explored } from '../testing/run.ts';

const MODULE = await parse(`(module
  (memory (export "memory") 1)
  (global $next (mut i32) (i32.const 4096))
  (global $calls (mut i32) (i32.const 0))
  (func $malloc (export "malloc") (param $n i32) (result i32)
    (local $p i32)
    (local.set $p (global.get $next))
    (global.set $next (i32.add (local.get $p) (i32.and (i32.add (local.get $n) (i32.const 15)) (i32.const -16))))
    (local.get $p))
  (func $free (export "free") (param i32))
  ;; A new copy of the same text each time.
  (func $version (export "version") (result i32)
    (local $p i32)
    (local.set $p (call $malloc (i32.const 8)))
    (i64.store (local.get $p) (i64.const 0x302e302e31)) ;; "1.0.0"
    (local.get $p))
  (func (export "pair") (result i32 i32) (call $version) (i32.const 5))
  (func (export "packed") (result i64) (i64.or (i64.const 5) (i64.shl (i64.extend_i32_u (call $version)) (i64.const 32))))
  ;; A text that counts the calls.
  (func (export "count") (result i32)
    (local $p i32)
    (global.set $calls (i32.add (global.get $calls) (i32.const 1)))
    (local.set $p (call $malloc (i32.const 8)))
    (i32.store (local.get $p) (i32.add (i32.const 0x303030) (global.get $calls)))
    (local.get $p))
  (func (export "item") (result i32) (call $malloc (i32.const 8)))
  (func (export "ticket") (result i32)
    (global.set $calls (i32.add (global.get $calls) (i32.const 4)))
    (global.get $calls)))`);

for (const [name, differs] of [
  ['version', false],
  ['pair', false],
  ['packed', false],
  ['item', false],
  ['malloc', true],
  ['count', true],
  ['ticket', true],
] as const)
  test(`${name} ${differs ? 'differs' : 'is the same'} on an instance that was used before`, async () => {
    const call: Call = name === 'malloc' ? [name, 8] : [name];
    const { pool } = await explored(MODULE, { callers: [[call], [call]], budget: { schedules: 200 } });
    assert.deepEqual(
      pool.map((one) => one.call),
      differs ? [name === 'malloc' ? 'malloc(8)' : `${name}()`] : [],
    );
  });
