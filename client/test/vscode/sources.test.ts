/** Sources: live findings, quick fixes, and other extensions for the same language. */
import assert from 'node:assert/strict';
import { PassThrough } from 'node:stream';
import * as vscode from 'vscode';
import { createMessageConnection } from 'vscode-jsonrpc/node';
import { LanguageClient, type StreamInfo } from 'vscode-languageclient/node';

import { closeAll, diagnostics, fileUri, find, hasRule, hover, ruleOf, until, withSetting } from './support.ts';

const COUNTER = `(module
  (memory $m (export "memory") 1)
  (global $counter (mut i32) (i32.const 0))
  (func $bump
    (global.set $counter
      (i32.add (global.get $counter) (i32.const 1))))
  (func (export "increment") (call $bump))
  (func (export "reset") (global.set $counter (i32.const 0)))
)
`;

/** An untitled source in front. */
async function openNew(content: string): Promise<vscode.TextEditor> {
  const document = await vscode.workspace.openTextDocument({ language: 'wat', content });
  return vscode.window.showTextDocument(document);
}

async function replace(editor: vscode.TextEditor, wanted: string, by: string): Promise<void> {
  const start = find(editor.document, wanted);
  const end = find(editor.document, wanted, wanted.length);
  assert.ok(await editor.edit((edit) => edit.replace(new vscode.Range(start, end), by)));
}

const at = (found: readonly vscode.Diagnostic[], rule: string, name: string): vscode.Diagnostic | undefined =>
  found.find((one) => ruleOf(one) === rule && one.message.startsWith(`'${name}'`));

const quickFixes = (uri: vscode.Uri, range: vscode.Range): Thenable<vscode.CodeAction[]> =>
  vscode.commands.executeCommand<vscode.CodeAction[]>(
    'vscode.executeCodeActionProvider',
    uri,
    range,
    vscode.CodeActionKind.QuickFix.value,
  );

