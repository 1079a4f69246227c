import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parse } from '@bytecodealliance/jco-transpile/wasm-tools';
import fc from 'fast-check';
import { contentKey } from '../contentKey.ts';
import { decodeModule } from '../decode.ts';
import { exportLabel, functionName, importLabel } from '../displayNames.ts';
import type { Module } from '../module.ts';
import { validated } from '../validate.ts';
import { emscriptenNames } from './emscripten.ts';
import { hasNames, NO_OUTER_NAMES, type OuterNames } from './model.ts';
import { OUTER_NAMES_SECTION, withOuterNames, withoutOuterNames } from './section.ts';
import { symbolMapNames } from './symbols.ts';

/** As Emscripten exports: memory, constructors, functions, table. */
const BYTES = await parse(`(module
  (import "a" "a" (func (param i32)))
  (import "a" "b" (func (param i32 i32) (result i32)))
  (memory (export "c") 1)
  (table (export "h") 1 funcref)
  (func $init (nop))
  (func (param i32) (result i32) (local.get 0))
  (func (param i32) (drop (local.get 0)))
  (func (param i32 i32) (result i32) (local.get 0))
  (func $save (result i32) (i32.const 0))
  (export "d" (func $init))
  (export "e" (func 3))
  (export "f" (func 4))
  (export "g" (func 5))
  (export "stackSave" (func $save)))`);
const MODULE = decodeModule(BYTES);

const NAMES = { e: 'malloc', f: 'free', g: 'sqlite3_open' };
const IMPORTS = { 'a.a': '_abort_js', 'a.b': 'fd_write' };

/** What versions of Emscripten write, shortened: name, text, whether the text has names of imports. */
const GLUE: [name: string, text: string, imports: boolean][] = [
  [
    '1.39 to 3.1.3',
    `var asmLibraryArg={"a":__abort_js,"b":_fd_write};function createWasm(){var info={"a":asmLibraryArg};function receiveInstance(instance,module){var exports=instance.exports;Module["asm"]=exports;wasmMemory=Module["asm"]["c"];wasmTable=Module["asm"]["h"];addOnInit(Module["asm"]["d"])}}
     var _malloc=Module["_malloc"]=function(){return(_malloc=Module["_malloc"]=Module["asm"]["e"]).apply(null,arguments)};var _free=Module["_free"]=function(){return(_free=Module["_free"]=Module["asm"]["f"]).apply(null,arguments)};var _sqlite3_open=Module["_sqlite3_open"]=function(){return(_sqlite3_open=Module["_sqlite3_open"]=Module["asm"]["g"]).apply(null,arguments)};`,
    true,
  ],
  [
    '3.1.40 to 3.1.70',
    `var wasmImports={/** @export */ a:__abort_js,/** @export */ b:_fd_write};var wasmExports=createWasm();var ___wasm_call_ctors=()=>(___wasm_call_ctors=wasmExports["d"])();var _malloc=Module["_malloc"]=a0=>(_malloc=Module["_malloc"]=wasmExports["e"])(a0);var _free=a0=>(_free=wasmExports["f"])(a0);var _sqlite3_open=Module["_sqlite3_open"]=(a0,a1)=>(_sqlite3_open=Module["_sqlite3_open"]=wasmExports["g"])(a0,a1);var _removed=()=>(_removed=wasmExports["removed"])();`,
    true,
  ],
  [
    '4',
    `function initRuntime(){runtimeInitialized=true;wasmExports["d"]()}function assignWasmExports(wasmExports){_malloc=Module["_malloc"]=wasmExports["e"];_free=wasmExports["f"];_sqlite3_open=Module["_sqlite3_open"]=wasmExports["g"];memory=wasmMemory=wasmExports["c"];__indirect_function_table=wasmTable=wasmExports["h"]}
     var wasmImports={
  a: __abort_js,
  b: _fd_write
};`,
    true,
  ],
  [
    'Closure compiler, 3',
    `var Z;(function(){function a(c){Z=c=c.exports;ma=Z.c;ra();ta.unshift(Z.d);B--}return{a:u}})();var Kc=f._malloc=a=>(Kc=f._malloc=Z.e)(a);f._free=a=>(f._free=Z.f)(a);f._sqlite3_open=(a,b)=>(f._sqlite3_open=Z.g)(a,b);function e(){k._x=a.b;b._y=c.d}`,
    false,
  ],
  [
    'Closure compiler, 4',
    `function Q(){A=!0,gd.d(),Hb=!1}function R(b){c=b.exports;da=k._malloc=c.e;ea=k._free=c.f;k._sqlite3_open=c.g;jb=c.stackSave;Na=c.h}`,
    false,
  ],
];

for (const [version, text, imports] of GLUE) {
  test(`names in the glue of Emscripten ${version}`, () => {
    const names = emscriptenNames(text, MODULE);
    const named = Object.fromEntries([...names.exports].filter(([name]) => name !== 'd'));
    assert.deepEqual(named, NAMES);
    assert.deepEqual(Object.fromEntries(names.imports), imports ? IMPORTS : {});
    assert.equal(names.constructors, 'd');
  });
}

