/** Findings at the lines of a C file: the real server, and a module that clang compiled. */
import assert from 'node:assert/strict';
import {
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { FIXTURES } from '../../../core/testing/paths.ts';
import type { OriginalModule, OriginalNotes } from '../protocol.ts';
import { PATIENCE_MS, startServer, type TestClient } from '../testing/languageClient.ts';

const C = join(FIXTURES, 'source/c');

describe('originals', () => {
  let folder: string;
  let client: TestClient;
  const notes: OriginalNotes[] = [];
  const waiting: (() => void)[] = [];

  const uri = (name: string): string => pathToFileURL(join(folder, name)).href;
  const module = (name = 'visits.wasm'): OriginalModule => {
    const { mtimeMs, size } = statSync(join(folder, name));
    return { uri: uri(name), mtime: mtimeMs, bytes: size };
  };

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'originals-'));
    mkdirSync(join(folder, 'src'));
    for (const name of ['visits.c', 'counter.h']) copyFileSync(join(C, name), join(folder, 'src', name));
    copyFileSync(join(C, 'visits.wasm'), join(folder, 'visits.wasm'));
    writeFileSync(join(folder, 'other.c'), 'int other;\n');
    client = await startServer({}, [pathToFileURL(folder).href]);
    client.connection.onNotification('wasmHazards/original', (one: OriginalNotes) => {
      notes.push(one);
      for (const look of waiting.splice(0)) look();
    });
  });

  after(async () => {
    await client.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  /** Opens files and waits for the notes of one of them. */
  async function notesOf(name: string, mtime = 1, files = [name]): Promise<OriginalNotes> {
    const from = notes.length;
    client.notify('wasmHazards/originals', {
      files: files.map((file) => ({ uri: uri(file), mtime, modules: [module()] })),
    });
    return noted(name, from);
  }

  async function noted(name: string, from: number): Promise<OriginalNotes> {
    for (;;) {
      const found = notes.slice(from).find((one) => one.uri === uri(name));
      if (found !== undefined) return found;
      await new Promise<void>((resolve, reject) => {
        const timer = setTimeout(() => reject(new Error(`waited in vain for notes of ${name}`)), PATIENCE_MS);
        waiting.push(() => {
          clearTimeout(timer);
          resolve();
        });
      });
    }
  }

  test('a finding stands at the line of the access, with the way to it in the source', async () => {
    const { modules, findings, exports } = await notesOf('src/visits.c');
    assert.deepEqual(modules, [{ uri: uri('visits.wasm'), name: 'visits.wasm', stale: false }]);
    const write = findings.find(({ rule, line }) => rule === 'static-memory-write' && line === 16);
    assert.ok(write, JSON.stringify(findings, undefined, 1));
    assert.match(write.message, /visit/);
    assert.match(write.message, /enter/);
    assert.ok(write.related.some((step) => step.uri === uri('src/visits.c') && step.line === 16));
    assert.deepEqual(
      exports.map(({ exportName, line }) => [exportName, line]),
      [
        ['visit', 14],
        ['enter', 21],
        ['welcome', 27],
        ['double_of', 32],
      ],
    );
    assert.match(exports[0].text, /^Conflicts with/);
  });

  test('code of a header that was inlined is found in the header, and says which exports reach it', async () => {
    const { findings } = await notesOf('src/counter.h');
    const write = findings.find(({ rule }) => rule === 'static-memory-write');
    assert.ok(write);
    assert.ok([10, 11].includes(write.line));
    assert.match(write.message, /welcome/);
  });

  test('a file of no module, and one that was closed, is not spoken of', async () => {
    const found = await notesOf('src/visits.c', 2, ['other.c', 'src/visits.c']);
    assert.equal(found.modules[0].stale, true, 'it was written since');
    assert.ok(!notes.some((one) => one.uri === uri('other.c')));
  });

  test('a hover tells what the code of a line does, and a line without conflicts has none', async () => {
    const hover = (line: number): Promise<{ text: string }> =>
      client.request('wasmHazards/originalHover', { uri: uri('src/visits.c'), line, modules: [module()] });
    const { text } = await hover(16);
    assert.match(text, /conflicts with `visit` and `enter`/);
    assert.match(text, /Show the WebAssembly of this line/);
    assert.match((await hover(14)).text, /\*\*`visit`\*\* - stateful/);
    assert.equal((await hover(33)).text, '');
    assert.equal((await hover(0)).text, '');
  });

  test('the code of a line is found, in all functions that it was inlined into, and the line of the code', async () => {
    const { modules } = await client.request('wasmHazards/codeOf', {
      uri: uri('src/visits.c'),
      line: 15,
      modules: [module()],
    });
    assert.equal(modules.length, 1);
    const [{ offsets, ranges }] = modules;
    assert.ok(offsets.length >= 2);
    assert.ok(ranges.length >= 2);
    const { places } = await client.request('wasmHazards/originalsOf', { uri: uri('visits.wasm'), offsets });
    assert.ok(places.every((place) => place?.uri === uri('src/visits.c') && place.line === 15));
    await client.open(uri('visits.wasm'));
    const [range] = ranges;
    const { place } = await client.request('wasmHazards/originalAt', {
      uri: uri('visits.wasm').replace('file://', 'wasm-hazards:'),
      line: range.start.line,
      character: range.start.character,
    });
    assert.deepEqual([place?.uri, place?.line], [uri('src/visits.c'), 15]);
  });

  test('two modules of one file are both told; a module that does not name it is not even analysed', async () => {
    copyFileSync(join(C, 'visits.wasm'), join(folder, 'release.wasm'));
    copyFileSync(join(FIXTURES, 'counter-global.wasm'), join(folder, 'counter.wasm'));
    const modules = ['visits.wasm', 'release.wasm', 'counter.wasm'].map(module);
    const from = client.events.length;
    const { modules: found } = await client.request('wasmHazards/codeOf', {
      uri: uri('src/visits.c'),
      line: 16,
      modules,
    });
    assert.deepEqual(
      found.map(({ module: one, offsets }) => [one, offsets.length > 0]),
      [
        [uri('visits.wasm'), true],
        [uri('release.wasm'), true],
      ],
    );
    const analysed = client.events
      .slice(from)
      .flatMap((event) => (event.kind === 'summary' ? [event.summary.uri] : []));
    assert.deepEqual(analysed, [uri('release.wasm')]);
  });

  test('a file that is not in the workspace is named by its path alone, until a setting says where it is', async () => {
    const alone = mkdtempSync(join(tmpdir(), 'originals-alone-'));
    const other = mkdtempSync(join(tmpdir(), 'originals-mapped-'));
    try {
      copyFileSync(join(C, 'visits.wasm'), join(alone, 'visits.wasm'));
      mkdirSync(join(alone, 'code'));
      copyFileSync(join(C, 'visits.c'), join(other, 'visits.c'));
      const at = pathToFileURL(join(alone, 'visits.wasm')).href;
      const placesIn = async (sourcePaths: Record<string, string>) => {
        const server = await startServer({ sourcePaths }, [pathToFileURL(alone).href]);
        try {
          const { text = '' } = await server.request('wasmHazards/text', { uri: at, expand: [] });
          const line = text.split('\n').findIndex((one) => one.includes('i32.store'));
          const asked = { uri: at.replace('file://', 'wasm-hazards:'), line, character: 6 };
          return (await server.request('wasmHazards/originalAt', asked)).place;
        } finally {
          await server.stop();
        }
      };
      assert.deepEqual(await placesIn({}), { uri: null, path: '/build/visits/visits.c', line: 16, character: 9 });
      const mapped = await placesIn({ '/build/visits': other });
      assert.equal(mapped?.uri, pathToFileURL(join(other, 'visits.c')).href);
    } finally {
      for (const one of [alone, other]) rmSync(one, { recursive: true, force: true });
    }
  });

  test('a module that is built anew is read anew', async () => {
    writeFileSync(join(folder, 'visits.wasm'), new Uint8Array([0, 0x61, 0x73, 0x6d, 1, 0, 0, 0]));
    utimesSync(join(folder, 'visits.wasm'), 5, 5);
    client.notify('wasmHazards/binaryChanged', { uri: uri('visits.wasm') });
    const gone = await notesOf('src/visits.c', 3);
    assert.deepEqual(gone, { uri: uri('src/visits.c'), modules: [], findings: [], exports: [] });
  });

  test('functions that a source map knows stand where its text declares them; without its text, at their code', async () => {
    const cases = join(FIXTURES, '../core/debug/cases');
    const map = JSON.parse(readFileSync(join(cases, 'counter.wasm.map'), 'utf8'));
    const text: string = map.sourcesContent[map.sources.indexOf('assembly/counter.ts')];
    const lines = text.split('\n');
    mkdirSync(join(folder, 'assembly'));
    writeFileSync(join(folder, 'assembly/counter.ts'), text);
    for (const name of ['counter.wasm', 'counter.wasm.map']) copyFileSync(join(cases, name), join(folder, name));
    const from = notes.length;
    client.notify('wasmHazards/originals', {
      files: [{ uri: uri('assembly/counter.ts'), mtime: 1, modules: [module('counter.wasm')] }],
    });
    const found = await noted('assembly/counter.ts', from);
    const declared = (name: string): number => lines.findIndex((one) => one.includes(`function ${name}`));
    for (const { exportName, line, isGuess } of found.exports)
      assert.deepEqual([line, isGuess], [declared(exportName), false], exportName);
    assert.deepEqual(found.exports.map(({ exportName }) => exportName).sort(), ['bump', 'reset']);
    assert.ok(found.findings.some(({ line }) => /counter|count/i.test(lines[line])));
    delete map.sourcesContent;
    writeFileSync(join(folder, 'counter.wasm.map'), JSON.stringify(map));
    utimesSync(join(folder, 'counter.wasm'), 7, 7);
    const again = notes.length;
    client.notify('wasmHazards/binaryChanged', { uri: uri('counter.wasm') });
    client.notify('wasmHazards/originals', {
      files: [{ uri: uri('assembly/counter.ts'), mtime: 1, modules: [module('counter.wasm')] }],
    });
    const { exports } = await noted('assembly/counter.ts', again);
    assert.ok(exports.length === 2 && exports.every(({ isGuess }) => isGuess), JSON.stringify(exports));
  });
});
