/** Imported functions under stress: WASI without access to the world, stubs, functions of the user. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Call } from '../scenario/steps.ts';
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

  test('gives each caller its own clock and bytes, so that outcomes depend on the order alone', async () => {
    let drawn = 0;
    const world = { nanoseconds: () => BigInt(++drawn), random: (bytes: Uint8Array) => void bytes.fill(++drawn) };
    const result = await explored(
      WASI,
      { callers: [[['time'], ['time']], [['time']]], wasi: { clock: true, random: true } },
      { environment: { world } },
    );
    assert.equal(result.exhaustive, true);
    // Outcomes differ only in which caller wrote the common place last.
    assert.equal(result.outcomes.serial, 2);
    assert.equal(new Set(result.outcomes.examples.map(({ results }) => String(results))).size, 1);
    assert.ok(result.notes.some((note) => note.startsWith('Clock and random values were read once')));
  });

  test('leaves nothing behind for the next execution', async () => {
    const source = `(module (import "wasi_snapshot_preview1" "args_get" (func $args (param i32 i32) (result i32)))
      (memory (export "memory") 1)
      (func (export "f") (result i32) (i32.load8_u (i32.const 3000)) (drop (call $args (i32.const 0) (i32.const 2000))))
      (func (export "g") (i32.store (i32.const 0) (i32.const 1))))`;
    const args = ['a'.repeat(2000)];
    const result = await explored(source, { callers: [[['f']], [['g'], ['g']]], wasi: { args } });
    assert.deepEqual(new Set(result.outcomes.examples.map(({ results }) => results[0][0])), new Set(['0']));
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
    assert.ok(result.notes.some((note) => note.startsWith('Each call of a function of given.js is one step')));
  });

  test('that the module lacks, or that are not functions, are named', async () => {
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

  test('may have names with a meaning in JavaScript', async () => {
    const result = await explored(
      `(module (import "__proto__" "toString" (func $a (result i32))) (import "wasi_snapshot_preview1" "constructor" (func $b (result i32)))
        (import "hazards:" "access" (func $c (result i32))) (memory 1)
        (func (export "f") (result i32) (i32.add (call $a) (i32.add (call $b) (call $c)))))`,
      { callers: [[['f']]] },
    );
    assert.deepEqual(result.outcomes.examples[0].results, [['0']]);
    assert.equal(result.imports.stubbed.length, 3);
    assert.equal(Object.hasOwn(Object.prototype, 'access'), false);
  });

  test('that return a value of the wrong type end the call, and say so', async () => {
    const source = `(module (import "env" "wide" (func $wide (result i64))) (import "env" "pair" (func $pair (result i32 i32)))
      (import "env" "number" (func $number (result i32))) (import "env" "reference" (func $reference (result funcref)))
      (import "env" "nothing" (func $nothing (result f64))) (import "env" "void" (func $void))
      (func (export "wide") (result i64) (call $wide)) (func (export "pair") (result i32 i32) (call $pair))
      (func (export "number") (result i32) (call $number)) (func (export "reference") (result i32) (ref.is_null (call $reference)))
      (func (export "nothing") (result f64) (call $nothing)) (func (export "void") (call $void)))`;
    const env = {
      wide: () => 5,
      pair: () => [1],
      number: () => 5n,
      reference: () => ({}),
      nothing() {},
      void: () => 7,
    };
    const calls = ['wide', 'pair', 'number', 'reference', 'nothing', 'void'].map((name): Call => [name]);
    const result = await explored(source, { ...file, callers: [calls] }, { imports: { env } });
    assert.deepEqual(result.outcomes.examples[0].results[0], [
      'trap: env.wide: it returned a value of type number for an i64: return a BigInt',
      'trap: env.pair: it returned 1 values for 2 results',
      'trap: env.number: it returned a value of type bigint for an i32',
      'trap: env.reference: it returned a value of type object for a reference: only null and exported functions are possible',
      'nan',
      '()',
    ]);
  });

  test('see the memory of the caller, and what they write there is undone', async () => {
    const source = `(module (import "env" "bump" (func $bump)) (memory (export "memory") 1)
      (func (export "f") (result i32) (call $bump) (i32.load (i32.const 8))) (func (export "nop")))`;
    const env = {
      bump(this: { memory: { buffer: ArrayBuffer } }) {
        const words = new Int32Array(this.memory.buffer);
        words[2]++;
      },
    };
    const result = await explored(source, { ...file, callers: [[['f']], [['nop']]] }, { imports: { env } });
    assert.ok(result.explored.schedules > 1);
    assert.deepEqual(
      result.outcomes.examples.map(({ results }) => results[0]),
      [['1']],
    );
  });

  test('a promise that fails later does not end the thread', async () => {
    const unhandled: unknown[] = [];
    const note = (reason: unknown) => void unhandled.push(reason);
    process.on('unhandledRejection', note);
    const env = { add: async () => Promise.reject(new Error('late')), pair: () => [1n, 2] };
    const result = await explored(IMPORTS, { ...file, callers: [[['f', 1]]] }, { imports: { env } });
    await new Promise((resolve) => setImmediate(resolve));
    process.off('unhandledRejection', note);
    assert.match(result.outcomes.examples[0].results[0][0], /returned a promise, so it suspends its caller/);
    assert.deepEqual(unhandled, []);
  });

  test('with types that JavaScript does not have can be imported, and say so when they are called', async () => {
    const result = await explored(
      `(module (import "env" "vector" (func $v (param v128) (result v128))) (import "env" "object" (func $o (result (ref extern))))
        (func (export "f") (drop (call $v (v128.const i64x2 0 0)))) (func (export "g") (drop (call $o))) (func (export "h") (result i32) i32.const 1))`,
      { callers: [[['f'], ['g'], ['h']]] },
    );
    const [vector, object, plain] = result.outcomes.examples[0].results[0];
    assert.match(vector, /^trap: env\.vector: no JavaScript function can have its type/);
    assert.match(object, /^trap: env\.object: no stub can return a non-null reference/);
    assert.equal(plain, '1');
  });

  test('twice by one name with two types are two functions', async () => {
    const result = await explored(
      `(module (import "e" "m" (func $a (result i32))) (import "e" "m" (func $b (result i64)))
        (func (export "f") (result i32) (call $a)) (func (export "g") (result i64) (call $b)))`,
      { callers: [[['f'], ['g']]] },
    );
    assert.deepEqual(result.outcomes.examples[0].results, [['0', '0']]);
  });

  test('thread-spawn starts nothing and says so', async () => {
    const result = await explored(
      `(module (import "wasi" "thread-spawn" (func $spawn (param i32) (result i32)))
        (func (export "f") (result i32) (call $spawn (i32.const 0))))`,
      { callers: [[['f']]] },
    );
    assert.deepEqual(result.outcomes.examples[0].results, [['-1']]);
    assert.ok(result.notes.includes('wasi.thread-spawn starts no thread and returns -1.'));
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
    assert.match(promised, /returned a promise, so it suspends its caller/);
  });
});
