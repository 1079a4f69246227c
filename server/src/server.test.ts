/** The real server in a process of its own, as a client sees it. */

import assert from 'node:assert/strict';
import { copyFile, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { pathToFileURL } from 'node:url';
import type { CodeLens, DocumentSymbol, Hover, Location } from 'vscode-languageserver';
import { bigModule } from '../../core/testing/bigModule.ts';
import { FIXTURES } from '../../core/testing/paths.ts';
import { textUriOf } from '../../core/text/documentUris.ts';
import { DEFAULT_SETTINGS } from './defaultSettings.ts';
import { isDiagnosticsOf, isSummaryOf, startServer, type TestClient } from './testing/languageClient.ts';

describe('server', () => {
  let client: TestClient;
  let folder: string;

  const uriOf = (name: string): string => pathToFileURL(join(folder, name)).href;

  /** A fixture under a name of its own, so that tests do not see each other's events. */
  async function fixture(name: string, as: string): Promise<string> {
    await copyFile(join(FIXTURES, name), join(folder, as));
    return uriOf(as);
  }

  /** Position of a text within the lines of `text`. */
  function find(text: string, wanted: string): { line: number; character: number } {
    const line = text.split('\n').findIndex((one) => one.includes(wanted));
    assert.notEqual(line, -1, `the text has no ${wanted}:\n${text}`);
    return { line, character: text.split('\n')[line].indexOf(wanted) };
  }

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'wasm-hazards-server-'));
    await writeFile(join(folder, 'go.mod'), 'module example\n\nrequire github.com/tetratelabs/wazero v1.9.0\n');
    client = await startServer({}, [pathToFileURL(folder).href]);
  });

  after(async () => {
    await client.stop();
    assert.equal(client.stdout(), '', 'stdout belongs to the protocol');
    await rm(folder, { recursive: true });
  });

  it('goes on after cancellations without an id', async () => {
    await client.connection.sendNotification('$/cancelRequest', []);
    await client.connection.sendNotification('$/cancelRequest');
    const { exports } = await client.request('wasmHazards/analyse', {
      uri: await fixture('pure.wasm', 'goes-on.wasm'),
    });
    assert.ok((exports ?? 0) > 0);
  });

  it('shows a binary, reports its hazards, and answers about it', async () => {
    const uri = await fixture('counter-global.wasm', 'whole.wasm');
    const text = await client.open(uri);
    assert.match(text, /^\(module/m);

    const { diagnostics } = await client.event(isDiagnosticsOf(textUriOf(uri), 1));
    const write = diagnostics.find(({ code }) => code === 'global-write');
    assert.ok(write, 'global-write is reported');
    assert.deepEqual(write.range.start.line, find(text, '(export "increment"').line);
    const access = find(text, 'global.set').line;
    assert.ok(write.relatedInformation?.some(({ location }) => location.range.start.line === access));
    assert.match(String(write.message), /^'increment' writes mutable global '\$count'/, 'no Markdown in Problems');

    const { summary } = await client.event(isSummaryOf(uri));
    assert.equal(summary.host, 'wazero');
    assert.match(summary.hostReason, /go\.mod requires/);
    assert.equal(summary.exports, 2);

    const textDocument = { uri: textUriOf(uri) };
    const hover = await client.request<Hover>('textDocument/hover', {
      textDocument,
      position: find(text, '"increment"'),
    });
    assert.match(JSON.stringify(hover.contents), /stateful/);

    const call = find(text, 'call $add');
    const definition = await client.request<Location>('textDocument/definition', {
      textDocument,
      position: { line: call.line, character: call.character + 'call $'.length },
    });
    assert.equal(definition.range.start.line, find(text, '(func $add').line);

    const lenses = await client.request<CodeLens[]>('textDocument/codeLens', { textDocument });
    assert.equal(lenses.length, 9, 'two for each of two exports, five for the module');
    const symbols = await client.request<DocumentSymbol[]>('textDocument/documentSymbol', { textDocument });
    assert.ok(symbols.some(({ name }) => name === 'Exports'));
    const references = await client.request<Location[]>('textDocument/references', {
      textDocument,
      position: { line: call.line, character: call.character + 'call $'.length },
      context: { includeDeclaration: true },
    });
    assert.ok(references.length >= 2);
  });

  it('locates offsets, lists an export, draws the matrix', async () => {
    const uri = await fixture('counter-global.wasm', 'requests.wasm');
    const text = await client.open(uri);
    const found = await client.request('wasmHazards/export', { uri, exportName: 'increment' });
    assert.match(found.headline ?? '', /stateful/);
    const finding = found.items.find(({ kind }) => kind === 'warning');
    assert.ok(finding?.offset != null);
    const located = await client.request('wasmHazards/locate', { uri, offsets: [0, finding.offset] });
    assert.equal(located.ranges[1]?.start.line, find(text, 'global.set').line);
    assert.equal(located.ranges.length, 2);
    assert.deepEqual(located.elidedFunctions, [null, null]);
    assert.equal((await client.request('wasmHazards/export', { uri, exportName: 'nobody' })).headline, null);
    const { text: matrix } = await client.request('wasmHazards/matrix', { uri });
    assert.match(matrix, /increment/);
  });

  it('answers hovers while a long analysis runs', async () => {
    const small = await fixture('counter-global.wasm', 'small.wasm');
    const text = await client.open(small);
    await client.event(isDiagnosticsOf(textUriOf(small), 1));
    await writeFile(join(folder, 'big.wasm'), bigModule(20_000, 20));
    const from = client.events.length;
    const big = client.request('wasmHazards/text', { uri: uriOf('big.wasm'), expand: [] }, 'big');
    for (let i = 0; i < 5; i++) {
      const params = { textDocument: { uri: textUriOf(small) }, position: find(text, '"increment"') };
      assert.ok(await client.request<Hover | null>('textDocument/hover', params, 'hover'));
    }
    await big;
    const order = client.events
      .slice(from)
      .flatMap((event) => (event.kind === 'reply' ? [event.to] : event.kind === 'summary' ? ['summary'] : []));
    assert.deepEqual(order, ['hover', 'hover', 'hover', 'hover', 'hover', 'summary', 'big']);
  });

  it('follows settings without a second analysis', async () => {
    const uri = await fixture('counter-memory.wasm', 'settings.wasm');
    await client.open(uri);
    const before = await client.event(isSummaryOf(uri));
    const first = await client.event(isDiagnosticsOf(textUriOf(uri), 1));
    const rule = String(first.diagnostics[0].code);
    let from = client.events.length;
    client.notify('wasmHazards/settings', { ...DEFAULT_SETTINGS, rules: { [rule]: 'off' }, codeLens: false });
    const second = await client.event(isDiagnosticsOf(textUriOf(uri)), from);
    assert.ok(second.diagnostics.every(({ code }) => code !== rule));
    const summary = await client.event(isSummaryOf(uri), from);
    // The time of an analysis tells two of them apart.
    assert.equal(summary.summary.milliseconds, before.summary.milliseconds);
    const lenses = await client.request<CodeLens[]>('textDocument/codeLens', { textDocument: { uri: textUriOf(uri) } });
    assert.deepEqual(lenses, []);

    from = client.events.length;
    client.notify('wasmHazards/settings', { ...DEFAULT_SETTINGS, host: 'javascript' });
    const third = await client.event(isSummaryOf(uri), from);
    assert.equal(third.summary.host, 'javascript');
    assert.match(third.summary.hostReason, /wasmHazards\.host/);
    from = client.events.length;
    client.notify('wasmHazards/settings', DEFAULT_SETTINGS);
    await client.event(isSummaryOf(uri), from);
  });

  it('chooses the host anew when a manifest changes', async () => {
    await mkdir(join(folder, 'nested'));
    const uri = await fixture('pure.wasm', 'nested/hosted.wasm');
    await client.open(uri);
    assert.equal((await client.event(isSummaryOf(uri))).summary.host, 'wazero');
    const from = client.events.length;
    await writeFile(join(folder, 'nested', 'Cargo.toml'), '[dependencies]\nwasmtime = "38"\n');
    client.notify('workspace/didChangeWatchedFiles', { changes: [{ uri: uriOf('nested/Cargo.toml'), type: 1 }] });
    const { summary } = await client.event(isSummaryOf(uri), from);
    assert.equal(summary.host, 'wasmtime');
    assert.match(summary.hostReason, /^nested\/Cargo\.toml depends on wasmtime/);
  });

  it('keeps positions of the text on screen until a changed one has arrived', async () => {
    const uri = await fixture('counter-global.wasm', 'changing.wasm');
    const textDocument = { uri: textUriOf(uri) };
    const old = await client.open(uri);
    await client.event(isDiagnosticsOf(textDocument.uri, 1));
    const from = client.events.length;
    await copyFile(join(FIXTURES, 'grow-vs-write.wasm'), join(folder, 'changing.wasm'));
    client.notify('wasmHazards/binaryChanged', { uri });
    await client.event(isSummaryOf(uri), from);
    const hover = await client.request<Hover>('textDocument/hover', {
      textDocument,
      position: find(old, '"increment"'),
    });
    assert.match(JSON.stringify(hover.contents), /increment/, 'the old text is still on screen');
    assert.ok(!client.events.slice(from).some(isDiagnosticsOf(textDocument.uri)));

    const { text } = await client.request('wasmHazards/text', { uri, expand: [] });
    assert.notEqual(text, old);
    client.notify('textDocument/didChange', {
      textDocument: { ...textDocument, version: 2 },
      contentChanges: [{ text }],
    });
    const { diagnostics } = await client.event(isDiagnosticsOf(textDocument.uri, 1), from);
    assert.ok(diagnostics.some(({ code }) => code === 'memory-grow'));
  });

  it('clears what it said when the file vanishes or the text is closed', async () => {
    const uri = await fixture('counter-global.wasm', 'vanishing.wasm');
    await client.open(uri);
    await client.event(isDiagnosticsOf(textUriOf(uri), 1));
    let from = client.events.length;
    await rm(join(folder, 'vanishing.wasm'));
    client.notify('wasmHazards/binaryChanged', { uri });
    const cleared = await client.event(isDiagnosticsOf(textUriOf(uri)), from);
    assert.deepEqual(cleared.diagnostics, []);
    const { summary } = await client.event(isSummaryOf(uri), from);
    assert.match(summary.problem ?? '', /does not exist/);

    const other = await fixture('counter-global.wasm', 'closing.wasm');
    await client.open(other);
    await client.event(isDiagnosticsOf(textUriOf(other), 1));
    from = client.events.length;
    client.notify('textDocument/didClose', { textDocument: { uri: textUriOf(other) } });
    assert.deepEqual((await client.event(isDiagnosticsOf(textUriOf(other)), from)).diagnostics, []);
    assert.deepEqual((await client.event(isDiagnosticsOf(other), from)).diagnostics, []);
  });

  it('keeps the findings of a file that the user had analysed without opening it', async () => {
    const uri = await fixture('counter-global.wasm', 'asked.wasm');
    const summary = await client.request('wasmHazards/analyse', { uri });
    assert.equal(summary.exports, 2);
    assert.ok((await client.event(isDiagnosticsOf(uri, 1))).diagnostics.length > 0);
  });

  it('reports each finding once: at the text while that is open, else at the file', async () => {
    const uri = await fixture('counter-global.wasm', 'once.wasm');
    const text = textUriOf(uri);
    /** How many diagnostics text and file have, by all that was published so far. */
    const counts = (): [number, number] => {
      const of = (wanted: string): number => {
        const last = client.events.findLast((event) => event.kind === 'diagnostics' && event.uri === wanted);
        return last?.kind === 'diagnostics' ? last.diagnostics.length : 0;
      };
      return [of(text), of(uri)];
    };
    const settled = async (): Promise<[number, number]> => {
      await client.request('wasmHazards/analyse', { uri });
      return counts();
    };
    // The last publication before each answer of `analyse` is the one that counts.
    await client.open(uri);
    await client.event(isDiagnosticsOf(text, 1));
    assert.deepEqual(await settled(), [2, 0], 'opened, then asked for');
    client.notify('textDocument/didClose', { textDocument: { uri: text } });
    assert.deepEqual(await settled(), [0, 2], 'closed');
    let from = client.events.length;
    await client.open(uri);
    await client.event(isDiagnosticsOf(text, 1), from);
    assert.deepEqual(await settled(), [2, 0], 'asked for, then opened');
    from = client.events.length;
    client.notify('wasmHazards/settings', { ...DEFAULT_SETTINGS, rules: { 'global-read': 'off' } });
    await client.event(isDiagnosticsOf(text, 1), from);
    assert.deepEqual(await settled(), [1, 0], 'other settings');
    from = client.events.length;
    client.notify('wasmHazards/settings', DEFAULT_SETTINGS);
    await client.event(isDiagnosticsOf(text, 1), from);
    client.notify('textDocument/didClose', { textDocument: { uri: text } });
    assert.deepEqual(await settled(), [0, 2], 'closed again');
  });

  it('says what a file is that it cannot show', async () => {
    await writeFile(join(folder, 'component.wasm'), Uint8Array.of(0, 0x61, 0x73, 0x6d, 0x0d, 0, 1, 0));
    await writeFile(join(folder, 'empty.wasm'), '');
    await writeFile(join(folder, 'other.wasm'), 'hello');
    await writeFile(join(folder, 'lfs.wasm'), 'version https://git-lfs.github.com/spec/v1\n');
    const module = await readFile(join(FIXTURES, 'bump-allocator.wasm'));
    await writeFile(join(folder, 'truncated.wasm'), module.subarray(0, module.length >> 1));
    const expected: [string, RegExp][] = [
      ['component.wasm', /is a WebAssembly component with 0 core modules/],
      ['empty.wasm', /is empty/],
      ['other.wasm', /is not a WebAssembly binary[\s\S]*68 65 6c 6c 6f/],
      ['lfs.wasm', /git lfs pull/],
      ['truncated.wasm', /\(module/],
      ['missing.wasm', /does not exist/],
      ['.', /is a directory/],
    ];
    for (const [name, text] of expected) {
      assert.match(await client.open(uriOf(name)), text, name);
      const { summary } = await client.event(isSummaryOf(uriOf(name)));
      assert.ok(summary.problem, name);
      if (name === 'missing.wasm') continue;
      const { diagnostics } = await client.event(isDiagnosticsOf(textUriOf(uriOf(name)), 1));
      assert.ok(String(diagnostics[0].message).length > 10, name);
    }
  });

  it('ends early when the budget is spent, and says so', async () => {
    await writeFile(join(folder, 'long.wasm'), bigModule(20_000, 21));
    const uri = uriOf('long.wasm');
    const from = client.events.length;
    client.notify('wasmHazards/settings', { ...DEFAULT_SETTINGS, analysisSeconds: 0.001 });
    await client.open(uri);
    const { summary } = await client.event(isSummaryOf(uri), from);
    assert.ok(summary.problem, 'a partial result says that it is one');
    const { diagnostics } = await client.event(isDiagnosticsOf(textUriOf(uri), 1), from);
    assert.ok(diagnostics.some(({ code }) => code === 'partial'));
    client.notify('wasmHazards/settings', DEFAULT_SETTINGS);
  });
});
