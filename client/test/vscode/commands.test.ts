/** Commands, as the palette, links and lenses call them. */
import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { acceptFirst, closeAll, diagnostics, fileUri, find, open, textUri, until, withSetting } from './support.ts';

const run = <T>(command: string, ...args: unknown[]): Thenable<T> =>
  vscode.commands.executeCommand<T>(`wasm-hazards.${command}`, ...args);

describe('commands', () => {
  afterEach(closeAll);

  it('are all registered', async () => {
    await open('pure.wasm');
    const known = await vscode.commands.getCommands(true);
    const manifest = vscode.extensions.getExtension('wasm-hazards.wasm-hazards')?.packageJSON;
    for (const { command } of manifest.contributes.commands) assert.ok(known.includes(command), command);
  });

  it('analyse a file from the explorer', async () => {
    const [summary] = await run<{ exports: number; host: string }[]>('analyseModule', fileUri('counter-global.wasm'));
    assert.equal(summary.exports, 2);
    assert.equal(summary.host, 'wazero');
    await diagnostics(textUri('counter-global.wasm'));
    assert.equal(vscode.window.activeTextEditor?.document.uri.toString(), textUri('counter-global.wasm').toString());
  });

  it('show the conflict matrix in the report, beside the module', async () => {
    await open('counter-global.wasm');
    await run('showMatrix');
    const tabs = (): vscode.Tab[] => vscode.window.tabGroups.all.flatMap((group) => group.tabs);
    const isReport = ({ input }: vscode.Tab): boolean =>
      input instanceof vscode.TabInputWebview && input.viewType.endsWith('wasm-hazards.report');
    const report = await until('the report', [vscode.window.tabGroups.onDidChangeTabs], () => tabs().find(isReport));
    assert.match(report.label, /counter-global\.wasm/);
    await vscode.window.tabGroups.close(report);
  });

  it('show the conflict matrix as text beside the module', async () => {
    await open('counter-global.wasm');
    await run('showMatrixText');
    const matrix = await until('the matrix', [vscode.window.onDidChangeVisibleTextEditors], () =>
      vscode.window.visibleTextEditors.find(({ document }) => document.uri.scheme === 'wasm-hazards-matrix'),
    );
    assert.match(matrix.document.getText(), /increment/);
    assert.equal(matrix.viewColumn, vscode.ViewColumn.Two);
  });

  it('reveal an offset', async () => {
    const editor = await open('counter-global.wasm');
    const found = await diagnostics(textUri('counter-global.wasm'));
    const message = found.map((one) => one.message).join('\n');
    const offset = Number(/global\.set at (0x[0-9a-f]+)/.exec(message)?.[1]);
    await run('reveal', fileUri('counter-global.wasm').toString(), offset);
    assert.equal(editor.selection.start.line, find(editor.document, 'global.set').line);
  });

  it('open elided bodies on demand', async () => {
    await withSetting('text.budget', 0, async () => {
      const { document } = await open('bump-allocator.wasm');
      await until('an elided text', [vscode.workspace.onDidChangeTextDocument], () =>
        /\(func \$reserve [^\n]*\(;\d+ instructions?;\)/.test(document.getText()),
      );
      const uri = fileUri('bump-allocator.wasm').toString();
      await diagnostics(textUri('bump-allocator.wasm'));
      await run('showBody', uri, 0);
      assert.match(document.getText(), /memory\.grow/);
      assert.match(document.getText(), /\(func \$malloc [^\n]*\(;\d+ instructions?;\)/, 'only what was asked for');

      const [grow] = vscode.languages
        .getDiagnostics(textUri('bump-allocator.wasm'))
        .map(({ message }) => /global\.set at (0x[0-9a-f]+)/.exec(message)?.[1])
        .filter((offset) => offset !== undefined);
      await run('reveal', uri, Number(grow));
      const editor = vscode.window.activeTextEditor;
      assert.match(editor?.document.lineAt(editor.selection.start.line).text ?? '', /global\.set/);
    });
  });

  it('remove the setting of the host where the default is chosen', async () => {
    await withSetting('host', 'wasmtime', async () => {
      await acceptFirst(() => run('selectHostProfile'));
      const set = vscode.workspace.getConfiguration('wasmHazards').inspect('host');
      assert.equal(set?.workspaceValue, undefined);
    });
  });

  it('open the page of a rule', async () => {
    await run('openRule', 'memory-grow');
    const tab = await until('the page', [vscode.window.tabGroups.onDidChangeTabs], () => {
      const active = vscode.window.tabGroups.activeTabGroup.activeTab;
      return active?.label.includes('memory-grow') && active;
    });
    assert.ok(tab);
  });

  it('restart the server, after which everything works again', async () => {
    const { document } = await open('counter-global.wasm');
    await diagnostics(document.uri);
    const cleared = diagnostics(document.uri, (found) => found.length === 0);
    await run('restartServer');
    await cleared;
    await diagnostics(document.uri);
  });
});
