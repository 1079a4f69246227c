/** The real server with a module that has debug information, and its source in the workspace. */
import assert from 'node:assert/strict';
import { copyFileSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { call, made, party, race, row } from '../../core/report/testing/madeResults.ts';
import { ROOT } from '../../core/testing/paths.ts';
import { textUriOf } from '../../core/text/documentUris.ts';
import type { AnyResult } from './protocol.ts';
import { type Event, startServer, type TestClient } from './testing/languageClient.ts';

const CASES = join(ROOT, 'core', 'debug', 'cases');
let folder: string;
let module: string;
let client: TestClient;

before(async () => {
  folder = mkdtempSync(join(tmpdir(), 'debug-server-'));
  mkdirSync(join(folder, 'src'));
  copyFileSync(join(CASES, 'state.c'), join(folder, 'src', 'state.c'));
  copyFileSync(join(CASES, 'state.wasm'), join(folder, 'state.wasm'));
  copyFileSync(join(ROOT, 'test-fixtures', 'counter-global.wasm'), join(folder, 'plain.wasm'));
  module = pathToFileURL(join(folder, 'state.wasm')).href;
  client = await startServer({}, [pathToFileURL(folder).href]);
});
after(async () => {
  await client.stop();
  rmSync(folder, { recursive: true });
});

const COUNTER = 'memory[0] 0x420..0x424';
/** As a run of `increment` finds it. */
const result = made([[['increment']], [['increment']]], {
  races: [race(party(0, 'i32.store', 0x8f, 0), party(1, 'i32.load', 0x83, 0), { kind: 'memory', cell: COUNTER })],
  trace: call(0, 'increment()', [row(0, 'i32.store', COUNTER, '= 1', { func: 0, offset: 0x8f })], '1'),
});

test('the text opens without waiting; findings then speak of the source', async () => {
  await client.open(module);
  const speaksOfSource = (event: Event): event is Extract<Event, { kind: 'diagnostics' }> =>
    event.kind === 'diagnostics' &&
    event.uri === textUriOf(module) &&
    event.diagnostics.some(({ message }) => String(message).includes('src/state.c:13'));
  const { diagnostics } = await client.event(speaksOfSource);
  assert.ok(diagnostics.some(({ message }) => String(message).includes("'state.count' ('src/state.c:8'")));
});

test('the matrix and the list of findings speak of it', async () => {
  const { text } = await client.request('wasmHazards/matrix', { uri: module });
  assert.match(text, /state\.count \(\$?memory(\[0\])? \[1060,1064\)\)/);
  const found = await client.request('wasmHazards/export', { uri: module, exportName: 'third' });
  assert.match(JSON.stringify(found), /slots\[3\]/);
});

test('results of runs are told in its words', async () => {
  const told = await client.request('wasmHazards/inSource', { uri: module, result });
  assert.deepEqual(told.result, {
    ...JSON.parse(JSON.stringify(result)),
    functions: { 1: 'record_value', 2: 'record' },
    races: result.races.map((one) => ({
      ...one,
      a: { ...one.a, place: { file: 'src/state.c', line: 13, column: 11, function: 'bump' } },
      b: { ...one.b, place: { file: 'src/state.c', line: 13, column: 11, function: 'bump' } },
      variable: { name: 'counter', type: 'int', file: 'src/state.c', line: 7 },
    })),
    trace: JSON.parse(JSON.stringify(result.trace)).map((one: { op: string }) =>
      one.op === 'i32.store'
        ? {
            ...one,
            place: { file: 'src/state.c', line: 13, column: 11, function: 'bump' },
            variable: { name: 'counter', type: 'int', file: 'src/state.c', line: 7 },
          }
        : one,
    ),
  } satisfies AnyResult);
});

test('a module without debug information is never asked for it', async () => {
  const uri = pathToFileURL(join(folder, 'plain.wasm')).href;
  await client.open(uri);
  const { mayHaveSource } = await client.request('wasmHazards/stressModule', { uri });
  assert.equal(mayHaveSource, false);
  assert.equal((await client.request('wasmHazards/stressModule', { uri: module })).mayHaveSource, true);
  const told = await client.request('wasmHazards/inSource', { uri, result });
  assert.deepEqual(told.result, JSON.parse(JSON.stringify(result)));
});
