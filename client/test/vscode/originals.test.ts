/** Findings in files of the workspace that modules were compiled from: C, and AssemblyScript. */
import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import {
  closeAll,
  copyOf,
  diagnostics,
  fileUri,
  find,
  folder,
  hover,
  open,
  ruleOf,
  textUri,
  until,
  withSetting,
} from './support.ts';

const C = 'source/c/visits.c';
const MODULE = 'source/c/visits.wasm';

const extensionUri = (): vscode.Uri => {
  const extension = vscode.extensions.all.find(({ id }) => id.endsWith('.wasm-hazards'));
  assert.ok(extension);
  return extension.extensionUri;
};
const ours = (found: vscode.Diagnostic[]): vscode.Diagnostic[] =>
  found.filter(({ source }) => source === 'wasm-hazards' || source === 'wasm-hazards stress');
const anyOfOurs = (found: vscode.Diagnostic[]): boolean => ours(found).length > 0;
const atLine = (line: number) => (found: vscode.Diagnostic[]) =>
  ours(found).some(({ range, code }) => range.start.line === line && code !== 'stale');
const show = async (name: string): Promise<vscode.TextEditor> =>
  vscode.window.showTextDocument(await vscode.workspace.openTextDocument(fileUri(name)));
const lenses = async (uri: vscode.Uri): Promise<string[]> =>
  (await vscode.commands.executeCommand<vscode.CodeLens[]>('vscode.executeCodeLensProvider', uri, 100)).map(
    ({ command }) => command?.title ?? '',
  );
const quickFixes = ({ uri, lineAt }: vscode.TextDocument, line: number): Thenable<vscode.CodeAction[]> =>
  vscode.commands.executeCommand(
    'vscode.executeCodeActionProvider',
    uri,
    lineAt(line).range,
    vscode.CodeActionKind.QuickFix.value,
  );

