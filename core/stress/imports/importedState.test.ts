/** Imported memories, tables, globals and tags fit whatever a module declares: V8 instantiates it with them. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { parse } from '@bytecodealliance/jco-transpile/wasm-tools';
import { decodeModule } from '../../wasm/decode.ts';
import {
  type WasmFunction,
  type WasmGlobal,
  type WasmMemory,
  type WasmTable,
  wasmEngine,
} from '../../wasm/webAssembly.ts';
import { explored, failure } from '../testing/run.ts';
import { importedState } from './importedState.ts';
import { importObject } from './importObject.ts';

/** Instantiates a source with what it imports. */
async function instance(source: string) {
  const module = decodeModule(await parse(source));
  const state = importedState(module);
  const { exports } = new wasmEngine.Instance(new wasmEngine.Module(module.bytes), importObject(module, state.items));
  return { ...state, call: (name: string) => (exports[name] as WasmFunction)() };
}

describe('fits', () => {
  test('memories: limits, shared, 64-bit', async () => {
    const { items } = await instance(`(module (import "e" "plain" (memory 1)) (import "e" "bounded" (memory 2 5))
      (import "e" "shared" (memory 1 4 shared)) (import "e" "wide" (memory i64 3 7)))`);
    const [plain, bounded, shared, wide] = items as WasmMemory[];
    assert.deepEqual(
      [plain, bounded, shared, wide].map(({ buffer }) => buffer.byteLength / 65536),
      [1, 2, 1, 3],
    );
    assert.ok(shared.buffer instanceof SharedArrayBuffer);
    assert.equal(wide.grow(4n), 3n);
    assert.throws(() => bounded.grow(4), RangeError);
  });

  test('tables of every element type', async () => {
    const { items, call } =
      await instance(`(module (type $f (func (param i32))) (rec (type $s (struct)) (type $a (array i8)))
      (import "e" "func" (table 1 5 funcref)) (import "e" "extern" (table 2 externref)) (import "e" "wide" (table i64 3 9 funcref))
      (import "e" "typed" (table 4 (ref null $f))) (import "e" "eq" (table 5 eqref)) (import "e" "exn" (table 6 exnref))
      (import "e" "struct" (table 7 (ref null $s))) (import "e" "some" (table 2 2 (ref $f))) (import "e" "arrays" (table 1 (ref $a)))
      (func (export "null") (result i32) (ref.is_null (table.get 3 (i32.const 0))))
      (func (export "some") (call_indirect 7 (type $f) (i32.const 1) (i32.const 1))))`);
    assert.deepEqual(
      (items as WasmTable[]).map(({ length }) => Number(length)),
      [1, 2, 3, 4, 5, 6, 7, 2, 1],
    );
    assert.equal(call('null'), 1);
    assert.throws(() => call('some'), wasmEngine.RuntimeError);
  });

  test('globals of every type, mutable or not', async () => {
    const types = [
      ...[
        'i32',
        'i64',
        'f32',
        'f64',
        'v128',
        'funcref',
        'externref',
        'anyref',
        'eqref',
        'i31ref',
        'structref',
        'arrayref',
      ],
      ...['exnref', 'nullref', '(ref null $f)', '(ref null $s)', '(ref $f)', '(ref $s)', '(ref $a)'],
      ...['(ref func)', '(ref extern)', '(ref any)', '(ref eq)', '(ref i31)'],
    ];
    const imports = types.flatMap((type, i) => [
      `(import "e" "c${i}" (global ${type}))`,
      `(import "e" "m${i}" (global (mut ${type})))`,
    ]);
    const source = `(module (type $f (func (param i64) (result i32))) (rec (type $s (struct (field i32 (ref null $a)))) (type $a (array (mut (ref $s)))))
      ${imports.join('\n')}
      (func (export "vector") (result i64) (i64x2.extract_lane 1 (global.get 9)))
      (func (export "length") (result i32) (array.len (global.get ${2 * types.indexOf('(ref $a)')}))))`;
    const { items, notes, call } = await instance(source);
    assert.equal(items.length, 2 * types.length);
    assert.deepEqual([call('vector'), call('length')], [0n, 0]);
    assert.equal((items[2] as WasmGlobal).value, 0n);
    // Those that cannot be null have a value that somebody chose.
    assert.equal(notes.length, 2 * 8);
    assert.ok(notes.every((note) => note.includes('cannot be null')));
  });

  test('text for string constants', async () => {
    const { items, notes } = await instance(`(module (import "'" "hello" (global (ref extern))))`);
    assert.deepEqual(
      [items, notes],
      [['hello'], [`The imported global '.hello cannot be null: it starts with the text "hello".`]],
    );
  });

  test('tags of every type', async () => {
    const { items } =
      await instance(`(module (type $s (struct)) (import "e" "none" (tag)) (import "e" "numbers" (tag (param i32 i64 f32 f64)))
      (import "e" "references" (tag (param externref (ref $s) v128))))`);
    assert.equal(items.length, 3);
  });

  test('one name twice: one object, unless the types differ', async () => {
    const { items } =
      await instance(`(module (import "e" "m" (memory 1)) (import "e" "m" (memory 1)) (import "e" "m" (memory 2))
      (import "e" "m" (global i32)) (import "e" "m" (global (mut i32))) (import "e" "m" (global (mut i32))))`);
    assert.equal(items[0], items[1]);
    assert.notEqual(items[0], items[2]);
    assert.notEqual(items[3], items[4]);
    assert.equal(items[4], items[5]);
  });
});

