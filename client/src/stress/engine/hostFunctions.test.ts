/** What imported functions get under stress: WASI without a world, stubs, functions of the user. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { explored, failure } from '../testing/run.ts';

const WASI = `(module
  (import "wasi_snapshot_preview1" "random_get" (func $random (param i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "clock_time_get" (func $clock (param i32 i64 i32) (result i32)))
  (import "wasi_snapshot_preview1" "fd_write" (func $write (param i32 i32 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "path_open" (func $open (param i32 i32 i32 i32 i32 i64 i64 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "args_sizes_get" (func $args (param i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "proc_exit" (func $exit (param i32)))
  (memory (export "memory") 1)
  (data (i32.const 0) "\\10\\00\\00\\00\\05\\00\\00\\00") (data (i32.const 16) "hello")
  (func (export "random") (result i64) (i64.store (i32.const 100) (i64.const -1)) (drop (call $random (i32.const 100) (i32.const 8))) (i64.load (i32.const 100)))
  (func (export "random_at") (param i32) (result i32) (call $random (local.get 0) (i32.const 8)))
  (func (export "time") (result i64) (drop (call $clock (i32.const 0) (i64.const 1) (i32.const 200))) (i64.load (i32.const 200)))
  (func (export "print") (result i32) (call $write (i32.const 1) (i32.const 0) (i32.const 1) (i32.const 300)))
  (func (export "open") (result i32) (call $open (i32.const 3) (i32.const 0) (i32.const 16) (i32.const 5) (i32.const 0) (i64.const 0) (i64.const 0) (i32.const 0) (i32.const 400)))
  (func (export "args") (result i32) (drop (call $args (i32.const 500) (i32.const 504))) (i32.load (i32.const 500)))
  (func (export "exit") (call $exit (i32.const 3)))
  (func (export "beyond") (result i32) (call $random (i32.const 70000) (i32.const 8))))`;

describe('WASI', () => {
  test('has no randomness, no running clock, no files', async () => {
    const result = await explored(WASI, {
      callers: [[['random'], ['time'], ['time'], ['print'], ['open'], ['args'], ['exit'], ['beyond']]],
    });
    const [random, first, second, print, open, args, exit, beyond] = result.outcomes.examples[0].results[0];
    assert.deepEqual([random, print, open, args, exit], ['0', '0', '8', '1', 'trap: exit(3)']);
    assert.equal(first, second);
    assert.equal(beyond, '21');
    assert.equal(result.imports.wasi.length, 6);
  });

  test('gives the clock, randomness and arguments that a scenario grants', async () => {
    const result = await explored(WASI, {
      callers: [[['random'], ['time'], ['args']]],
      wasi: { clock: true, random: true, args: ['a', 'b', 'c'] },
    });
    assert.deepEqual(result.outcomes.examples[0].results[0], [String(0x0707070707070707n), '42', '3']);
  });

  test('writes into memory for the caller: two that share a buffer race there, and on the random source of wazero', async () => {
    const shared = await explored(WASI, { callers: [[['random_at', 1000]], [['random_at', 1000]]] });
    assert.deepEqual(new Set(shared.races.map(({ kind }) => kind)), new Set(['memory', 'host']));
    const apart = await explored(WASI, { callers: [[['random_at', 1000]], [['random_at', 2000]]] });
    assert.deepEqual(new Set(apart.races.map(({ kind }) => kind)), new Set(['host']));
    const clock = await explored(WASI, { callers: [[['print']], [['args']]] });
    assert.equal(clock.verdict, 'safe');
  });
});

const IMPORTS = `(module (import "env" "add" (func $add (param i32 i32) (result i32))) (import "env" "pair" (func $pair (result i64 f32)))
  (func (export "f") (param i32) (result i32) (call $add (local.get 0) (i32.const 2)))
  (func (export "g") (result i64 f32) (call $pair)))`;

describe('imports', () => {
  test('without a module return zero of their types', async () => {
    const result = await explored(IMPORTS, { callers: [[['f', 40], ['g']]] });
    assert.deepEqual(result.outcomes.examples[0].results[0], ['0', '(0, 0)']);
    assert.deepEqual(result.imports.stubbed, ['env.add', 'env.pair']);
  });

  const file = { imports: { module: 'given.js' } } as const;

  test('are those of a JavaScript module', async () => {
    const given = { env: { add: (a: number, b: number) => a + b, pair: () => [7n, 1.5] } };
    const result = await explored(IMPORTS, { ...file, callers: [[['f', 40], ['g']]] }, { imports: given });
    assert.deepEqual(result.outcomes.examples[0].results[0], ['42', '(7, 1.5)']);
  });

  test('that it lacks, or that are no functions, are named', async () => {
    const lacking = await failure(IMPORTS, { ...file, callers: [[['g']]] }, { imports: { env: { add: () => 0 } } });
    assert.deepEqual(
      [lacking.kind, /given\.js has no function for the import env\.pair/.test(lacking.message)],
      ['imports', true],
    );
    const wrong = await failure(
      IMPORTS,
      { ...file, callers: [[['g']]] },
      { imports: { env: { add: 1, pair: () => 0 } } },
    );
    assert.match(wrong.message, /env\.add is number, not a function/);
  });

  test('with names that JavaScript has uses for are names like any other', async () => {
    const result = await explored(
      `(module (import "__proto__" "toString" (func $a (result i32))) (import "wasi_snapshot_preview1" "constructor" (func $b (result i32)))
        (import "hazards:" "access" (func $c (result i32)))
        (func (export "f") (result i32) (i32.add (call $a) (i32.add (call $b) (call $c)))))`,
      { callers: [[['f']]] },
    );
    assert.deepEqual(result.outcomes.examples[0].results, [['0']]);
    assert.equal(result.imports.stubbed.length, 3);
    assert.equal(Object.hasOwn(Object.prototype, 'access'), false);
  });

  test('that throw or are asynchronous end the call', async () => {
    const given = {
      env: {
        add() {
          throw new Error('no sums today');
        },
        pair: async () => [1n, 2],
      },
    };
    const result = await explored(IMPORTS, { ...file, callers: [[['f', 1], ['g']]] }, { imports: given });
    const [thrown, promised] = result.outcomes.examples[0].results[0];
    assert.match(thrown, /trap: env\.add: no sums today/);
    assert.match(promised, /asynchronous imports are not supported/);
  });
});