describe('a file that a module was compiled from', () => {
  afterEach(async () => {
    await vscode.commands.executeCommand('workbench.action.files.revert');
    await closeAll();
  });

  it('has the findings at its lines, with the way to the access, although the module is not open', async () => {
    const { document } = await show(C);
    const line = find(document, 'visits = before + 1').line;
    const found = ours(await diagnostics(document.uri, atLine(line)));
    const write = found.find(({ range }) => range.start.line === line) as vscode.Diagnostic;
    assert.equal(ruleOf(write), 'static-memory-write');
    assert.match(write.message, /'visit'.*'enter'/);
    assert.equal(document.getText(write.range), 'visits = before + 1;');
    assert.ok(write.relatedInformation?.some(({ location }) => location.uri.toString() === document.uri.toString()));
    assert.ok(typeof write.code === 'object');
    await vscode.workspace.fs.stat(write.code.target);
    const header = await show('source/c/counter.h');
    await diagnostics(header.document.uri, atLine(find(header.document, 'counter->total += by').line));
  });

  it('has lenses above its exports, and hovers on lines that conflict', async () => {
    const { document } = await show(C);
    await diagnostics(document.uri, anyOfOurs);
    const titles = await lenses(document.uri);
    assert.ok(
      titles.some((title) => /^Conflicts with itself/.test(title)),
      titles.join('\n'),
    );
    assert.ok(titles.includes('Stress test'));
    assert.ok(titles.includes('Show WebAssembly'));
    assert.match(await hover(document, find(document, 'visits = before')), /conflicts with `visit` and `enter`/);
    assert.equal(await hover(document, find(document, '2 * number')), '');
    await withSetting('codeLens', 'none', async () => {
      await until('no lenses', [vscode.languages.onDidChangeDiagnostics], async () => {
        const left = await lenses(document.uri);
        return left.length === 0;
      });
    });
  });

  it('offers quick fixes, and obeys the settings of rules and of ignored findings', async () => {
    const { document } = await show(C);
    const line = find(document, 'visits = before + 1').line;
    await diagnostics(document.uri, atLine(line));
    const titles = (await quickFixes(document, line)).map(({ title }) => title);
    for (const wanted of ["Ignore static-memory-write for 'visit'", 'Ignore static-memory-write in visits.wasm'])
      assert.ok(titles.includes(wanted), titles.join('\n'));
    await withSetting('ignore', ['visits.wasm:*:static-memory-write'], async () => {
      await diagnostics(document.uri, (all) => !atLine(line)(all));
    });
    await diagnostics(document.uri, atLine(line));
    await withSetting('rules.static-memory-write', 'error', async () => {
      await diagnostics(document.uri, (all) =>
        all.some(({ severity, range }) => severity === vscode.DiagnosticSeverity.Error && range.start.line === line),
      );
    });
  });

  it('leaves other files of the language alone', async () => {
    const other = fileUri('source/c/other.c');
    await vscode.workspace.fs.writeFile(
      other,
      new TextEncoder().encode('int visits;\nint visit(void) { return visits++; }\n'),
    );
    const { document } = await show('source/c/other.c');
    const { document: counted } = await show(C);
    await diagnostics(counted.uri, anyOfOurs);
    assert.deepEqual(ours(vscode.languages.getDiagnostics(document.uri)), []);
    assert.equal(await hover(document, new vscode.Position(1, 30)), '');
    assert.deepEqual(await lenses(document.uri), []);
  });

  it('leads to the code of a line, beside it, and back', async () => {
    const editor = await show(C);
    await diagnostics(editor.document.uri, anyOfOurs);
    const at = find(editor.document, 'visits = before');
    editor.selection = new vscode.Selection(at, at);
    await vscode.commands.executeCommand('wasm-hazards.showWebAssembly');
    const text = await until('the text of the module', [vscode.window.onDidChangeActiveTextEditor], () => {
      const active = vscode.window.activeTextEditor;
      return active?.document.uri.toString() === textUri(MODULE).toString() && active;
    });
    assert.notEqual(text.viewColumn, editor.viewColumn);
    assert.match(text.document.lineAt(text.selection.start.line).text, /i32\.(?:add|store|const)/);
    const exported = find(text.document, '(export "enter"', 10);
    text.selection = new vscode.Selection(exported, exported);
    await vscode.commands.executeCommand('wasm-hazards.showSource');
    const back = await until('the file', [vscode.window.onDidChangeActiveTextEditor], () => {
      const active = vscode.window.activeTextEditor;
      return active?.document.uri.toString() === fileUri(C).toString() && active;
    });
    assert.equal(back.viewColumn, editor.viewColumn);
    assert.equal(back.selection.start.line, find(back.document, 'int enter').line);
  });

  it('keeps its findings at their lines while it is edited', async () => {
    const editor = await show(C);
    await diagnostics(editor.document.uri, anyOfOurs);
    await editor.edit((edit) => edit.insert(new vscode.Position(0, 0), '/* new */\n\n'));
    const line = find(editor.document, 'int visit(void)').line;
    const found = await vscode.commands.executeCommand<vscode.CodeLens[]>(
      'vscode.executeCodeLensProvider',
      editor.document.uri,
    );
    assert.ok(found.some(({ range }) => range.start.line === line));
    assert.match(await hover(editor.document, find(editor.document, 'visits = before')), /conflicts with/);
  });

  it('says that it is newer than the module once it was written', async () => {
    try {
      await copyOf(C, 'stale/visits/visits.c');
      await copyOf('source/c/counter.h', 'stale/visits/counter.h');
      await copyOf(MODULE, 'stale/visits.wasm');
      const editor = await show('stale/visits/visits.c');
      await diagnostics(editor.document.uri, anyOfOurs);
      await editor.edit((edit) => edit.insert(new vscode.Position(0, 0), '\n'));
      await editor.document.save();
      const found = await diagnostics(editor.document.uri, (all) => all.some(({ code }) => code === 'stale'));
      assert.match(
        found.map(({ message }) => message).join('\n'),
        /visits\.c is newer than visits\.wasm.*Build the module again/,
      );
      const line = find(editor.document, 'visits = before').line;
      await diagnostics(editor.document.uri, atLine(line));
    } finally {
      // Another file of this name would leave it open which one the module was compiled from.
      await vscode.workspace.fs.delete(fileUri('stale'), { recursive: true });
    }
  });

  it('is found where a setting says that the paths of the build are', async () => {
    const away = vscode.Uri.file(`${folder()}-away`);
    const file = vscode.Uri.joinPath(away, 'visits.c');
    await vscode.workspace.fs.writeFile(file, await vscode.workspace.fs.readFile(fileUri(C)));
    try {
      await withSetting('sourcePaths', { '/build/visits': away.fsPath }, async () => {
        const { document } = await vscode.window.showTextDocument(file);
        await diagnostics(document.uri, anyOfOurs);
        assert.match(await hover(document, find(document, 'visits = before')), /conflicts with `visit` and `enter`/);
      });
      await diagnostics(file, (all) => ours(all).length === 0);
    } finally {
      await vscode.workspace.fs.delete(away, { recursive: true });
    }
  });

  it('considers open modules only, if the setting says so', async () => {
    await withSetting('sourceModules', 'open', async () => {
      const { document } = await show(C);
      await diagnostics(document.uri, (all) => ours(all).length === 0);
      await open(MODULE);
      await diagnostics(document.uri, anyOfOurs);
    });
  });

  it('tells what a stress run has shown, at the racing lines and above the export', async () => {
    const { document } = await show(C);
    await diagnostics(document.uri, anyOfOurs);
    await vscode.commands.executeCommand('wasm-hazards.stressExport', fileUri(MODULE).toString(), 'visit');
    const found = await diagnostics(document.uri, (all) => all.some(({ code }) => code === 'data-race'));
    const race = found.find(({ code }) => code === 'data-race');
    assert.match(
      race?.message ?? '',
      /^Data race on visits .*: [AB] writes at visits\.c:17, while [AB] reads at visits\.c:16\./,
    );
    const shown = /^called by two callers at once, this loses updates \(\d+ schedules? explored\)$/;
    await until('the lens', [vscode.languages.onDidChangeDiagnostics], async () =>
      (await lenses(document.uri)).some((title) => shown.test(title)),
    );
    const [play, replay] = await quickFixes(document, find(document, 'visits = before + 1').line);
    assert.match(play.title, /^Play the schedule that shows the data race on visits/);
    assert.match(replay.title, /^Replay schedule [AB\d]+ \(data race on visits/);
    assert.equal(play.command?.command, 'wasm-hazards.playSchedule');
    const [module, finding] = play.command?.arguments ?? [];
    assert.equal(module, fileUri(MODULE).toString());
    // The finding itself: its schedule shows others as well.
    assert.match(finding, /^race [AB\d]+ .*visit\(\)/);
    const titles = (await quickFixes(document, find(document, '2 * number').line)).map(({ title }) => title);
    assert.deepEqual(
      titles.filter((title) => /^(Play|Replay)/.test(title)),
      [],
    );
    await vscode.commands.executeCommand('wasm-hazards.clearStressResults');
    await diagnostics(document.uri, (all) => !all.some(({ code }) => code === 'data-race'));
    const left = await quickFixes(document, find(document, 'visits = before + 1').line);
    assert.ok(!left.some(({ title }) => title.startsWith('Play')));
  });

  it('tells a host hazard at its line, as an error', async () => {
    const { document } = await show('source/c/pages.c');
    await diagnostics(document.uri, anyOfOurs);
    await vscode.commands.executeCommand(
      'wasm-hazards.stressExport',
      fileUri('source/c/pages.wasm').toString(),
      'more',
    );
    const found = await diagnostics(document.uri, (all) => all.some(({ code }) => code === 'host-hazard'));
    const hazard = found.find(({ code }) => code === 'host-hazard');
    assert.equal(hazard?.severity, vscode.DiagnosticSeverity.Error);
    assert.match(hazard?.message ?? '', /^Host hazard on .*pages\.c:\d+, while /);
    await vscode.commands.executeCommand('wasm-hazards.clearStressResults');
    await diagnostics(document.uri, (all) => !all.some(({ code }) => code === 'host-hazard'));
  });

  it('may be AssemblyScript with a source map, in a project of AssemblyScript', async () => {
    const cases = vscode.Uri.joinPath(extensionUri(), 'core/debug/cases');
    for (const name of ['counter.wasm', 'counter.wasm.map'])
      await vscode.workspace.fs.copy(vscode.Uri.joinPath(cases, name), fileUri(`as/build/${name}`), {
        overwrite: true,
      });
    const map = JSON.parse(
      new TextDecoder().decode(await vscode.workspace.fs.readFile(fileUri('as/build/counter.wasm.map'))),
    );
    const text: string = map.sourcesContent[map.sources.indexOf('assembly/counter.ts')];
    await vscode.workspace.fs.writeFile(fileUri('as/assembly/counter.ts'), new TextEncoder().encode(text));
    await vscode.workspace.fs.writeFile(fileUri('as/asconfig.json'), new TextEncoder().encode('{}'));
    const { document } = await show('as/assembly/counter.ts');
    await diagnostics(document.uri, anyOfOurs);
    const found = await vscode.commands.executeCommand<vscode.CodeLens[]>(
      'vscode.executeCodeLensProvider',
      document.uri,
    );
    const declared = find(document, 'function bump').line;
    assert.ok(found.some(({ range }) => range.start.line === declared));
    await vscode.workspace.fs.delete(fileUri('as'), { recursive: true });
  });
});
