/** What modules of a virtual workspace were compiled from, with files in memory. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { it } from 'node:test';
import { joinedBytes, nameSection, withoutSections } from '../../../core/debug/testing/sections.ts';
import { decodeModule } from '../../../core/wasm/decode.ts';
import { memoryFiles } from './testing/memoryFiles.ts';
import { virtualSources } from './virtualSources.ts';

const CASES = join(import.meta.dirname, '../../../core/debug/cases');
const bytesOf = (name: string): Uint8Array => readFileSync(join(CASES, name));

it('on another file system, files beside the module and in its workspace are read, and no others', async () => {
  const read: string[] = [];
  const ask = async (name: string): Promise<string> => {
    const bare = withoutSections(readFileSync(join(CASES, 'counter.wasm')), (one) => one === 'sourceMappingURL');
    const module = decodeModule(joinedBytes(bare, nameSection('sourceMappingURL', name)));
    const { info } = await virtualSources(
      { uri: 'vscode-vfs://github/o/r/build/m.wasm', module, mtime: 1 },
      { roots: ['vscode-vfs://github/o/r'], sourcePaths: {} },
      {
        async read(file) {
          read.push(file);
          return { bytes: readFileSync(join(CASES, 'counter.wasm.map')), mtime: 1 };
        },
        list: async () => [],
      },
    );
    return `${info.placeOf(121)?.line} ${info.problems().map(({ message }) => message)}`;
  };
  assert.equal(await ask('m.map'), '16 ');
  assert.equal(await ask('../maps/m.map'), '16 ');
  const allowed = [...read];
  assert.deepEqual(allowed, ['vscode-vfs://github/o/r/build/m.map', 'vscode-vfs://github/o/r/maps/m.map']);
  for (const name of [
    '../../../x.map',
    '/o/other/x.map',
    '//evil/x.map',
    'https://example.org/x.map',
    'file:///etc/passwd',
    'vscode-vfs://github/o/other/x.map',
    '%2e%2e/%2e%2e/%2e%2e/x.map',
    '..%2f..%2f..%2fx.map',
    '..%5c..%5cx.map',
  ])
    assert.match(await ask(name), /^undefined .*outside of the workspace, so it was not opened$/, name);
  assert.deepEqual(read, allowed);
});

const C = decodeModule(bytesOf('counter-c.wasm'));
const ask = (files: Record<string, string>, sourcePaths = {}, roots = ['memfs:/proj/', 'memfs:/other']) =>
  virtualSources(
    { uri: 'memfs:/proj/out/m.wasm', module: C, mtime: 10_000 },
    { roots, sourcePaths },
    memoryFiles(files),
  );
const [BUILT] = (await ask({})).info.files().filter((file) => file.endsWith('counter.c'));

it('sources are files of the workspace, and said to be newer', async () => {
  const found = await ask({ 'memfs:/proj/c%20d/counter/counter.c': '', 'memfs:/proj/node_modules/counter.c': '' });
  assert.deepEqual(found.sourceOf(BUILT), {
    uri: 'memfs:/proj/c%20d/counter/counter.c',
    name: 'c d/counter/counter.c',
    stale: 'newer',
  });
});

it('where two could be meant, it is none, unless the setting says so', async () => {
  const files = { 'memfs:/proj/a/counter.c': '', 'memfs:/proj/b/counter.c': '' };
  assert.equal((await ask(files)).sourceOf(BUILT), undefined);
  const folder = BUILT.slice(0, BUILT.lastIndexOf('/'));
  assert.equal((await ask(files, { [folder]: 'b' })).sourceOf(BUILT)?.name, 'b/counter.c');
  assert.equal((await ask(files, { [folder]: '/proj/a' })).sourceOf(BUILT)?.name, 'a/counter.c');
  assert.equal((await ask(files, { [folder]: '../../etc' })).sourceOf(BUILT), undefined);
});

it('folders of another file system than that of the module are not looked at', async () => {
  const found = await ask({ 'vscode-vfs://github/r/counter.c': '' }, {}, ['vscode-vfs://github/r']);
  assert.equal(found.sourceOf(BUILT), undefined);
});