describe('a source', () => {
  afterEach(async () => {
    await vscode.commands.executeCommand('workbench.action.revertAndCloseActiveEditor');
    await closeAll();
  });

  it('shows what holds only for some arguments as information, unless the rule is set to something else', async () => {
    const editor = await openNew(
      '(module (memory 1) (func (export "set") (param i32) (i32.store (local.get 0) (i32.const 1))))',
    );
    const hasSeverity = (severity: vscode.DiagnosticSeverity) => (found: readonly vscode.Diagnostic[]) =>
      found.some((one) => ruleOf(one) === 'memory-write' && one.severity === severity);
    await diagnostics(editor.document.uri, hasSeverity(vscode.DiagnosticSeverity.Information));
    await withSetting('rules.memory-write', 'error', async () => {
      await diagnostics(editor.document.uri, hasSeverity(vscode.DiagnosticSeverity.Error));
    });
  });

  it('from a file has findings at its exports, with the way to the instruction', async () => {
    const uri = fileUri('counter-global.wat');
    const document = await vscode.workspace.openTextDocument(uri);
    await vscode.window.showTextDocument(document);
    const found = await diagnostics(uri, hasRule('global-write'));
    const write = at(found, 'global-write', 'increment');
    assert.ok(write);
    assert.deepEqual(write.range.start, find(document, '(export "increment")'));
    const access = find(document, 'global.set');
    assert.ok(write.relatedInformation?.some(({ location }) => location.range.start.isEqual(access)));
    assert.match(await hover(document, find(document, '"increment"', 2)), /stateful/);
  });

  it('is followed as it is typed; while it does not compile the last findings stay with their places', async () => {
    const editor = await openNew(COUNTER);
    const { document } = editor;
    await diagnostics(document.uri, hasRule('global-write'));
    await replace(editor, '  (global $counter', '  ;; 😀\n  (glob)\n  (global $counter');
    const broken = await diagnostics(document.uri, hasRule('syntax'));
    const syntax = broken.find((one) => ruleOf(one) === 'syntax');
    assert.deepEqual(syntax?.range, new vscode.Range(find(document, 'glob)'), find(document, 'glob)', 4)));
    const kept = at(broken, 'global-write', 'increment');
    assert.deepEqual(kept?.range.start, find(document, '(export "increment")'));
    assert.match(kept?.message ?? '', /last text that compiled/);
    assert.match(await hover(document, find(document, '"increment"', 2)), /last text that compiled/);
    await replace(editor, '  (glob)\n', '');
    const good = await diagnostics(
      document.uri,
      (found) => !hasRule('syntax')(found) && hasRule('global-write')(found),
    );
    assert.ok(good.every(({ message }) => !message.includes('last text that compiled')));
    await replace(editor, '(global.set $counter (i32.const 0))', '');
    await diagnostics(document.uri, (found) => at(found, 'global-write', 'reset') === undefined);
  });

  it('has lenses, an outline, definitions, references, hints', async () => {
    const { document } = await openNew(COUNTER);
    await diagnostics(document.uri, hasRule('global-write'));
    const lenses = await vscode.commands.executeCommand<vscode.CodeLens[]>(
      'vscode.executeCodeLensProvider',
      document.uri,
      100,
    );
    // Five of the module, two of each export that conflicts.
    assert.equal(lenses.length, 9);
    const symbols = await vscode.commands.executeCommand<vscode.DocumentSymbol[]>(
      'vscode.executeDocumentSymbolProvider',
      document.uri,
    );
    assert.ok(symbols.find(({ name }) => name === 'Functions')?.children.some(({ name }) => name === '$bump'));
    const [definition] = await vscode.commands.executeCommand<vscode.Location[]>(
      'vscode.executeDefinitionProvider',
      document.uri,
      find(document, 'call $bump', 7),
    );
    assert.deepEqual(definition.range.start, find(document, '(func $bump'));
    const references = await vscode.commands.executeCommand<vscode.Location[]>(
      'vscode.executeReferenceProvider',
      document.uri,
      find(document, 'global $counter', 9),
    );
    assert.equal(references.length, 4);
    const hints = (): Thenable<vscode.InlayHint[]> =>
      vscode.commands.executeCommand<vscode.InlayHint[]>(
        'vscode.executeInlayHintProvider',
        document.uri,
        new vscode.Range(0, 0, document.lineCount, 0),
      );
    const found = await hints();
    const { line } = find(document, 'global.set $counter');
    const hint = found.find(({ position }) => position.line === line);
    assert.equal(hint?.label, '$counter: written by reset');
    assert.equal(hint?.position.character, document.lineAt(line).text.length);
    await withSetting('inlayHints', false, async () => {
      assert.deepEqual(await hints(), []);
    });
  });

  it('is edited by quick fixes, each one step to undo', async () => {
    const { document } = await openNew(
      COUNTER.replace(/\)\n$/, '  (func (export "put") (i32.store (i32.const 0) (i32.const 1))))\n'),
    );
    const apply = async (rule: string, title: RegExp): Promise<void> => {
      const found = await diagnostics(document.uri, hasRule(rule));
      const had = found.filter((one) => ruleOf(one) === rule).length;
      const diagnostic = found.find((one) => ruleOf(one) === rule) as vscode.Diagnostic;
      const actions = await quickFixes(document.uri, diagnostic.range);
      const action = actions.find((one) => title.test(one.title));
      assert.ok(action?.edit, `${title} is not among ${actions.map((one) => one.title)}`);
      const before = document.getText();
      assert.ok(await vscode.workspace.applyEdit(action.edit));
      assert.notEqual(document.getText(), before);
      const count = (): number =>
        vscode.languages.getDiagnostics(document.uri).filter((one) => ruleOf(one) === rule).length;
      const changes = [vscode.languages.onDidChangeDiagnostics];
      await until(`fewer ${rule} in ${document.getText()}`, changes, () => count() < had);
      await vscode.commands.executeCommand('undo');
      assert.equal(document.getText(), before);
      await until(`${rule} again`, changes, () => count() === had);
    };
    await apply('growable-memory', /^Preallocate/);
    await apply('global-write', /^Ignore global-write here/);
  });

  it('of a script has its modules analysed one by one', async () => {
    const { document } = await openNew(COUNTER);
    await diagnostics(document.uri, hasRule('global-write'));
    const uri = fileUri('several.wast');
    await vscode.workspace.fs.writeFile(uri, Buffer.from(`${COUNTER}(assert_return (invoke "reset"))\n${COUNTER}`));
    const script = await vscode.workspace.openTextDocument(uri);
    await vscode.window.showTextDocument(script);
    const found = await diagnostics(uri, (all) => all.filter((one) => ruleOf(one) === 'global-write').length === 4);
    assert.ok(found.length >= 4);
    await vscode.workspace.fs.delete(uri);
  });
});

