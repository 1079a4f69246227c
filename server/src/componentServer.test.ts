/** Components in the real server: their outline, and their core modules as texts of their own. */
import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { pathToFileURL } from 'node:url';
import { parse } from '@bytecodealliance/jco-transpile/wasm-tools';
import type { DocumentLink, DocumentSymbol, Hover } from 'vscode-languageserver';
import { textUriOf } from '../../core/text/documentUris.ts';
import { isDiagnosticsOf, startServer, type TestClient } from './testing/languageClient.ts';

const COUNTER = `(core module $counter
  (global $n (mut i32) (i32.const 0))
  (func (export "bump") (result i32)
    (global.set $n (i32.add (global.get $n) (i32.const 1)))
    (global.get $n)))`;
const COMPONENT = `(component
  (import "demo:host/log" (instance))
  (core module $pure (func (export "add") (param i32 i32) (result i32) (local.get 0)))
  ${COUNTER}
  (core instance $c (instantiate $counter))
  (func $bump (result u32) (canon lift (core func $c "bump")))
  (export "bump" (func $bump)))`;

describe('a component in the server', () => {
  let client: TestClient;
  let folder: string;
  let uri: string;

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'wasm-hazards-component-'));
    await writeFile(join(folder, 'two.wasm'), await parse(COMPONENT));
    uri = pathToFileURL(join(folder, 'two.wasm')).href;
    client = await startServer({}, [pathToFileURL(folder).href]);
  });
  after(async () => {
    await client.stop();
    await rm(folder, { recursive: true });
  });

  it('lists its core modules and its world, with links and symbols', async () => {
    const text = await client.open(uri);
    assert.match(text, /^;; two\.wasm is a WebAssembly component with 2 core modules\.$/m);
    assert.match(text, /^;; {3}two\.wasm#2 {2}counter, \d+ bytes$/m);
    assert.match(text, /^;; Exports\n;; {3}bump {2}func\n;;\n;; Imports\n;; {3}demo:host\/log {2}instance$/m);
    const textDocument = { uri: textUriOf(uri) };
    const links = await client.request<DocumentLink[]>('textDocument/documentLink', { textDocument });
    assert.deepEqual(
      links.map(({ target }) => target),
      [`${textUriOf(uri)}%231`, `${textUriOf(uri)}%232`],
    );
    const lines = text.split('\n');
    for (const [i, { range }] of links.entries())
      assert.equal(lines[range.start.line].slice(range.start.character, range.end.character), `two.wasm#${i + 1}`);
    const symbols = await client.request<DocumentSymbol[]>('textDocument/documentSymbol', { textDocument });
    assert.deepEqual(
      symbols.map(({ name, children }) => [name, children!.map((child) => child.name)]),
      [
        ['Core modules', ['two.wasm#1', 'two.wasm#2']],
        ['Exports', ['bump']],
        ['Imports', ['demo:host/log']],
      ],
    );
  });

  it('opens a core module as a text of its own, with its findings', async () => {
    const core = `${uri}%232`;
    const text = await client.open(core);
    assert.match(text, /^\(module/m);
    const { diagnostics } = await client.event(isDiagnosticsOf(textUriOf(core), 1));
    assert.ok(diagnostics.some(({ code }) => code === 'global-write'));
    const line = text.split('\n').findIndex((one) => one.includes('"bump"'));
    const position = { line, character: text.split('\n')[line].indexOf('"bump"') };
    const textDocument = { uri: textUriOf(core) };
    const hover = await client.request<Hover>('textDocument/hover', { textDocument, position });
    assert.match(JSON.stringify(hover.contents), /stateful/);
    const run = await client.request('wasmHazards/stressModule', { uri: core });
    assert.deepEqual(
      run.exports.map(({ name }) => name),
      ['bump'],
    );
  });

  it('says that there is no such core module', async () => {
    assert.match(await client.open(`${uri}%239`), /two\.wasm#9 has no core module 9: it has 2/);
  });
});
