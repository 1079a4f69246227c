/** Verification on wazero in VS Code: the run profile's command, what it shows at the code, and what it says without Go. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { copyFile, mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import * as vscode from 'vscode';
import type { VerifyResult } from '../../../core/verify/model.ts';
import { closeAll, copyOf, diagnostics, fileUri, folder, until, withSetting } from './support.ts';

const run = <T>(command: string, ...args: unknown[]): Thenable<T> =>
  vscode.commands.executeCommand<T>(`wasm-hazards.${command}`, ...args);

const stressDiagnostics = (uri: vscode.Uri): vscode.Diagnostic[] =>
  vscode.languages.getDiagnostics(uri).filter(({ source }) => source === 'wasm-hazards stress');

/** A Go module with a pinned wazero, from the sources of the extension under test. */
const pinned = (): string => {
  const extension = vscode.extensions.getExtension('wasm-hazards.wasm-hazards');
  assert.ok(extension);
  return join(extension.extensionPath, 'core/wrap/go/testing/module/newest');
};

/** Why nothing can be verified on this machine, in one line. */
function missing(): string | undefined {
  const { status, error, stderr } = spawnSync('go', ['list', '-deps', 'github.com/tetratelabs/wazero'], {
    cwd: pinned(),
    env: { ...process.env, GOFLAGS: '', GOWORK: 'off' },
    encoding: 'utf8',
    timeout: 120_000,
  });
  return status === 0 ? undefined : (error?.message ?? stderr.trim().split('\n').at(-1) ?? 'go list failed');
}

describe('verification on wazero', () => {
  const settings = (): vscode.WorkspaceConfiguration => vscode.workspace.getConfiguration('wasmHazards');
  let absent: string | undefined;

  before(async () => {
    absent = missing();
    if (absent !== undefined) console.log(`NOT CHECKED: verification on wazero in VS Code: ${absent}`);
    await mkdir(join(folder(), 'verify'), { recursive: true });
    for (const name of await readdir(pinned()))
      if (/^go\.(mod|sum)$/.test(name)) await copyFile(join(pinned(), name), join(folder(), 'verify', name));
    await settings().update('verify.seconds', 3, vscode.ConfigurationTarget.Workspace);
  });
  after(() => settings().update('verify.seconds', undefined, vscode.ConfigurationTarget.Workspace));
  afterEach(async () => {
    await run('clearStressResults');
    await closeAll();
  });

  it('confirms a lost update at its instructions, until the source changes', async function () {
    if (absent !== undefined) this.skip();
    const name = await copyOf('counter-global.wat', 'verify/counter-global.wat');
    const document = await vscode.workspace.openTextDocument(fileUri(name));
    const editor = await vscode.window.showTextDocument(document);
    const files = async (): Promise<string[]> => (await readdir(join(folder(), 'verify'), { recursive: true })).sort();
    const before = await files();
    const results = await run<VerifyResult[]>('verifyModule', document.uri);
    assert.deepEqual(await files(), before, 'nothing is written into the folder of the Go module');
    assert.ok(results.length > 0);
    const [result] = results;
    assert.equal(result.verdict, 'confirmed', JSON.stringify(result, null, 1));
    assert.deepEqual(
      result.remedies.map(({ remedy, clean, text }) => [remedy, clean || text]),
      [
        ['mutex', true],
        ['pool', true],
      ],
    );
    assert.match(result.runtime.wazero, /^v?\d+\.\d+\.\d+/);
    const confirmed = (): vscode.Diagnostic[] =>
      stressDiagnostics(document.uri).filter(({ message }) => /Confirmed on wazero \d/.test(message));
    await diagnostics(document.uri, () => confirmed().length > 0);
    assert.match(confirmed()[0].message, /Data race on \$count .*: \d.* race reports? fits? it in \d.* rounds?\./);
    await editor.edit((edit) => edit.insert(new vscode.Position(0, 0), ';; changed\n'));
    await until(
      'no results',
      [vscode.languages.onDidChangeDiagnostics],
      () => stressDiagnostics(document.uri).length === 0,
    );
  });

  it('has no result where the setting names a folder without a Go module', async () => {
    const uri = fileUri(await copyOf('counter-global.wat', 'verify/nowhere.wat'));
    await mkdir(join(folder(), 'no-module'), { recursive: true });
    await withSetting('verify.goFolder', join(folder(), 'no-module'), async () => {
      assert.deepEqual(await run<VerifyResult[]>('verifyModule', uri), []);
    });
  });

  it('has no result under the profile of another host', async () => {
    const uri = fileUri(await copyOf('counter-global.wat', 'verify/other.wat'));
    await withSetting('host', 'wasmtime', async () => {
      assert.deepEqual(await run<VerifyResult[]>('verifyModule', uri), []);
    });
  });
});
