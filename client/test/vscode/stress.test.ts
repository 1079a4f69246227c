/** Stress runs in VS Code: the commands, what they show in the editor, and what clears it. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import * as vscode from 'vscode';
import type { AdvisedResult } from '../../../core/advice/advised.ts';
import {
  closeAll,
  copyOf,
  diagnostics,
  fileUri,
  find,
  folder,
  hover,
  open,
  textUri,
  until,
  withSetting,
} from './support.ts';

const run = <T>(command: string, ...args: unknown[]): Thenable<T> =>
  vscode.commands.executeCommand<T>(`wasm-hazards.${command}`, ...args);

const stressDiagnostics = (uri: vscode.Uri): vscode.Diagnostic[] =>
  vscode.languages.getDiagnostics(uri).filter(({ source }) => source === 'wasm-hazards stress');

/** The titles of all code lenses, a line each. */
async function lensesOf(document: vscode.TextDocument): Promise<string> {
  const all = await vscode.commands.executeCommand<vscode.CodeLens[]>('vscode.executeCodeLensProvider', document.uri);
  return all.map(({ command }) => command?.title).join('\n');
}

/** The labels of all inlay hints, a line each. */
async function hintsOf(document: vscode.TextDocument): Promise<string> {
  const all = await vscode.commands.executeCommand<vscode.InlayHint[]>(
    'vscode.executeInlayHintProvider',
    document.uri,
    new vscode.Range(0, 0, document.lineCount, 0),
  );
  return all.map(({ label }) => String(label)).join('\n');
}

