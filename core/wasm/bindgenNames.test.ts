import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parse } from '@bytecodealliance/jco-transpile/wasm-tools';
import { bindgenName } from './bindgenNames.ts';
import { decodeModule } from './decode.ts';
import { importLabel } from './displayNames.ts';

test('imports of wasm-bindgen are shown by the name in JavaScript', async () => {
  const names: [string, string | undefined][] = [
    ['__wbg_log_1d3f0a2b4c5d6e7f', 'log'],
    ['__wbg_new_8a6f238a6ece86ea', 'new'],
    ['__wbg_getRandomValues_3c9c0d586e575a16', 'getRandomValues'],
    ['__wbg_set_index_of_0123456789abcdef', 'set_index_of'],
    ['__wbg_static_accessor_GLOBAL_THIS_59018edc9a2b1f3d', 'GLOBAL_THIS'],
    ['__wbg_counter_free', undefined],
    ['__wbindgen_throw', undefined],
    ['log', undefined],
  ];
  for (const [name, readable] of names) assert.equal(bindgenName(name), readable);
  const module = decodeModule(
    await parse('(module (import "wbg" "__wbg_log_1d3f0a2b4c5d6e7f" (func)) (import "wbg" "__wbindgen_throw" (func)))'),
  );
  assert.equal(importLabel(module, 0), 'log (wbg.__wbg_log_1d3f0a2b4c5d6e7f)');
  assert.equal(importLabel(module, 1), 'wbg.__wbindgen_throw');
});
