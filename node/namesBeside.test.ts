import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { parse } from '@bytecodealliance/jco-transpile/wasm-tools';
import { allocatorOf } from '../core/analysis/allocator.ts';
import { analyse } from '../core/analysis/analyse.ts';
import { decodeModule } from '../core/wasm/decode.ts';
import { exportLabel } from '../core/wasm/displayNames.ts';
import { readBinary } from './readBinary.ts';

const FOLDER = await mkdtemp(join(tmpdir(), 'names-beside-'));
after(() => rm(FOLDER, { recursive: true }));
const BYTES = await parse(`(module
  (memory (export "a") 1)
  (func (export "b"))
  (func (export "c") (param i32) (result i32) (i32.const 16))
  (func (export "d") (param i32)))`);

const write = (name: string, contents: string | Uint8Array): Promise<void> => writeFile(join(FOLDER, name), contents);
const read = async (name: string) => {
  const { bytes, hash } = await readBinary(pathToFileURL(join(FOLDER, name)).href);
  const module = decodeModule(bytes);
  return { module, hash, labels: module.exports.map(exportLabel) };
};

const GLUE = 'initRuntime(){wasmExports["b"]()};_malloc=wasmExports["c"];_free=Module["_free"]=wasmExports["d"];';

test('names come from the JavaScript and the symbol map beside a module, as they are now', async () => {
  await write('x.wasm', BYTES);
  const without = await read('x.wasm');
  assert.deepEqual(without.labels, ['a', 'b', 'c', 'd']);
  await write('x.mjs', GLUE);
  const glue = await read('x.wasm');
  assert.deepEqual(glue.labels, ['a', '__wasm_call_ctors (b)', 'malloc (c)', 'free (d)']);
  assert.notEqual(glue.hash, without.hash);
  await write('x.mjs', 'export default 1');
  await write('x.js.symbols', '0:__wasm_call_ctors\n1:my_malloc\n2:my_free\n');
  assert.deepEqual((await read('x.wasm')).labels, ['a', '__wasm_call_ctors (b)', 'my_malloc (c)', 'my_free (d)']);
  await rm(join(FOLDER, 'x.js.symbols'));
  assert.equal((await read('x.wasm')).hash, without.hash);
});

test('recognisers of names look at the names in the source', async () => {
  await write('y.wasm', BYTES);
  await write('y.js', GLUE);
  const { module } = await read('y.wasm');
  const analysis = analyse(module, { host: 'wazero', model: 'auto' });
  const { allocate, free } = allocatorOf(module, analysis);
  assert.deepEqual([analysis.exports[allocate].name, analysis.exports[free].name], ['c', 'd']);
});

test('files beside what is no module change nothing', async () => {
  for (const [name, bytes] of [
    ['broken', BYTES.slice(0, 20)],
    ['text', new TextEncoder().encode('hello')],
    ['empty', new Uint8Array()],
  ] as const) {
    await write(`${name}.wasm`, bytes);
    await write(`${name}.js`, GLUE);
    const { bytes: found } = await readBinary(pathToFileURL(join(FOLDER, `${name}.wasm`)).href);
    assert.deepEqual(Uint8Array.from(found), Uint8Array.from(bytes));
  }
});