describe('layout of position-independent modules', () => {
  test('static data, stack and table have room', async () => {
    const { items, notes } =
      await instance(`(module (import "env" "memory" (memory 4)) (import "env" "table" (table 10 funcref))
      (import "env" "__stack_pointer" (global (mut i32))) (import "env" "__memory_base" (global i32))
      (import "env" "__table_base" (global i32)) (import "GOT.mem" "errno" (global (mut i32)))
      (func $f) (elem (global.get 2) $f $f) (data (global.get 1) "static"))`);
    const values = items.slice(2).map((item) => (item as WasmGlobal).value);
    assert.deepEqual(values, [131072, 1024, 1, 0]);
    assert.deepEqual(notes, [
      'The imported global env.__stack_pointer starts with 131072.',
      'The imported global env.__memory_base starts with 1024.',
      'The imported global env.__table_base starts with 1.',
    ]);
  });

  test('64-bit stack pointers are 64-bit', async () => {
    const { items } = await instance(
      `(module (import "env" "memory" (memory i64 2)) (import "env" "__stack_pointer" (global (mut i64))))`,
    );
    assert.equal((items[1] as WasmGlobal).value, 65536n);
  });

  test('a table without spare slots is filled from slot 0', async () => {
    const { items } =
      await instance(`(module (import "env" "table" (table 2 funcref)) (import "env" "__table_base" (global i32))
      (func $f) (elem (global.get 0) $f $f))`);
    assert.equal((items[1] as WasmGlobal).value, 0);
  });
});

describe('under stress', () => {
  test('imported globals and typed tables are state like any other', async () => {
    const result = await explored(
      `(module (type $f (func (result i32))) (import "e" "v" (global $v (mut v128))) (import "e" "t" (table $t 2 (ref null $f)))
        (func $one (type $f) i32.const 1) (elem declare func $one)
        (func (export "put") (table.set $t (i32.const 0) (ref.func $one)) (global.set $v (v128.const i64x2 1 1)))
        (func (export "get") (result i32) (ref.is_null (table.get $t (i32.const 0)))))`,
      { callers: [[['put']], [['get']]] },
    );
    assert.deepEqual(new Set(result.outcomes.examples.map(({ results }) => results[1][0])), new Set(['0', '1']));
    assert.ok(result.races.some(({ kind }) => kind === 'table'));
  });

  test('an import that cannot be made is a failure', async () => {
    const { kind, message } = await failure(
      '(module (type $s (struct (field (ref $s)))) (import "e" "g" (global (mut (ref $s)))) (func (export "f")))',
      { callers: [[['f']]] },
    );
    assert.equal(kind, 'imports');
    assert.match(message, /no value of its non-null type can be created/);
  });
});