test('glue of another build, of two modules and of a module with its own names says nothing', async () => {
  const other = GLUE[2][1].replaceAll('"g"', '"zz"');
  assert.equal(hasNames(emscriptenNames(other, MODULE)), false);
  const two = `${GLUE[2][1]}function assignWasmExports(wasmExports){_a1=wasmExports["x"];_a2=wasmExports["y"]}`;
  assert.equal(hasNames(emscriptenNames(two, MODULE)), false);
  const plain = decodeModule(await parse('(module (func (export "malloc") (param i32)) (func (export "_free")))'));
  const same = 'var _malloc=Module["_malloc"]=wasmExports["malloc"];_free=wasmExports["_free"]';
  assert.equal(emscriptenNames(same, plain).exports.size, 0);
  assert.equal(hasNames(emscriptenNames('', MODULE)), false);
});

test('symbol maps name all functions, and exports with minified names', () => {
  const names = symbolMapNames('0:_abort_js\n1:fd_write\n2:__wasm_call_ctors\n3:malloc\n4:free\\28int\\29\n', MODULE);
  assert.deepEqual(
    [...names.functions.values()],
    ['_abort_js', 'fd_write', '__wasm_call_ctors', 'malloc', 'free(int)'],
  );
  assert.equal(names.exports.get('e'), 'malloc');
  assert.equal(names.constructors, 'd');
  assert.equal(hasNames(symbolMapNames('3:malloc\n99:another build\n', MODULE)), false);
  assert.equal(hasNames(symbolMapNames('<!doctype html>\n{"version":3}', MODULE)), false);
});

/** `MODULE` as it is decoded where its glue is found. */
const named = (names: OuterNames): Module => decodeModule(withOuterNames(BYTES, names));

test('names reach exports, imports and functions; offsets and contents stay', async () => {
  const names = emscriptenNames(GLUE[2][1], MODULE);
  const module = named(names);
  assert.deepEqual(module.errors, []);
  assert.deepEqual(module.outerNames, names);
  const open = module.exports.find(({ name }) => name === 'g')!;
  assert.equal(exportLabel(open), 'sqlite3_open (g)');
  assert.equal(functionName(module, open.index), '$sqlite3_open');
  assert.equal(importLabel(module, 1), 'fd_write (a.b)');
  assert.equal(exportLabel(module.exports.find(({ name }) => name === 'stackSave')!), 'stackSave');
  assert.deepEqual(
    module.exports.map(({ offset }) => offset),
    MODULE.exports.map(({ offset }) => offset),
  );
  assert.ok(!module.sections.some(({ name }) => name === OUTER_NAMES_SECTION));
  assert.deepEqual(withoutOuterNames(module.bytes), BYTES);
  assert.equal(contentKey(module.bytes), contentKey(Uint8Array.from(BYTES)));
  assert.deepEqual((await validated(module)).errors, []);
});

test('bytes without names, with names already, and cut ones stay as they are', () => {
  assert.equal(withOuterNames(BYTES, NO_OUTER_NAMES), BYTES);
  const names = emscriptenNames(GLUE[2][1], MODULE);
  const once = withOuterNames(BYTES, names);
  assert.equal(withOuterNames(once, names), once);
  const cut = BYTES.slice(0, -3);
  assert.equal(withOuterNames(cut, names), cut);
  for (const short of [new Uint8Array(), BYTES.slice(0, 5)]) assert.equal(withoutOuterNames(short), short);
});

test('no text and no section makes a reader fail', () => {
  const piece = fc.oneof(
    fc.string(),
    fc.constantFrom(...GLUE.flatMap(([, text]) => text.split(/(?<=[;,{}])/)), '_a=b.c', '={', '"]', '\\28', '3:x\n'),
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 60 }), (pieces) => {
      const text = pieces.join('');
      for (const names of [emscriptenNames(text, MODULE), symbolMapNames(text, MODULE)])
        assert.deepEqual(named(names).exports.length, MODULE.exports.length);
    }),
    { numRuns: 300 },
  );
  const section = (contents: Uint8Array): Uint8Array => {
    const name = new TextEncoder().encode(OUTER_NAMES_SECTION);
    const size = 1 + name.length + contents.length;
    return Uint8Array.from([...BYTES, 0, (size & 0x7f) | 0x80, size >> 7, name.length, ...name, ...contents]);
  };
  const json = fc.json().map((text) => new TextEncoder().encode(text));
  fc.assert(
    fc.property(fc.oneof(fc.uint8Array({ maxLength: 200 }), json), (contents) => {
      if (contents.length < 8000) assert.deepEqual(decodeModule(section(contents)).errors, []);
    }),
    { numRuns: 300 },
  );
});
