/** What the hammer must not judge: outcomes that differ from serial ones for reasons that are not the module's. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { HammerResult } from '../../core/stress/hammer/hammerResult.ts';
import { hammered, hammeredUntil, twice } from './testing/hammer.ts';

const notJudged = (result: HammerResult, note: RegExp): void => {
  assert.equal(result.verdict, 'not-judged');
  assert.equal(result.hang, null);
  assert.match(result.notes.join(' '), note);
};

test('objects of the garbage-collected heap, which each thread has for itself and nobody takes back', async () => {
  const source = `(module (type $s (struct (field (mut i32)))) (global $o (ref $s) (struct.new $s (i32.const 0)))
    (func (export "inc") (result i32)
      (struct.set $s 0 (global.get $o) (i32.add (i32.const 1) (struct.get $s 0 (global.get $o))))
      (struct.get $s 0 (global.get $o))))`;
  notJudged(await hammered(source, twice('inc')), /structs and arrays/);
});

test('how deep calls nest before the stack is exhausted', async () => {
  const source = `(module (memory 1)
    (func $f (i32.store (i32.const 0) (i32.add (i32.const 1) (i32.load (i32.const 0)))) (call $f))
    (func (export "deep") (call $f)) (func (export "get") (result i32) (i32.load (i32.const 4))))`;
  notJudged(await hammered(source, { callers: [[['deep']], [['get']]] }), /depth at which calls exhaust the stack/);
});

test('calls that wait for each other: no serial order returns, rounds do', async () => {
  const source = `(module (memory 1)
    (func $meet (param i32 i32) (i32.atomic.store (local.get 0) (i32.const 1))
      (loop $l (br_if $l (i32.eqz (i32.atomic.load (local.get 1))))))
    (func (export "a") (call $meet (i32.const 0) (i32.const 64)))
    (func (export "b") (call $meet (i32.const 64) (i32.const 0))))`;
  const result = await hammered(source, { callers: [[['a']], [['b']]] });
  notJudged(result, /In 2 of 2 serial orders a call does not return/);
  assert.ok(result.rounds > 0);
});

test('calls that take long', async () => {
  const source = `(module (func (export "long") (local i32) (local.set 0 (i32.const 25000000))
    (loop $l (br_if $l (local.tee 0 (i32.sub (local.get 0) (i32.const 1)))))))`;
  notJudged(await hammeredUntil(source, twice('long'), ({ rounds }) => rounds > 0), /20 million loop iterations/);
});

test('a hang on what only the thread that sets up has', async () => {
  const source = `(module (table $t 2 funcref) (func $f) (elem declare func $f)
    (func (export "init") (table.set $t (i32.const 0) (ref.func $f)))
    (func (export "use") (loop $l (br_if $l (ref.is_null (table.get $t (i32.const 0)))))))`;
  notJudged(await hammeredUntil(source, { ...twice('use'), setup: [['init']] }, () => false), /A round did not end/);
});

/** Two additions with a frame that keeps what the last one found. */
const framed = (type: string, bytes: number, top: number): string => `(module
  (import "env" "memory" (memory ${type === 'i64' ? 'i64' : ''} 2 2 shared))
  (global $__stack_pointer (export "__stack_pointer") (mut ${type}) (${type}.const ${top}))
  (func $add (i32.store (global.get $__stack_pointer) (i32.atomic.rmw.add (${type}.const 0) (i32.const 1))))
  (func (export "f") (local i32)
    (global.set $__stack_pointer (${type}.sub (global.get $__stack_pointer) (${type}.const ${bytes})))
    (call $add) (local.set 0 (i32.const 3000))
    (loop $l (br_if $l (local.tee 0 (i32.sub (local.get 0) (i32.const 1)))))
    (call $add)
    (global.set $__stack_pointer (${type}.add (global.get $__stack_pointer) (${type}.const ${bytes})))))`;
const OWN_STACKS = { ...twice('f'), model: 'shared-memory', stacks: 'own' } as const;

for (const type of ['i32', 'i64']) {
  test(`frames that calls left on their ${type} stacks are no state`, async () => {
    const result = await hammered(framed(type, 1024, 65536), OWN_STACKS);
    assert.deepEqual([result.verdict, result.seen, result.notes], ['none-seen', 1, []]);
  });
}

test('stacks of callers that overlap', async () => {
  notJudged(await hammered(framed('i32', 16 * 1024 + 16, 65536), OWN_STACKS), /overwrite each other/);
  notJudged(await hammered(framed('i32', 16, 8192), OWN_STACKS), /overwrite each other/);
  notJudged(await hammered(framed('i64', 16, 8192), OWN_STACKS), /overwrite each other/);
});

test('exception references are not read', async () => {
  const source = '(module (global $e (mut exnref) (ref.null exn)) (func (export "f") (global.set $e (ref.null exn))))';
  notJudged(await hammered(source, twice('f')), /globals of reference types: \$e/);
});

test('each caller has its own open files, and a note says so', async () => {
  const source = `(module (import "wasi_snapshot_preview1" "fd_close" (func $close (param i32) (result i32)))
    (memory (export "memory") 1) (func (export "close") (result i32) (call $close (i32.const 1))))`;
  const { notes } = await hammered(source, twice('close'));
  assert.match(
    notes.join(' '),
    /its own open files; only exploration shows how wasi_snapshot_preview1.fd_close affects/,
  );
});
