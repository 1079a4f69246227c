/** Stress runs in VS Code: the commands, what they show in the editor, and what clears it. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import * as vscode from 'vscode';
import type { AdvisedResult } from '../../../core/advice/advised.ts';
import { closeAll, copyOf, diagnostics, fileUri, folder, open, textUri, until } from './support.ts';

const run = <T>(command: string, ...args: unknown[]): Thenable<T> =>
  vscode.commands.executeCommand<T>(`wasm-hazards.${command}`, ...args);

const stressDiagnostics = (uri: vscode.Uri): vscode.Diagnostic[] =>
  vscode.languages.getDiagnostics(uri).filter(({ source }) => source === 'wasm-hazards stress');

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
    await editor.edit((edit) => edit.insert(new vscode.Position(0, 0), ';; changed\n'));
    await until(
      'no results',
      [vscode.languages.onDidChangeDiagnostics],
      () => stressDiagnostics(document.uri).length === 0,
    );
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

  it('keep what was found when a file is written with the same contents, until it has others', async () => {
    const uri = fileUri(await copyOf('counter-global.wasm', 'stress/same.wasm'));
    const text = textUri('stress/same.wasm');
    await run('stressModule', uri);
    await diagnostics(text, () => stressDiagnostics(text).length > 0);
    const bytes = await vscode.workspace.fs.readFile(uri);
    const written = async (): Promise<void> => {
      const watcher = vscode.workspace.createFileSystemWatcher(
        new vscode.RelativePattern(folder(), 'stress/same.wasm'),
      );
      const noticed = new Promise((resolve) => watcher.onDidChange(resolve));
      await vscode.workspace.fs.writeFile(uri, bytes);
      await noticed;
      watcher.dispose();
    };
    await written();
    // What the extension does about the first event is done before it gets the second one.
    await written();
    assert.notEqual(stressDiagnostics(text).length, 0);
    await vscode.workspace.fs.writeFile(uri, bytes.slice(0, 8));
    await until('no results', [vscode.languages.onDidChangeDiagnostics], () => stressDiagnostics(text).length === 0);
  });

  it('end when the module changes while it runs, and show nothing', async () => {
    const name = await copyOf('counter-global.wat', 'stress/running.wat');
    const scenario = fileUri('stress/running.stress.json');
    const call = Array.from({ length: 40 }, () => ['increment']);
    const text = { module: 'running.wat', callers: [call, call, call], budget: { seconds: 3600, schedules: 1e9 } };
    await vscode.workspace.fs.writeFile(scenario, new TextEncoder().encode(JSON.stringify(text)));
    const document = await vscode.workspace.openTextDocument(fileUri(name));
    const editor = await vscode.window.showTextDocument(document);
    const started = once(process, 'worker');
    const running = run<AdvisedResult[]>('stressModule', scenario);
    await started;
    await editor.edit((edit) => edit.insert(new vscode.Position(0, 0), ';; changed\n'));
    await running;
    assert.deepEqual(stressDiagnostics(document.uri), []);
  });

  it('run one export', async () => {
    await open('disjoint-exports.wasm');
    await run('stressExport', fileUri('disjoint-exports.wasm').toString(), 'count_hits');
    const uri = textUri('disjoint-exports.wasm');
    await diagnostics(uri, () => stressDiagnostics(uri).length > 0);
  });

  it('are hammered after they were explored, which is told at the export', async () => {
    // A read and a write so far apart that calls meet even where two threads share a core.
    const slow = `(module (global $n (mut i32) (i32.const 0))
      (func (export "inc") (result i32) (local i32 i32)
        (local.set 0 (global.get $n)) (local.set 1 (i32.const 1000000))
        (loop $l (br_if $l (local.tee 1 (i32.sub (local.get 1) (i32.const 1)))))
        (global.set $n (i32.add (local.get 0) (i32.const 1))) (global.get $n)))`;
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
      /A inc\(\) \| B inc\(\): wrong outcome in [\d.]+ % of [\d,]+ rounds?, on 2 threads/,
    );
    assert.match(wrong()?.message ?? '', /Schedule [AB\d]+ shows it/);
    assert.equal(wrong()?.range.start.line, 1);
    await run('clearStressResults');
    assert.equal(wrong(), undefined);
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
