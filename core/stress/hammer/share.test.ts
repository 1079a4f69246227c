/** Rewritten modules are valid and share the state that threads need to share. */

import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { parse } from '@bytecodealliance/jco-transpile/wasm-tools';
import { FIXTURES } from '../../testing/paths.ts';
import { decodeModule } from '../../wasm/decode.ts';
import { type WasmFunction, type WasmImports, wasmEngine } from '../../wasm/webAssembly.ts';
import { makeMemories } from './makeReady.ts';
import { MAX_PAGES, shareModule } from './share.ts';
import type { SharedModule } from './sharedModule.ts';
import { addedImports, type SharedMemories } from './threadStart.ts';

const WAZERO = join(import.meta.dirname, '../../analysis/testing/wazero/modules');

const share = (bytes: Uint8Array, wholeInstance = true, stackPointer = -1): SharedModule => {
  const module = decodeModule(bytes);
  const reachable = new Uint8Array(module.functions.typeIndex.length).fill(1);
  return shareModule(module, { wholeInstance, reachable, stackPointer });
};

/** Two instances over the same memories, with the initial state written. */
function threads(bytes: Uint8Array, variant: 'plain' | 'serial', host: WasmImports = {}) {
  const module = decodeModule(bytes);
  const shared = share(bytes);
  const objects: SharedMemories = makeMemories(shared);
  const make = (code: Uint8Array) => {
    const own: WasmImports = {};
    for (const { module: from, name, kind, index } of module.imports)
      if (kind === 'memory') own[from] = { ...own[from], [name]: objects.memories[index] };
    const imports = { ...own, ...host, ...addedImports(module, shared.names, objects) };
    return new wasmEngine.Instance(new wasmEngine.Module(code), imports).exports as Record<string, WasmFunction>;
  };
  make(shared.first)[shared.names.begin]();
  return { a: make(shared[variant]), b: make(shared[variant]), shared, objects };
}

describe('rewritten modules', () => {
  const sources = [
    ...readdirSync(FIXTURES)
      .filter((name) => name.endsWith('.wat'))
      .map((name) => join(FIXTURES, name)),
    ...readdirSync(WAZERO).map((name) => join(WAZERO, name)),
  ];
  for (const path of sources) {
    test(`${path.split('/').at(-1)} is valid in all variants`, async () => {
      const bytes = await parse(readFileSync(path, 'utf8'));
      for (const wholeInstance of [true, false]) {
        const { first, plain, serial } = share(bytes, wholeInstance);
        for (const variant of [first, plain, serial]) new wasmEngine.Module(variant as Uint8Array);
      }
    });
  }
});

test('globals of every number type and memory are common to instances, with their first values', async () => {
  const bytes = await parse(`(module (memory 1) (data (i32.const 8) "\\2a")
    (global $i (mut i32) (i32.const 1)) (global $l (mut i64) (i64.const -2)) (global $f (mut f32) (f32.const 0.5))
    (global $d (mut f64) (f64.const -0.25)) (global $v (mut v128) (v128.const i32x4 1 2 3 4)) (global $c i32 (i32.const 9))
    (func (export "set") (global.set $i (i32.const 7)) (global.set $l (i64.const 8)) (global.set $f (f32.const 1.5))
      (global.set $d (f64.const 2.5)) (global.set $v (v128.const i32x4 5 6 7 8)) (i32.store8 (i32.const 8) (i32.const 3)))
    (func (export "get") (result i32 i64 f32 f64 i32 i32 i32)
      (global.get $i) (global.get $l) (global.get $f) (global.get $d) (i32x4.extract_lane 2 (global.get $v))
      (global.get $c) (i32.load8_u (i32.const 8))))`);
  for (const variant of ['plain', 'serial'] as const) {
    const { a, b } = threads(bytes, variant);
    assert.deepEqual(b.get(), [1, -2n, 0.5, -0.25, 3, 9, 42]);
    a.set();
    assert.deepEqual(b.get(), [7, 8n, 1.5, 2.5, 7, 9, 3]);
  }
});