describe('stress tests', () => {
  const settings = (): vscode.WorkspaceConfiguration => vscode.workspace.getConfiguration('wasmHazards');
  before(() => settings().update('stress.hammerSeconds', 0.5, vscode.ConfigurationTarget.Workspace));
  after(() => settings().update('stress.hammerSeconds', undefined, vscode.ConfigurationTarget.Workspace));
  afterEach(async () => {
    await run('clearStressResults');
    await closeAll();
  });

  it('find the race of a counter and put it beside the instructions', async () => {
    await open('counter-global.wasm');
    const results = await run<AdvisedResult[]>('stressModule', fileUri('counter-global.wasm'));
    assert.ok(results.some(({ verdict, wrongOutcome }) => verdict === 'race' && wrongOutcome));
    const uri = textUri('counter-global.wasm');
    await diagnostics(uri, () => stressDiagnostics(uri).length > 0);
    const [first] = stressDiagnostics(uri);
    assert.match(first.message, /Data race on \$count/);
    assert.match(first.message, /schedule A\d+B\d+/);
    assert.equal(first.relatedInformation?.length, 1);
  });

  it('explore several scenarios at the same time, and find the same in the same order', async () => {
    await open('counter-global.wasm');
    const found = async (jobs: number): Promise<string[]> => {
      const results = await withSetting('stress.jobs', jobs, () =>
        run<AdvisedResult[]>('stressModule', fileUri('counter-global.wasm')),
      );
      return results.map(({ scenario: { callers }, verdict, explored: { schedules }, schedule }) =>
        JSON.stringify([callers, verdict, schedules, schedule]),
      );
    };
    const alone = await found(1);
    assert.ok(alone.length > 2);
    assert.deepEqual(await found(3), alone);
  });

  it('tell wrong outcomes, races without one and host hazards apart, each once', async () => {
    await open('counter-global.wasm');
    await run('stressModule', fileUri('counter-global.wasm'));
    const uri = textUri('counter-global.wasm');
    await diagnostics(uri, () => stressDiagnostics(uri).length > 0);
    const races = stressDiagnostics(uri).filter(({ code }) => code === 'data-race');
    const alone = races.filter(({ message }) => message.includes('No wrong outcome found in'));
    assert.notEqual(alone.length, 0);
    assert.notEqual(alone.length, races.length);
    for (const race of races)
      assert.equal(
        race.severity,
        alone.includes(race) ? vscode.DiagnosticSeverity.Information : vscode.DiagnosticSeverity.Warning,
      );
    await open('grow-vs-write.wasm');
    await run('stressModule', fileUri('grow-vs-write.wasm'));
    const grown = textUri('grow-vs-write.wasm');
    await diagnostics(grown, () => stressDiagnostics(grown).length > 0);
    const met = stressDiagnostics(grown).filter(({ code }) => code === 'data-race' || code === 'host-hazard');
    const places = met.map(({ range, relatedInformation = [] }) =>
      JSON.stringify([range.start.line, ...relatedInformation.map(({ location }) => location.range.start.line)].sort()),
    );
    assert.equal(new Set(places).size, places.length, places.join(' '));
    for (const { code, severity } of met)
      if (code === 'host-hazard') assert.equal(severity, vscode.DiagnosticSeverity.Error);
  });

  it('are told in code lenses, hovers, hints, the matrix and the status bar, until they are cleared', async () => {
    const editor = await open('counter-global.wasm');
    const { document } = editor;
    const lenses = (): Promise<string> => lensesOf(document);
    const hints = (): Promise<string> => hintsOf(document);
    const told = async (): Promise<Record<string, boolean>> => ({
      lens: /^Stress showed a wrong outcome and a race with itself/m.test(await lenses()),
      hover: /Shown by stress tests/.test(await hover(document, find(document, '"increment"', 2))),
      // Where instructions raced, the words of the run stand at the end of the line instead.
      hint: !/\$count: shared by calls of increment/.test(await hints()),
    });
    assert.deepEqual(await told(), { lens: false, hover: false, hint: false });
    const before = await lenses();
    await run('stressModule', fileUri('counter-global.wasm'));
    assert.deepEqual(await told(), { lens: true, hover: true, hint: true });
    await run('showMatrixText', fileUri('counter-global.wasm'));
    const matrix = await until('the matrix', [vscode.window.onDidChangeVisibleTextEditors], () =>
      vscode.window.visibleTextEditors.find((one) => one.document.uri.scheme === 'wasm-hazards-matrix'),
    );
    assert.match(matrix.document.getText(), /Shown by stress tests: W wrong outcome/);
    const says = (): Promise<boolean> => lenses().then((all) => all.includes('Stress showed'));
    await withSetting('host', 'javascript', async () => {
      // Nothing was run under that host profile.
      await until('lenses as analysed', [vscode.languages.onDidChangeDiagnostics], async () => !(await says()));
    });
    await until('lenses of the run', [vscode.languages.onDidChangeDiagnostics], says);
    await run('restartServer');
    await until('lenses of the new server', [vscode.languages.onDidChangeDiagnostics], says);
    await run('clearStressResults');
    assert.equal(await lenses(), before);
    await until('the matrix as analysed', [vscode.workspace.onDidChangeTextDocument], () =>
      /^D definite/m.test(matrix.document.getText()),
    );
  });

  it('pass an export without conflicts, and say that all was tried', async () => {
    const uri = fileUri('pure.wasm');
    await open('pure.wasm');
    const results = await run<AdvisedResult[]>('stressExport', uri.toString(), 'add');
    assert.ok(results.length > 0);
    for (const { verdict, exhaustive } of results)
      assert.deepEqual({ verdict, exhaustive }, { verdict: 'safe', exhaustive: true });
    assert.deepEqual(stressDiagnostics(textUri('pure.wasm')), []);
  });

  it('find nothing to run in a module without conflicts', async () => {
    await open('pure.wasm');
    assert.deepEqual(await run('stressModule', fileUri('pure.wasm')), []);
    assert.deepEqual(stressDiagnostics(textUri('pure.wasm')), []);
  });

  it('run a source as it is in the editor, and forget what was found when it changes', async () => {
    const name = await copyOf('counter-memory.wat', 'stress/changing.wat');
    const document = await vscode.workspace.openTextDocument(fileUri(name));
    const editor = await vscode.window.showTextDocument(document);
    const results = await run<AdvisedResult[]>('stressModule', document.uri);
    assert.ok(results.some(({ verdict }) => verdict === 'race'));
    await diagnostics(document.uri, () => stressDiagnostics(document.uri).length > 0);
    const told = async (): Promise<boolean[]> => [
      (await lensesOf(document)).includes('Stress showed'),
      !(await hintsOf(document)).includes('shared by calls of increment'),
      (await hover(document, find(document, '"increment"', 2))).includes('Shown by stress tests'),
    ];
    assert.deepEqual(await told(), [true, true, true]);
    await editor.edit((edit) => edit.insert(new vscode.Position(0, 0), ';; changed\n'));
    await until(
      'no results',
      [vscode.languages.onDidChangeDiagnostics],
      () => stressDiagnostics(document.uri).length === 0,
    );
    assert.deepEqual(await told(), [false, false, false]);
  });

  it('forget what was found in a source that changes on disk while nobody has it open', async () => {
    const uri = fileUri(await copyOf('counter-global.wat', 'stress/closed.wat'));
    await run('stressModule', uri);
    await diagnostics(uri, () => stressDiagnostics(uri).length > 0);
    // VS Code keeps fifty documents that no editor shows.
    for (let i = 0; i < 60; i++) {
      const other = fileUri(`stress/many/${i}.txt`);
      await vscode.workspace.fs.writeFile(other, new Uint8Array());
      await vscode.workspace.openTextDocument(other);
    }
    await until(
      'the source to be closed',
      [vscode.workspace.onDidCloseTextDocument],
      () => !vscode.workspace.textDocuments.some((document) => document.uri.toString() === uri.toString()),
    );
    assert.notEqual(stressDiagnostics(uri).length, 0);
    await vscode.workspace.fs.writeFile(uri, new TextEncoder().encode('(module)'));
    await until('no results', [vscode.languages.onDidChangeDiagnostics], () => stressDiagnostics(uri).length === 0);
  });

  it('keep what was found when a file is written with the same contents, and forget it when it has others', async () => {
    const [same, other] = await Promise.all(
      ['stress/same.wasm', 'stress/other.wasm'].map((name) => copyOf('counter-global.wasm', name)),
    );
    for (const name of [same, other]) {
      await run('stressModule', fileUri(name));
      await diagnostics(textUri(name), () => stressDiagnostics(textUri(name)).length > 0);
    }
    const bytes = await vscode.workspace.fs.readFile(fileUri(same));
    const watcher = vscode.workspace.createFileSystemWatcher(new vscode.RelativePattern(folder(), same));
    const noticed = new Promise((resolve) => watcher.onDidChange(resolve));
    await vscode.workspace.fs.writeFile(fileUri(same), bytes);
    await noticed;
    watcher.dispose();
    // What is written later is noticed later: then the extension has looked at the first file, too.
    await vscode.workspace.fs.writeFile(fileUri(other), bytes.slice(0, 8));
    const gone = (name: string): boolean => stressDiagnostics(textUri(name)).length === 0;
    await until('no results', [vscode.languages.onDidChangeDiagnostics], () => gone(other));
    assert.ok(!gone(same));
  });

  it('end when the module changes while it runs, and show nothing', async () => {
    const name = await copyOf('counter-global.wat', 'stress/running.wat');
    const scenario = fileUri('stress/running.stress.json');
    const call = Array.from({ length: 40 }, () => ['increment']);
    const text = { module: 'running.wat', callers: [call, call, call], budget: { seconds: 3600, schedules: 1e9 } };
    await vscode.workspace.fs.writeFile(scenario, new TextEncoder().encode(JSON.stringify(text)));
    const document = await vscode.workspace.openTextDocument(fileUri(name));
    const editor = await vscode.window.showTextDocument(document);
    // Threads of this process tell that they begin.
    await withSetting('stress.isolation', 'thread', async () => {
      const started = once(process, 'worker');
      const running = run<AdvisedResult[]>('stressModule', scenario);
      await started;
      await editor.edit((edit) => edit.insert(new vscode.Position(0, 0), ';; changed\n'));
      await running;
    });
    assert.deepEqual(stressDiagnostics(document.uri), []);
  });

  it('run one export', async () => {
    await open('disjoint-exports.wasm');
    await run('stressExport', fileUri('disjoint-exports.wasm').toString(), 'count_hits');
    const uri = textUri('disjoint-exports.wasm');
    await diagnostics(uri, () => stressDiagnostics(uri).length > 0);
  });

  it('are hammered after they were explored, which is told at the export', async () => {
    // The thread sleeps between a read and a write, so that calls meet even where two threads share a core.
    const slow = `(module (memory 1 1 shared) (global $n (mut i32) (i32.const 0))
      (func (export "inc") (result i32) (local i32)
        (local.set 0 (i32.add (global.get $n) (i32.const 1)))
        (drop (memory.atomic.wait32 (i32.const 0) (i32.const 0) (i64.const 10000000)))
        (global.set $n (local.get 0)) (local.get 0)))`;
    const module = fileUri('stress/slow.wat');
    const scenario = fileUri('stress/slow.stress.json');
    const file = { module: 'slow.wat', callers: [[['inc']], [['inc']]], budget: { seconds: 6 } };
    await vscode.workspace.fs.writeFile(module, new TextEncoder().encode(slow));
    await vscode.workspace.fs.writeFile(scenario, new TextEncoder().encode(JSON.stringify(file)));
    await run('stressModule', scenario);
    const wrong = (): vscode.Diagnostic | undefined =>
      stressDiagnostics(module).find(({ code }) => code === 'wrong-outcome');
    await diagnostics(module, () => wrong() !== undefined);
    assert.match(
      wrong()?.message ?? '',
      /A inc\(\) \| B inc\(\): wrong outcome in (?:[\d.]+ %|\d+) of [\d,]+ rounds?, on 2 threads/,
    );
    assert.match(wrong()?.message ?? '', /Schedule [AB\d]+ shows it/);
    assert.equal(wrong()?.range.start.line, 1);
    await run('clearStressResults');
    assert.equal(wrong(), undefined);
  });

  it('run in a process: whatever a module does there, the editor goes on and the next run has another process', async () => {
    const write = (name: string, text: string): Thenable<void> =>
      vscode.workspace.fs.writeFile(fileUri(`stress/${name}`), new TextEncoder().encode(text));
    await write(
      'asks.wat',
      `(module (import "env" "f" (func $f)) (global $g (mut i32) (i32.const 0))
        (func (export "go") (global.set $g (i32.const 1)) (call $f) (global.set $g (i32.const 2))))`,
    );
    const scenario = async (name: string, body: string): Promise<vscode.Uri> => {
      await write(`${name}.mjs`, `const kept = []; export default { env: { f() { ${body} } } };`);
      const file = { module: 'asks.wat', callers: [[['go']], [['go']]], imports: { module: `${name}.mjs` } };
      await write(`${name}.stress.json`, JSON.stringify({ ...file, budget: { seconds: 2 } }));
      return fileUri(`stress/${name}.stress.json`);
    };
    const module = fileUri('stress/asks.wat');
    await run('stressModule', await scenario('dies', "process.kill(process.pid, 'SIGKILL');"));
    const grabs = await scenario('grabs', 'for (;;) kept.push(new Uint8Array(5e7).fill(1));');
    await withSetting('stress.memory', 300, async () => void (await run('stressModule', grabs)));
    assert.deepEqual(stressDiagnostics(module), []);
    await run('stressModule', await scenario('harmless', ''));
    await diagnostics(module, () => stressDiagnostics(module).length > 0);
    const [isolated] = await run<AdvisedResult[]>('stressModule', module);
    assert.doesNotMatch(isolated.notes.join(), /not isolated/);
    await withSetting('stress.isolation', 'thread', async () => {
      const inThread = await run<AdvisedResult[]>('stressModule', module);
      assert.match(inThread.flatMap(({ notes }) => notes).join(), /not isolated/);
    });
  });

  it('run an export whose name is empty', async () => {
    await vscode.workspace.fs.writeFile(
      fileUri('stress/nameless.wat'),
      new TextEncoder().encode(
        '(module (global $n (mut i32) (i32.const 0)) (func (export "") (global.set $n (i32.add (global.get $n) (i32.const 1)))))',
      ),
    );
    const uri = fileUri('stress/nameless.wat');
    await vscode.workspace.openTextDocument(uri);
    await run('stressExport', uri.toString(), '');
    await diagnostics(uri, () => stressDiagnostics(uri).length > 0);
  });
});
