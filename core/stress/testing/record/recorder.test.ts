/** The recorder itself: what it sees, and since when others can know a block. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { parse } from '@bytecodealliance/jco-transpile/wasm-tools';
import { analyseBytes } from '../../../analysis/testing/facts.ts';
import { RecordedInstance } from './recordedInstance.ts';
import type { AllocatorRole, RecordedCall } from './recorder.ts';

const RUNTIME = `(memory (export "memory") 1) (global $__stack_pointer (mut i32) (i32.const 4096))
  (global $brk (mut i32) (i32.const 8192)) (global $kept (mut i32) (i32.const 0))
  (func $malloc (export "malloc") (param $n i32) (result i32)
    (global.get $brk) (global.set $brk (i32.add (global.get $brk) (local.get $n))))
  (func $free (export "free") (param i32))`;

/** The calls of all functions when `f` is called, innermost first, and the names of the functions. */
async function callsOf(functions: string, args: number[] = []): Promise<(RecordedCall & { name: string })[]> {
  const { module, analysis } = analyseBytes(await parse(`(module ${RUNTIME} ${functions})`));
  const calls: RecordedCall[] = [];
  const allocators = new Map<number, AllocatorRole>([
    [0, { does: 'allocate', size: 0 }],
    [1, { does: 'free', block: 0 }],
  ]);
  const watched = Array.from(module.functions.typeIndex, (_, func) => func);
  const instance = new RecordedInstance(module, analysis, { watched, allocators, onCall: (call) => calls.push(call) });
  instance.call('f', args);
  return calls.map((call) => ({ ...call, name: module.names.functions.get(call.func) ?? '' }));
}

/** Accesses of memory in the call of a function: `write 8192` and, in a fresh block, `write 8192 fresh`. */
async function accessesIn(name: string, functions: string, args?: number[]): Promise<string[]> {
  const call = (await callsOf(functions, args)).find((one) => one.name === name);
  assert.ok(call, name);
  return call.accesses.flatMap(({ kind, access, start, fresh }) =>
    kind === 'memory' ? [`${access} ${start}${fresh ? ' fresh' : ''}`] : [],
  );
}

const f = (code: string, more = '(local $p i32)') => `(func $f (export "f") ${more} ${code})`;
const ALLOCATE = '(local.set $p (call $malloc (i32.const 16)))';
const USE = '(i32.store offset=8 (local.get $p) (i32.const 1))';

describe('what is seen', () => {
  test('calls with arguments, and the stack pointer in them', async () => {
    const frame = '(global.set $__stack_pointer (i32.sub (global.get $__stack_pointer) (i32.const 16)))';
    const calls = await callsOf(
      `(func $g (param i32 i64) ${frame}) ${f(`${frame} (call $g (local.get $p) (i64.const 9))`, '(param $p i32)')}`,
      [7],
    );
    assert.deepEqual(
      calls.map(({ name, args, depth, stack, lowestStack }) => [name, args, depth, stack, lowestStack]),
      [
        ['g', [7, 9], 1, 4080, 4064],
        ['f', [7], 0, 4096, 4064],
      ],
    );
  });

  test('every width, atomics, ranges, and nothing of what traps', async () => {
    const code = `(i64.store offset=4 (i32.const 16) (i64.const 0)) (drop (i32.load8_u (i32.const 3)))
      (drop (i32.atomic.rmw.add (i32.const 64) (i32.const 1))) (memory.copy (i32.const 128) (i32.const 256) (i32.const 5))
      (memory.fill (i32.const 128) (i32.const 0) (i32.const 0)) (i32.store (i32.const 65534) (i32.const 0))`;
    const [{ accesses }] = await callsOf(f(code));
    assert.deepEqual(
      accesses.map(({ access, start, end }) => `${access} ${start}-${end}`),
      ['write 20-28', 'read 3-4', 'atomic-write 64-68', 'read 256-261', 'write 128-133'],
    );
  });
});

describe('a block is fresh', () => {
  test('until its address is in static data, a global or an argument’s object', async () => {
    for (const keep of [
      '(i32.store (i32.const 64) (local.get $p))',
      '(global.set $kept (local.get $p))',
      '(i64.store (i32.const 64) (i64.extend_i32_u (local.get $p)))',
      '(drop (i32.atomic.rmw.xchg (i32.const 64) (local.get $p)))',
    ]) {
      const seen = await accessesIn('f', f(`${ALLOCATE} ${USE} ${keep} ${USE}`));
      assert.ok(seen.includes('write 8200 fresh') && seen.includes('write 8200'), `${keep}: ${seen}`);
    }
  });

  test('while its address is in a frame of the call or in another fresh block', async () => {
    const push = '(global.set $__stack_pointer (i32.sub (global.get $__stack_pointer) (i32.const 16)))';
    const inFrame = '(i32.store (global.get $__stack_pointer) (local.get $p))';
    assert.deepEqual(await accessesIn('f', f(`${push} ${ALLOCATE} ${inFrame} ${USE}`)), [
      'write 4080',
      'write 8200 fresh',
    ]);
    const second = '(i32.store (call $malloc (i32.const 8)) (local.get $p))';
    assert.deepEqual(await accessesIn('f', f(`${ALLOCATE} ${second} ${USE}`)), [
      'write 8208 fresh',
      'write 8200 fresh',
    ]);
  });

  test('not any more when the block that leads to it is not', async () => {
    const code = `${ALLOCATE} (local.set $q (call $malloc (i32.const 8))) (i32.store (local.get $q) (local.get $p))
      (global.set $kept (local.get $q)) ${USE}`;
    assert.ok((await accessesIn('f', f(code, '(local $p i32) (local $q i32)'))).includes('write 8200'));
  });

  test('of the call that allocates it and those around, not of those that get it', async () => {
    const functions = `(func $use (param $p i32) ${USE})
      (func $make (result i32) (local $p i32) ${ALLOCATE} ${USE} (local.get $p))
      ${f('(local.set $p (call $make)) (call $use (local.get $p))')}`;
    assert.deepEqual(await accessesIn('make', functions), ['write 8200 fresh']);
    assert.deepEqual(await accessesIn('use', functions), ['write 8200']);
    assert.deepEqual(await accessesIn('f', functions), ['write 8200 fresh', 'write 8200 fresh']);
  });

  test('when a frame of its caller holds its address, of the caller only', async () => {
    const push = '(global.set $__stack_pointer (i32.sub (global.get $__stack_pointer) (i32.const 16)))';
    const functions = `(func $make (param $out i32) (local $p i32) ${ALLOCATE} (i32.store (local.get $out) (local.get $p)) ${USE})
      ${f(`${push} (call $make (global.get $__stack_pointer)) (local.set $p (i32.load (global.get $__stack_pointer))) ${USE}`)}`;
    assert.deepEqual(await accessesIn('make', functions), ['write 4080', 'write 8200']);
    assert.ok((await accessesIn('f', functions)).includes('write 8200 fresh'));
  });
});
