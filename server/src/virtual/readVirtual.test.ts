import assert from 'node:assert/strict';
import { it } from 'node:test';
import { parse } from '@bytecodealliance/jco-transpile/wasm-tools';
import { ReadFailure } from '../../../core/source/binary.ts';
import { decodeModule } from '../../../core/wasm/decode.ts';
import { exportLabel } from '../../../core/wasm/displayNames.ts';
import { shareBytes } from '../../../node/readBinary.ts';
import { readVirtual } from './readVirtual.ts';
import { memoryFiles } from './testing/memoryFiles.ts';

const COMPONENT = '(component (core module (func (export "a"))) (core module (func (export "b"))))';
const FILES = memoryFiles({
  'memfs:/c.wasm': await parse(COMPONENT),
  'memfs:/c%23/c.wasm': await parse(COMPONENT),
  'memfs:/m.wasm': await parse('(module (func (export "f")) (func (export "g")))'),
  'memfs:/m.js.symbols': '0:first\n1:second\n',
});
const exportsOf = async (uri: string): Promise<string[]> =>
  decodeModule((await readVirtual(uri, FILES, shareBytes)).bytes).exports.map(exportLabel);

it('reads a module with the names that files beside it know', async () => {
  assert.deepEqual(await exportsOf('memfs:/m.wasm'), ['first (f)', 'second (g)']);
});

it('reads a core module of a component', async () => {
  assert.deepEqual(await exportsOf('memfs:/c.wasm%232'), ['b']);
  assert.deepEqual(await exportsOf('memfs:/c%23/c.wasm%232'), ['b']);
  await assert.rejects(readVirtual('memfs:/c.wasm%233', FILES, shareBytes), ReadFailure);
});

it('says that a file cannot be read', async () => {
  await assert.rejects(readVirtual('memfs:/x.wasm', FILES, shareBytes), /x\.wasm cannot be read: there is no/);
});
