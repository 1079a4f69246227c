/** The server speaks of the source of binaries: the real server, with files on the disk. */
import assert from 'node:assert/strict';
import { cpSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, it } from 'node:test';
import { pathToFileURL } from 'node:url';
import type { Event } from './testing/languageClient.ts';
import { startServer, type TestClient } from './testing/languageClient.ts';

const CASES = join(import.meta.dirname, '../../core/debug/cases');
const folder = realpathSync(mkdtempSync(join(tmpdir(), 'wasm-hazards-sources-')));
const uri = (name: string): string => pathToFileURL(join(folder, name)).href;
let client: TestClient;

before(async () => {
  mkdirSync(join(folder, 'ws/assembly'), { recursive: true });
  cpSync(join(CASES, 'counter.wasm'), join(folder, 'ws/counter.wasm'));
  cpSync(join(CASES, 'counter.wasm.map'), join(folder, 'ws/counter.wasm.map'));
  cpSync(join(CASES, 'counter-c.wasm'), join(folder, 'ws/counter-c.wasm'));
  writeFileSync(join(folder, 'ws/assembly/counter.ts'), '// Another text than the one that was compiled\n');
  client = await startServer({}, [uri('ws')]);
});

after(async () => {
  await client.stop();
  rmSync(folder, { recursive: true, force: true });
});

/** For `client.event`: diagnostics with a message or related information that fits. */
const tells =
  (text: RegExp) =>
  (event: Event): event is Extract<Event, { kind: 'diagnostics' }> =>
    event.kind === 'diagnostics' && text.test(JSON.stringify(event.diagnostics));

it('first without, then with the lines of a source map', async () => {
  const text = await client.open(uri('ws/counter.wasm'));
  await client.event(tells(/assembly\/counter\.ts:16/));
  const head = text.split('\n').findIndex((line) => line.startsWith('(module'));
  const textDocument = { uri: uri('ws/counter.wasm').replace('file://', 'wasm-hazards:') };
  const position = { line: head, character: 3 };
  const hover = await client.request<{ contents: { value: string } }>('textDocument/hover', { textDocument, position });
  assert.match(
    hover.contents.value,
    /assembly\/counter\.ts is not the text that was compiled: its lines may have moved/,
  );
});

it('with the variables of DWARF in answers that are asked for once', async () => {
  const { text } = await client.request('wasmHazards/matrix', { uri: uri('ws/counter-c.wasm') });
  assert.match(text, /counter/);
  const { report } = await client.request('wasmHazards/export', {
    uri: uri('ws/counter-c.wasm'),
    exportName: 'bump',
  });
  assert.match(report, /state\.count/);
});

it('a map that was missing is read with the next analysis', async () => {
  const module = uri('ws/late.wasm');
  cpSync(join(CASES, 'counter.wasm'), join(folder, 'ws/late.wasm'));
  rmSync(join(folder, 'ws/counter.wasm.map'));
  const report = async () => (await client.request('wasmHazards/export', { uri: module, exportName: 'bump' })).report;
  assert.doesNotMatch(await report(), /counter\.ts/);
  cpSync(join(CASES, 'counter.wasm.map'), join(folder, 'ws/counter.wasm.map'));
  await client.request('wasmHazards/analyse', { uri: module });
  assert.match(await report(), /assembly\/counter\.ts:16/);
});

it('sources are looked for in folders that are added later', async () => {
  const module = uri('ws/counter-c.wasm');
  const report = async () => (await client.request('wasmHazards/export', { uri: module, exportName: 'bump' })).report;
  assert.doesNotMatch(await report(), /later\.d/);
  mkdirSync(join(folder, 'later.d/counter'), { recursive: true });
  writeFileSync(join(folder, 'later.d/counter/counter.c'), '');
  await client.request('wasmHazards/analyse', { uri: module });
  const added = [{ uri: uri('later.d'), name: 'later' }];
  client.notify('workspace/didChangeWorkspaceFolders', { event: { added, removed: [] } });
  assert.match(await report(), /counter\/counter\.c/);
});
