/** Opening a binary. */
import assert from 'node:assert/strict';
import { appendFile, copyFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import * as vscode from 'vscode';
import { closeAll, copyOf, diagnostics, fileUri, find, folder, hasRule, open, textUri, until } from './support.ts';

describe('opening a binary', () => {
  afterEach(closeAll);

  it('shows its text in an ordinary editor under its own name', async () => {
    const { document } = await open('counter-global.wasm');
    assert.match(document.getText(), /^\s*\(export "increment"/m);
    assert.equal(document.languageId, 'wat');
    const { activeTab } = vscode.window.tabGroups.activeTabGroup;
    assert.equal(activeTab?.label, 'counter-global.wasm');
    assert.ok(activeTab.input instanceof vscode.TabInputText);
    const tabs = vscode.window.tabGroups.all.flatMap((group) => group.tabs);
    assert.equal(tabs.length, 1, 'nothing is left of the custom editor');
  });

  it('keeps a preview a preview and a pinned tab pinned', async () => {
    await vscode.commands.executeCommand('vscode.open', fileUri('pure.wasm'), { preview: true });
    await until('the text', [vscode.window.tabGroups.onDidChangeTabs], () => {
      const tab = vscode.window.tabGroups.activeTabGroup.activeTab;
      return tab?.input instanceof vscode.TabInputText && tab;
    });
    assert.equal(vscode.window.tabGroups.activeTabGroup.activeTab?.isPreview, true);
    await closeAll();
    await vscode.commands.executeCommand('vscode.open', fileUri('pure.wasm'), { preview: false });
    const pinned = await until('the text', [vscode.window.tabGroups.onDidChangeTabs], () => {
      const tab = vscode.window.tabGroups.activeTabGroup.activeTab;
      return tab?.input instanceof vscode.TabInputText && tab;
    });
    assert.equal(pinned.isPreview, false);
  });

  it('opens in the column that was asked for', async () => {
    await open('pure.wasm');
    await vscode.commands.executeCommand('vscode.open', fileUri('counter-global.wasm'), vscode.ViewColumn.Two);
    await until('two editors', [vscode.window.onDidChangeVisibleTextEditors], () =>
      vscode.window.visibleTextEditors.some(
        ({ document, viewColumn }) => document.fileName.endsWith('counter-global.wasm') && viewColumn === 2,
      ),
    );
    assert.equal(vscode.window.tabGroups.all.length, 2);
  });

  it('cannot be written, can be split', async () => {
    const { document } = await open('pure.wasm');
    assert.equal(vscode.workspace.fs.isWritableFileSystem(document.uri.scheme), false);
    await vscode.commands.executeCommand('workbench.action.splitEditor');
    await until('two editors of one document', [vscode.window.onDidChangeVisibleTextEditors], () => {
      const editors = vscode.window.visibleTextEditors.filter((editor) => editor.document === document);
      return editors.length === 2;
    });
  });

  it('goes to a selection in the text without the detour', async () => {
    const position = find((await open('counter-global.wasm')).document, 'global.set');
    await closeAll();
    await vscode.commands.executeCommand('vscode.open', textUri('counter-global.wasm'), {
      selection: new vscode.Range(position, position),
    });
    assert.equal(vscode.window.activeTextEditor?.document.uri.toString(), textUri('counter-global.wasm').toString());
    assert.equal(vscode.window.activeTextEditor?.selection.active.line, position.line);
  });

  it('compares two binaries as texts', async () => {
    const names = ['counter-global.wasm', 'counter-memory.wasm'] as const;
    await vscode.commands.executeCommand('vscode.diff', fileUri(names[0]), fileUri(names[1]), 'comparison');
    const { input } = await until('the comparison of the texts', [vscode.window.tabGroups.onDidChangeTabs], () => {
      const tabs = vscode.window.tabGroups.all.flatMap((group) => group.tabs);
      return tabs.length === 1 && tabs[0].input instanceof vscode.TabInputTextDiff && { input: tabs[0].input };
    });
    assert.equal(input.original.toString(), textUri(names[0]).toString());
    assert.equal(input.modified.toString(), textUri(names[1]).toString());
  });

  it('says what a file is that has no text', async () => {
    const expected: [string, RegExp][] = [
      ['broken/component.wasm', /is a WebAssembly component/],
      ['broken/empty.wasm', /is empty/],
      ['broken/not-wasm.wasm', /is not a WebAssembly binary/],
      ['broken/truncated.wasm', /\(module/],
    ];
    for (const [name, text] of expected) {
      const { document } = await open(name);
      assert.match(document.getText(), text, name);
      await diagnostics(textUri(name));
    }
  });

  it('follows the file on disk', async () => {
    const name = await copyOf('counter-global.wasm', 'scratch/changing.wasm');
    const { document } = await open(name);
    await diagnostics(textUri(name), hasRule('global-write'));
    await copyFile(join(folder(), 'grow-vs-write.wasm'), join(folder(), name));
    await until('the new text', [vscode.workspace.onDidChangeTextDocument], () =>
      document.getText().includes('memory.grow'),
    );
    await diagnostics(textUri(name), hasRule('memory-grow'));
    assert.equal(document.isDirty, false);

    await appendFile(join(folder(), name), Uint8Array.of(0xff, 0x05));
    await diagnostics(textUri(name), hasRule('malformed'));

    await rm(join(folder(), name));
    await diagnostics(textUri(name), (found) => found.length === 0);
    await copyFile(join(folder(), 'counter-global.wasm'), join(folder(), name));
    await diagnostics(textUri(name), hasRule('global-write'));
    await until('the first text again', [vscode.workspace.onDidChangeTextDocument], () =>
      document.getText().includes('increment'),
    );
  });
});
