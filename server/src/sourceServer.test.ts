/** Live analysis of sources by the real server in a process of its own. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { CodeLens, Diagnostic, DocumentSymbol, Hover, Location } from 'vscode-languageserver';
import { isDiagnosticsOf, isSummaryOf, startServer, type TestClient } from './testing/languageClient.ts';

const COUNTER = `(module
  (global $counter (mut i32) (i32.const 0))
  (func $bump (param $by i32)
    (global.set $counter
      (i32.add (global.get $counter) (local.get $by))))
  (func (export "increment") (call $bump (i32.const 1)))
  (func (export "reset") (global.set $counter (i32.const 0)))
)
`;

describe('sources', () => {
  let client: TestClient;
  let number = 0;
  before(async () => {
    client = await startServer();
    client.notify('initialized', {});
  });
  after(() => client.stop());

  function open(text: string, name = `file:///modules/source${number++}.wat`): string {
    client.notify('textDocument/didOpen', { textDocument: { uri: name, languageId: 'wat', version: 1, text } });
    return name;
  }

  const position = (text: string, wanted: string, within = 0): { line: number; character: number } => {
    const at = text.indexOf(wanted);
    assert.notEqual(at, -1, wanted);
    const before = text.slice(0, at + within).split('\n');
    return { line: before.length - 1, character: before[before.length - 1].length };
  };

  const messageOf = (found: Diagnostic | undefined): string => String(found?.message ?? '');

  const codes = (found: readonly Diagnostic[]): unknown[] => found.map(({ code }) => code);

  /** Edits `text` at the first `wanted`; returns the new text. */
  function edit(uri: string, version: number, text: string, wanted: string, by: string): string {
    const start = position(text, wanted);
    const end = position(text, wanted, wanted.length);
    client.notify('textDocument/didChange', {
      textDocument: { uri, version },
      contentChanges: [{ range: { start, end }, text: by }],
    });
    return text.replace(wanted, () => by);
  }

  it('has findings at the exports, with the way to the exact instruction', async () => {
    const uri = open(COUNTER);
    const { diagnostics } = await client.event(isDiagnosticsOf(uri, 1));
    const write = diagnostics.find(
      ({ code, message }) => code === 'global-write' && String(message).includes('increment'),
    );
    assert.ok(write, JSON.stringify(codes(diagnostics)));
    assert.deepEqual(write.range, {
      start: position(COUNTER, '(export "increment")'),
      end: position(COUNTER, '(export "increment")', '(export "increment")'.length),
    });
    assert.match(messageOf(write), /global\.set at line 4/);
    const steps = write.relatedInformation ?? [];
    assert.deepEqual(steps[0].location, {
      uri,
      range: { start: position(COUNTER, 'call $bump'), end: position(COUNTER, 'call $bump', 'call $bump'.length) },
    });
    assert.deepEqual(steps[1].location.range, {
      start: position(COUNTER, 'global.set'),
      end: position(COUNTER, 'global.set', 'global.set $counter'.length),
    });
    const { summary } = await client.event(isSummaryOf(uri));
    assert.deepEqual([summary.exports, summary.problem], [2, undefined]);
  });

  it('answers hover, definition, references, lenses, symbols, and leaves folding to the editor', async () => {
    const uri = open(COUNTER);
    await client.event(isDiagnosticsOf(uri, 1));
    const textDocument = { uri };
    const hover = await client.request<Hover>('textDocument/hover', {
      textDocument,
      position: position(COUNTER, '"increment"', 3),
    });
    assert.match(JSON.stringify(hover.contents), /stateful/);
    const definition = await client.request<Location>('textDocument/definition', {
      textDocument,
      position: position(COUNTER, 'call $bump', 7),
    });
    assert.deepEqual(definition.range.start, position(COUNTER, '(func $bump'));
    const references = await client.request<Location[]>('textDocument/references', {
      textDocument,
      position: position(COUNTER, 'global $counter', 9),
      context: { includeDeclaration: true },
    });
    assert.equal(references.length, 4);
    const lenses = await client.request<CodeLens[]>('textDocument/codeLens', { textDocument });
    assert.equal(lenses.length, 9, 'two an export, five for the module');
    const symbols = await client.request<DocumentSymbol[]>('textDocument/documentSymbol', { textDocument });
    const functions = symbols.find(({ name }) => name === 'Functions');
    assert.equal(functions?.children?.[0].range.end.line, 4);
  });

  it('answers the requests about exports, offsets and conflicts', async () => {
    const uri = open(COUNTER);
    const found = await client.request('wasmHazards/export', { uri, exportName: 'increment' });
    assert.match(found.headline ?? '', /stateful/);
    const finding = found.items.find(({ kind }) => kind === 'warning');
    assert.ok(finding?.offset != null);
    const located = await client.request('wasmHazards/locate', { uri, offsets: [0, finding.offset] });
    assert.deepEqual(
      located.ranges.map((range) => range?.start),
      [{ line: 0, character: 0 }, position(COUNTER, 'global.set')],
    );
    const { text } = await client.request('wasmHazards/matrix', { uri });
    assert.match(text, /increment/);
    const summary = await client.request('wasmHazards/analyse', { uri });
    assert.equal(summary.exports, 2);
    await assert.rejects(client.request('wasmHazards/matrix', { uri: 'file:///modules/nobody.wat' }), /not open/);
  });

  it('says where the text does not compile, and keeps the last analysis, moved', async () => {
    const uri = open(COUNTER);
    await client.event(isDiagnosticsOf(uri, 1));
    let from = client.events.length;
    let text = edit(uri, 2, COUNTER, '  (global $counter', '  ;; 😀\n  (fun)\n  (global $counter');
    const broken = (await client.event(isDiagnosticsOf(uri), from)).diagnostics;
    const syntax = broken.find(({ code }) => code === 'syntax');
    assert.deepEqual(syntax?.range.start, position(text, 'fun)'));
    const write = broken.find(({ code }) => code === 'global-write');
    assert.deepEqual(write?.range.start, position(text, '(export "increment")'));
    assert.match(messageOf(write), /Based on the last text that compiled\.$/);
    assert.match(messageOf(syntax), /^\S.*\.$/);
    const hover = await client.request<Hover>('textDocument/hover', {
      textDocument: { uri },
      position: position(text, '"increment"', 3),
    });
    assert.match(JSON.stringify(hover.contents), /Based on the last text that compiled/);
    assert.deepEqual(hover.range?.start, position(text, '"increment"'));

    from = client.events.length;
    text = edit(uri, 3, text, '(fun)', '(func)');
    const { diagnostics } = await client.event(isDiagnosticsOf(uri), from);
    assert.ok(!codes(diagnostics).includes('syntax'));
    assert.ok(diagnostics.every(({ message }) => !String(message).includes('As of the last')));
    assert.deepEqual(
      diagnostics.find(({ code }) => code === 'global-write')?.range.start,
      position(text, '(export "increment")'),
    );
  });

  it('points to the parenthesis that is never closed', async () => {
    const text = '(module\n  (func $f\n    (drop (i32.const 1))\n  (func $g)\n';
    const uri = open(text);
    const { diagnostics } = await client.event(isDiagnosticsOf(uri, 1));
    const [syntax] = diagnostics;
    const places = syntax.relatedInformation?.map(({ location, message }) => [message, location.range.start]);
    assert.deepEqual(places, [
      ['this module is never closed', position(text, '(module')],
      ['this function is never closed', position(text, '(func $f')],
    ]);
  });

  it('says what is not valid at the instruction', async () => {
    const text = '(module\n  (func (export "f")\n\t(;😀;) i32.const 1 i64.const 2 i32.add drop))';
    const uri = open(text);
    const { diagnostics } = await client.event(isDiagnosticsOf(uri, 1));
    const invalid = diagnostics.find(({ code }) => code === 'invalid');
    assert.match(messageOf(invalid), /^i32\.add\[1\] expected type i32, found i64\.const/);
    assert.deepEqual(invalid?.range.start, position(text, 'i64.const 2'), 'the engine means the operand');
  });

  it('takes back what is under way with the next edit', async () => {
    const uri = open(COUNTER);
    await client.event(isDiagnosticsOf(uri, 1));
    const from = client.events.length;
    let text = COUNTER;
    for (let version = 2; version < 12; version++)
      text = edit(uri, version, text, ')\n)', `)\n  (func $f${version})\n)`);
    edit(uri, 12, text, '(export "reset")', '');
    const { diagnostics } = await client.event(isDiagnosticsOf(uri), from);
    assert.ok(diagnostics.every(({ message }) => !String(message).includes('`reset`')));
    const all = client.events.slice(from).filter(isDiagnosticsOf(uri));
    assert.equal(all.length, 1);
  });

  it('analyses each module of a script by itself', async () => {
    const script = `(module $a (global $g (mut i32) (i32.const 0)) (func (export "one") (global.set $g (i32.const 1))))
(assert_return (invoke "one"))
(module definition $b (func (export "broken") (foo)))
(module binary "\\00asm\\01\\00\\00\\00")
(module $c (memory 1) (func (export "grow") (drop (memory.grow (i32.const 1)))))
`;
    const uri = open(script, 'file:///modules/script.wast');
    const { diagnostics } = await client.event(isDiagnosticsOf(uri, 1));
    assert.deepEqual(
      codes(diagnostics)
        .filter((code) => code !== 'growable-memory')
        .sort(),
      ['global-write', 'memory-grow', 'syntax'],
    );
    assert.deepEqual(diagnostics.find(({ code }) => code === 'syntax')?.range.start, position(script, 'foo'));
    const lenses = await client.request<CodeLens[]>('textDocument/codeLens', { textDocument: { uri } });
    assert.equal(lenses.length, 14, 'two an export, five for each module');
    const symbols = await client.request<DocumentSymbol[]>('textDocument/documentSymbol', { textDocument: { uri } });
    assert.deepEqual(
      symbols.map(({ name }) => name),
      ['$a', '$c'],
    );
    const grow = lenses.find(({ command }) => command?.arguments?.[1] === 'grow');
    const [module, name] = (grow?.command?.arguments ?? []) as [string, string];
    const found = await client.request('wasmHazards/export', { uri: module, exportName: name });
    assert.match(found.headline ?? '', /grow/);
  });

  it('has nothing to say of an empty text, and clears what it said when one is closed', async () => {
    const uri = open('\n\n');
    assert.deepEqual((await client.event(isDiagnosticsOf(uri))).diagnostics, []);
    const other = open(COUNTER);
    await client.event(isDiagnosticsOf(other, 1));
    const from = client.events.length;
    client.notify('textDocument/didClose', { textDocument: { uri: other } });
    assert.deepEqual((await client.event(isDiagnosticsOf(other), from)).diagnostics, []);
  });

  it('has never written to its stdout', () => assert.equal(client.stdout(), ''));
});