test('active data is written once, and later instances do not change memory; passive data is unchanged', async () => {
  const bytes = await parse(`(module (memory 1) (data $a (i32.const 0) "abc") (data $p "xyz")
    (func (export "init") (memory.init $p (i32.const 16) (i32.const 0) (i32.const 3)))
    (func (export "gone") (memory.init $a (i32.const 16) (i32.const 0) (i32.const 1)))
    (func (export "at") (param i32) (result i32) (i32.load8_u (local.get 0))))`);
  const { a, objects, shared } = threads(bytes, 'plain');
  assert.equal(a.at(0), 97);
  new Uint8Array(objects.memories[0]?.buffer ?? new ArrayBuffer(0))[0] = 1;
  const module = decodeModule(bytes);
  const again = new wasmEngine.Instance(
    new wasmEngine.Module(shared.plain),
    addedImports(module, shared.names, objects),
  );
  assert.equal((again.exports.at as WasmFunction)(0), 1);
  a.init();
  assert.equal(a.at(16), 120);
  // A dropped segment has no bytes: the module's active segment is dropped after it is written.
  assert.throws(() => a.gone(), wasmEngine.RuntimeError);
});

test('memories without a maximum get one, and imported ones keep their place in the index space', async () => {
  const bytes = await parse(`(module (import "env" "m" (memory 2)) (memory $own 1 3)
    (func (export "pages") (result i32 i32) (memory.size 0) (memory.size $own)))`);
  const { a, shared } = threads(bytes, 'plain');
  assert.deepEqual(a.pages(), [2, 1]);
  assert.deepEqual(
    shared.limits.map((limits) => limits?.max),
    [BigInt(MAX_PAGES), 3n],
  );
});

test('a wait on a memory that the module does not share traps as it would there', async () => {
  const bytes = await parse(`(module (memory 1 1)
    (func (export "wait") (result i32) (memory.atomic.wait32 (i32.const 0) (i32.const 0) (i64.const 1000))))`);
  const { a } = threads(bytes, 'plain');
  assert.throws(() => a.wait(), wasmEngine.RuntimeError);
});

test('in the serial variant, loops and waits that would not end trap with the fuel below zero', async () => {
  const bytes = await parse(`(module (memory 1 1 shared)
    (func (export "spin") (loop $l (br $l)))
    (func (export "forever") (result i32) (memory.atomic.wait32 (i32.const 0) (i32.const 0) (i64.const -1)))
    (func (export "late") (result i32) (memory.atomic.wait32 (i32.const 0) (i32.const 0) (i64.const 1000000000000)))
    (func (export "other") (result i32) (memory.atomic.wait32 (i32.const 0) (i32.const 5) (i64.const -1))))`);
  const { a, shared } = threads(bytes, 'serial');
  const fuel = (a as unknown as Record<string, { value: number }>)[shared.names.fuel];
  for (const name of ['spin', 'forever']) {
    fuel.value = 1000;
    assert.throws(() => a[name](), wasmEngine.RuntimeError);
    assert.ok(fuel.value < 0, name);
  }
  fuel.value = 1000;
  assert.equal(a.late(), 2);
  assert.equal(a.other(), 1);
  assert.ok(fuel.value >= 0);
});

test('tail calls keep their operands, and use fuel like loops in the serial variant', async () => {
  const bytes =
    await parse(`(module (table $t 1 funcref) (elem (i32.const 0) $sum) (type $s (func (param i32 i64) (result i64)))
    (func $sum (export "sum") (param i32 i64) (result i64)
      (if (i32.eqz (local.get 0)) (then (return (local.get 1))))
      (i32.sub (local.get 0) (i32.const 1)) (i64.add (local.get 1) (i64.extend_i32_u (local.get 0)))
      (if (i32.and (local.get 0) (i32.const 1)) (then (return_call_indirect (type $s)
        (i32.sub (local.get 0) (i32.const 1)) (i64.add (local.get 1) (i64.extend_i32_u (local.get 0))) (i32.const 0))))
      (return_call $sum)))`);
  for (const variant of ['plain', 'serial'] as const) {
    const { a, shared } = threads(bytes, variant);
    const fuel = (a as unknown as Record<string, { value: number }>)[shared.names.fuel];
    if (variant === 'serial') fuel.value = 1_000_000;
    assert.equal(a.sum(100_000, 0n), 5_000_050_000n);
    if (variant === 'plain') continue;
    assert.equal(fuel.value, 900_000);
    fuel.value = 10;
    assert.throws(() => a.sum(100, 0n), wasmEngine.RuntimeError);
    assert.ok(fuel.value < 0);
  }
});

test("added names differ from the module's own", async () => {
  const bytes = await parse(`(module (import "hazards:" "f" (func)) (global $g (mut i32) (i32.const 4))
    (func (export "hazards:begin") (result i32) (global.get $g)))`);
  const { a } = threads(bytes, 'plain', { 'hazards:': { f() {} } });
  assert.equal(a['hazards:begin'](), 4);
});
