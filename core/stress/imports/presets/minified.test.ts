/** A module whose imports and exports Emscripten has minified, with its glue: it runs as one with its own names does. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parse } from '@bytecodealliance/jco-transpile/wasm-tools';
import { decodeModule } from '../../../wasm/decode.ts';
import { emscriptenNames } from '../../../wasm/outerNames/emscripten.ts';
import { withOuterNames } from '../../../wasm/outerNames/section.ts';
import type { ScenarioFile } from '../../scenario/scenario.ts';
import { explored } from '../../testing/run.ts';

const BYTES = await parse(`(module
  (import "a" "a" (func $invoke (param i32 i32)))
  (import "a" "b" (func $throw))
  (import "a" "c" (func $resize (param i32) (result i32)))
  (import "a" "d" (func $write (param i32 i32 i32 i32) (result i32)))
  (memory (export "e") 1 4)
  (table (export "l") 2 funcref)
  (elem (i32.const 1) $jump)
  (global $threw (mut i32) (i32.const 0))
  (global $stack (mut i32) (i32.const 4096))
  (func $jump (param i32) (global.set $stack (i32.const 1)) (call $throw))
  (func $try (result i32)
    (call $invoke (i32.const 1) (i32.const 7))
    (i32.add (global.get $threw) (global.get $stack)))
  (func $grow (result i32) (drop (call $resize (i32.const 131072))) (memory.size))
  (func $print (result i32) (call $write (i32.const 1) (i32.const 0) (i32.const 0) (i32.const 64)))
  (func $setThrew (param i32 i32) (global.set $threw (local.get 0)))
  (func $save (result i32) (global.get $stack))
  (func $restore (param i32) (global.set $stack (local.get 0)))
  (export "f" (func $try)) (export "g" (func $grow)) (export "h" (func $print)) (export "i" (func $setThrew))
  (export "j" (func $restore)) (export "k" (func $save)))`);
const GLUE = `var wasmImports={a:invoke_vi,b:__emscripten_throw_longjmp,c:_emscripten_resize_heap,d:_fd_write};
  _try=Module["_try"]=wasmExports["f"];_grow=Module["_grow"]=wasmExports["g"];_print=wasmExports["h"];
  _setThrew=wasmExports["i"];__emscripten_stack_restore=wasmExports["j"];_emscripten_stack_get_current=wasmExports["k"];`;
const NAMED = withOuterNames(BYTES, emscriptenNames(GLUE, decodeModule(BYTES)));

const callers: ScenarioFile['callers'] = [[['f'], ['g'], ['h']]];

test('the preset of Emscripten and WASI go by the names in the source', async () => {
  const result = await explored(NAMED, { callers });
  assert.deepEqual(result.outcomes.examples[0].results, [['4097', '2', '0']]);
  assert.deepEqual(result.imports.presets, ['emscripten']);
  assert.deepEqual(result.symbols, { f: 'try', g: 'grow', h: 'print', 'a.d': 'fd_write' });
});

test('without the glue the imports are stubs', async () => {
  const result = await explored(BYTES, { callers });
  assert.deepEqual(result.outcomes.examples[0].results, [['4096', '1', '0']]);
});

test('a scenario names imports and exports as the binary does', async () => {
  const imports = { 'a.c': { returns: 7 } };
  const result = await explored(NAMED, { callers: [[['g']]], imports });
  assert.deepEqual(result.outcomes.examples[0].results, [['1']]);
});
