/** Races with functions of hosts that runs show: the analysis predicts each of them. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { parse } from '@bytecodealliance/jco-transpile/wasm-tools';
import type { Call } from '../scenario/steps.ts';
import { explored } from '../testing/run.ts';
import { unpredictedRaces } from '../testing/staticConflicts.ts';

const MODULE = `(module
  (import "wasi_snapshot_preview1" "random_get" (func $random (param i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "fd_write" (func $write (param i32 i32 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "fd_read" (func $read (param i32 i32 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "environ_sizes_get" (func $sizes (param i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "poll_oneoff" (func $poll (param i32 i32 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "path_unlink_file" (func $unlink (param i32 i32 i32) (result i32)))
  (import "env" "emscripten_memcpy_js" (func $copy (param i32 i32 i32)))
  (import "env" "emscripten_resize_heap" (func $resize (param i32) (result i32)))
  (import "env" "invoke_v" (func $invoke (param i32)))
  (memory (export "memory") 1 4) (table (export "__indirect_function_table") 2 funcref) (elem (i32.const 1) $set)
  (data (i32.const 16) "\\80\\00\\00\\00\\05\\00\\00\\00")
  (func $set (i32.store (i32.const 700) (i32.const 1)))
  (func $fill (param i32 i32) (drop (call $random (local.get 0) (local.get 1))))
  (func (export "fixed") (drop (call $random (i32.const 100) (i32.const 8))))
  (func (export "fill") (param i32 i32) (call $fill (local.get 0) (local.get 1)))
  (func (export "print") (drop (call $write (i32.const 1) (i32.const 16) (i32.const 1) (i32.const 64))))
  (func (export "sizes") (param i32) (drop (call $sizes (local.get 0) (i32.add (local.get 0) (i32.const 4)))))
  (func (export "sleep") (drop (call $poll (i32.const 800) (i32.const 900) (i32.const 1) (i32.const 1000))))
  (func (export "unlink") (param i32) (drop (call $unlink (i32.const 3) (local.get 0) (i32.const 4))))
  (func (export "copy") (param i32 i32) (call $copy (local.get 0) (local.get 1) (i32.const 24)))
  (func (export "grow") (drop (call $resize (i32.const 100000))))
  (func (export "invoke") (call $invoke (i32.const 1)))
  (func (export "load") (param i32) (result i32) (i32.load (local.get 0)))
  (func (export "store") (param i32) (i32.store (local.get 0) (i32.const 7))))`;

/** A call, the other one that meets it, and the kind of the race. */
const CASES: readonly [what: string, call: Call, other: Call, kind: string][] = [
  ['random bytes at a constant address', ['fixed'], ['load', 104], 'memory'],
  ['random bytes where the argument says', ['fill', 300, 40], ['load', 336], 'memory'],
  ['the list of buffers', ['print'], ['store', 16], 'memory'],
  ['the buffers of the list', ['print'], ['store', 128], 'memory'],
  ['the number of bytes', ['print'], ['load', 64], 'memory'],
  ['a result behind the pointer', ['sizes', 500], ['load', 504], 'memory'],
  ['subscriptions', ['sleep'], ['store', 844], 'memory'],
  ['events', ['sleep'], ['load', 928], 'memory'],
  ['a path', ['unlink', 600], ['store', 600], 'memory'],
  ['the source of a copy', ['copy', 1200, 1100], ['store', 1120], 'memory'],
  ['the target of a copy', ['copy', 1200, 1100], ['load', 1220], 'memory'],
  ['growth', ['grow'], ['load', 0], 'memory.grow'],
  ['a function in the table', ['invoke'], ['load', 700], 'memory'],
];

describe('races with functions of hosts are predicted', () => {
  for (const [what, call, other, kind] of CASES)
    test(what, async () => {
      const bytes = await parse(MODULE);
      const callers = [[call], [other]];
      const result = await explored(MODULE, { callers });
      assert.ok(
        result.races.some((race) => race.kind === kind),
        JSON.stringify(result.races.map((race) => race.kind)),
      );
      assert.deepEqual(unpredictedRaces(bytes, callers, result), []);
    });
});
