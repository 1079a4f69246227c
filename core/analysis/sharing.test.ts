/** Shared state that is easy to overlook: results of the host, imported state, stacks, aliases. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { parse } from '@bytecodealliance/jco-transpile/wasm-tools';
import type { HostId } from '../hosts/index.ts';
import type { SharingModel } from '../hosts/profile.ts';
import { decodeModule } from '../wasm/decode.ts';
import { analyse } from './analyse.ts';
import type { Analysis, Confidence } from './model.ts';
import { conflictOf } from './queries.ts';

async function analysisOf(text: string, model: SharingModel, host: HostId = 'wazero'): Promise<Analysis> {
  return analyse(decodeModule(new Uint8Array(await parse(text))), { host, model });
}

function between(analysis: Analysis, a: string, b: string): Confidence | undefined {
  const position = (name: string) => analysis.exports.findIndex((e) => e.name === name);
  return conflictOf(analysis, position(a), position(b), 1)?.confidence;
}

describe('results that WASI writes into memory', () => {
  const CLOCK = `(module
    (import "wasi_snapshot_preview1" "clock_time_get" (func $time (param i32 i64 i32) (result i32)))
    (import "wasi_snapshot_preview1" "random_get" (func $random (param i32 i32) (result i32)))
    (memory (export "memory") 1)
    (func (export "now") (result i64)
      (drop (call $time (i32.const 0) (i64.const 0) (i32.const 1024))) (i64.load (i32.const 1024)))
    (func (export "seed") (drop (call $random (i32.const 2048) (i32.const 16))))
    (func (export "inside") (result i32) (i32.load (i32.const 2060)))
    (func (export "behind") (result i32) (i32.load (i32.const 2064))))`;

  test('a result at a fixed address races with itself and with its readers', async () => {
    const analysis = await analysisOf(CLOCK, 'shared-instance');
    assert.equal(between(analysis, 'now', 'now'), 'definite');
    assert.equal(analysis.exports[0].class, 'stateful');
    assert.equal(between(analysis, 'seed', 'inside'), 'definite');
    assert.equal(between(analysis, 'seed', 'behind'), undefined);
  });

  test('functions that fill lists of buffers write anywhere', async () => {
    const analysis = await analysisOf(
      `(module (import "wasi_snapshot_preview1" "fd_read" (func $read (param i32 i32 i32 i32) (result i32)))
        (memory (export "memory") 1)
        (func (export "fill") (drop (call $read (i32.const 0) (i32.const 0) (i32.const 1) (i32.const 8))))
        (func (export "look") (result i32) (i32.load (i32.const 4096))))`,
      'shared-instance',
    );
    assert.equal(between(analysis, 'fill', 'look'), 'possible');
  });
});

describe('imported state', () => {
  const IMPORTS = `(module (import "env" "memory" (memory 1)) (import "env" "n" (global $n (mut i32)))
    (func (export "count") (global.set $n (i32.add (global.get $n) (i32.const 1))))
    (func (export "store") (i32.store (i32.const 0) (i32.const 1))))`;

  test('is common to the instances of one wazero runtime, whatever the model', async () => {
    const analysis = await analysisOf(IMPORTS, 'isolated');
    assert.equal(between(analysis, 'count', 'count'), 'definite');
    assert.equal(between(analysis, 'store', 'store'), 'definite');
    assert.equal(between(analysis, 'count', 'store'), undefined);
  });

  test('belongs to one instance where each has its own store', async () => {
    const analysis = await analysisOf(IMPORTS, 'isolated', 'wasmtime');
    assert.equal(between(analysis, 'count', 'count'), undefined);
  });

  test('imported twice is one cell', async () => {
    const analysis = await analysisOf(
      `(module (import "env" "n" (global $a (mut i32))) (import "env" "n" (global $b (mut i32)))
        (func (export "set") (global.set $a (i32.const 1))) (func (export "get") (result i32) (global.get $b)))`,
      'shared-instance',
    );
    assert.equal(between(analysis, 'set', 'get'), 'definite');
  });

  test('different imports of one host module may touch one state, those of another module do not', async () => {
    const analysis = await analysisOf(
      `(module (import "env" "set" (func $set)) (import "env" "get" (func $get)) (import "log" "write" (func $log))
        (func (export "set") (call $set)) (func (export "get") (call $get)) (func (export "log") (call $log)))`,
      'isolated',
    );
    assert.equal(between(analysis, 'set', 'get'), 'possible');
    assert.equal(between(analysis, 'set', 'log'), undefined);
  });
});

describe('stacks', () => {
  const STACK = (global: string, more = '') => `(module (import "env" "memory" (memory 1 1 shared)) ${global} ${more}
    (func (export "frame") (local $fp i32)
      (global.set $sp (local.tee $fp (i32.sub (global.get $sp) (i32.const 16))))
      (i32.store (local.get $fp) (i32.const 1))
      (global.set $sp (i32.add (local.get $fp) (i32.const 16))))
    (func (export "fixed") (result i32) (i32.load (i32.const 1020))))`;
  const OWN = '(global $sp (export "__stack_pointer") (mut i32) (i32.const 1024))';
  const PRIVATE = '(global $sp (mut i32) (i32.const 1024))';

  test('a pointer that nobody is known to move gives all threads one stack', async () => {
    assert.equal(between(await analysisOf(STACK(PRIVATE), 'shared-memory'), 'frame', 'frame'), 'likely');
    assert.equal(between(await analysisOf(STACK(OWN), 'shared-memory'), 'frame', 'frame'), 'likely');
    const setter = (name: string) => `(func (export "${name}") (param i32) (global.set $sp (local.get 0)))`;
    const frames = async (name: string) =>
      between(await analysisOf(STACK(PRIVATE, setter(name)), 'shared-memory'), 'frame', 'frame');
    assert.equal(await frames('set_anything'), 'likely');
    assert.equal(await frames('wasi_thread_start'), undefined);
    const starting = (value: string, called: string) =>
      STACK(
        PRIVATE,
        `(func $fixed (global.set $sp (i32.const 512))) (func $given (global.set $sp ${value})) (func $s (call $${called})) (start $s)`,
      );
    const given = '(i32.mul (i32.atomic.rmw.add (i32.const 0) (i32.const 1)) (i32.const 1024))';
    const started = async (called: string) =>
      between(await analysisOf(starting(given, called), 'shared-memory'), 'frame', 'frame');
    assert.equal(await started('given'), undefined, 'each instance takes a number of its own');
    assert.equal(await started('fixed'), 'likely', 'the start function sets the same value in every instance');
  });

  test('a global that only looks like a stack pointer may point into static data', async () => {
    assert.equal(between(await analysisOf(STACK(PRIVATE), 'shared-instance'), 'frame', 'fixed'), 'possible');
    assert.equal(between(await analysisOf(STACK(OWN), 'shared-instance'), 'frame', 'fixed'), undefined);
  });

  test('only alignment keeps a frame pointer one', async () => {
    const masked = (mask: number) =>
      `(module (memory 1) (global $sp (export "__stack_pointer") (mut i32) (i32.const 65536))
        (func (export "store") (i32.store offset=1024 (i32.and (global.get $sp) (i32.const ${mask})) (i32.const 1)))
        (func (export "load") (result i32) (i32.load (i32.const 1024))))`;
    assert.equal(between(await analysisOf(masked(15), 'shared-instance'), 'store', 'load'), 'possible');
    assert.equal(between(await analysisOf(masked(-16), 'shared-instance'), 'store', 'load'), undefined);
  });
});

test('atomics of different widths that overlap are not atomic to each other', async () => {
  const analysis = await analysisOf(
    `(module (memory 1 1 shared)
      (func (export "wide") (i64.atomic.store (i32.const 0) (i64.const 1)))
      (func (export "low") (result i32) (i32.atomic.load (i32.const 0)))
      (func (export "next") (result i32) (i32.atomic.load (i32.const 8))))`,
    'shared-instance',
  );
  assert.equal(between(analysis, 'wide', 'low'), 'definite');
  assert.equal(between(analysis, 'wide', 'wide'), undefined);
  assert.equal(between(analysis, 'wide', 'next'), undefined);
  assert.deepEqual(
    analysis.exports[0].hazards.map((h) => h.rule),
    ['mixed-atomics'],
  );
});

test('a distance from an immutable global that could wrap around is not known', async () => {
  const analysis = await analysisOf(
    `(module (import "env" "base" (global $g i32)) (memory 1)
      (func (export "store")
        (i32.store (i32.add (i32.add (global.get $g) (i32.const 0x7fffffff)) (i32.const 1)) (i32.const 1)))
      (func (export "load") (result i32) (i32.load offset=0x80000000 (global.get $g))))`,
    'shared-instance',
  );
  assert.equal(between(analysis, 'store', 'load'), 'possible');
});