/** A second language server, in this process, for the same language: it formats, renames, completes. */
function neighbour(): LanguageClient {
  const serverOptions = async (): Promise<StreamInfo> => {
    const [toServer, toClient] = [new PassThrough(), new PassThrough()];
    // Not a connection of the server library: that one ends the process with its client.
    const connection = createMessageConnection(toServer, toClient);
    const range = { start: { line: 0, character: 0 }, end: { line: 0, character: 0 } };
    const answers: Record<string, unknown> = {
      initialize: {
        capabilities: {
          textDocumentSync: 2,
          documentFormattingProvider: true,
          renameProvider: true,
          completionProvider: {},
          hoverProvider: true,
          foldingRangeProvider: true,
        },
      },
      shutdown: null,
      'textDocument/formatting': [{ range, newText: ';; formatted\n' }],
      'textDocument/completion': [{ label: 'neighbour.complete' }],
      'textDocument/hover': { contents: 'a hover of the neighbour' },
      'textDocument/foldingRange': [{ startLine: 3, endLine: 5 }],
    };
    for (const [method, answer] of Object.entries(answers)) connection.onRequest(method, () => answer);
    connection.onRequest('textDocument/rename', ({ textDocument: { uri }, newName }) => ({
      changes: { [uri]: [{ range, newText: newName }] },
    }));
    connection.listen();
    return { reader: toClient, writer: toServer };
  };
  return new LanguageClient('neighbour', 'Neighbour', serverOptions, { documentSelector: [{ language: 'wat' }] });
}

describe('another language server for wat', () => {
  let client: LanguageClient;
  before(async () => {
    client = neighbour();
    await client.start();
  });
  after(() => client.dispose());
  afterEach(async () => {
    await vscode.commands.executeCommand('workbench.action.revertAndCloseActiveEditor');
  });

  it('formats, renames, completes and folds alone, and both hover', async () => {
    const { document } = await openNew(COUNTER);
    await diagnostics(document.uri, hasRule('global-write'));
    const place = find(document, '"increment"', 2);
    const text = await hover(document, place);
    assert.match(text, /a hover of the neighbour/);
    assert.match(text, /stateful/);
    const formatted = await vscode.commands.executeCommand<vscode.TextEdit[]>(
      'vscode.executeFormatDocumentProvider',
      document.uri,
      {},
    );
    assert.deepEqual(
      formatted.map(({ newText }) => newText),
      [';; formatted\n'],
    );
    const renamed = await vscode.commands.executeCommand<vscode.WorkspaceEdit>(
      'vscode.executeDocumentRenameProvider',
      document.uri,
      find(document, '$bump', 2),
      'other',
    );
    assert.equal(renamed.entries().flatMap(([, edits]) => edits).length, 1);
    const completions = await vscode.commands.executeCommand<vscode.CompletionList>(
      'vscode.executeCompletionItemProvider',
      document.uri,
      place,
    );
    const labels = completions.items.map(({ label }) => (typeof label === 'string' ? label : label.label));
    assert.ok(labels.includes('neighbour.complete'));
    const folds = await vscode.commands.executeCommand<vscode.FoldingRange[]>(
      'vscode.executeFoldingRangeProvider',
      document.uri,
    );
    assert.deepEqual(
      folds.map(({ start, end }) => [start, end]),
      [[3, 5]],
    );
  });

  it('does not keep our findings from coming with each edit', async () => {
    const editor = await openNew(COUNTER);
    await diagnostics(editor.document.uri, hasRule('global-write'));
    await replace(editor, '(call $bump)', '');
    await diagnostics(editor.document.uri, (found) => at(found, 'global-write', 'increment') === undefined);
    await until('findings that are ours', [vscode.languages.onDidChangeDiagnostics], () =>
      vscode.languages.getDiagnostics(editor.document.uri).every(({ source }) => source === 'wasm-hazards'),
    );
  });
});
