/** The command that generates wrappers: what it asks and what it opens. */
import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import type { Wrapper } from '../../../core/wrap/wrapper.ts';
import { acceptFirst, closeAll, diagnostics, fileUri, find, open, textUri, withSetting } from './support.ts';

const generate = (...args: unknown[]): Thenable<Wrapper | undefined> =>
  vscode.commands.executeCommand<Wrapper | undefined>('wasm-hazards.generateWrapper', ...args);

/** Runs the command and takes the first kind that it offers. */
const accept = (...args: unknown[]): Promise<Wrapper | undefined> => acceptFirst(() => generate(...args));

describe('concurrency wrappers', () => {
  afterEach(async () => {
    // A document that was never saved asks whether it should be.
    while (vscode.window.activeTextEditor?.document.isUntitled)
      await vscode.commands.executeCommand('workbench.action.revertAndCloseActiveEditor');
    await closeAll();
  });

  it('are opened as a document of the language, the recommended kind first', async () => {
    await open('counter-global.wasm');
    const wrapped = await accept(fileUri('counter-global.wasm'));
    assert.equal(wrapped?.fileName, 'counter_global_mutex.go');
    const document = vscode.window.activeTextEditor?.document;
    assert.ok(document?.isUntitled);
    assert.equal(document.languageId, 'go');
    assert.match(document.uri.path, /\/counter_global_mutex\.go$/, 'saving it asks for nothing');
    assert.equal(document.getText(), wrapped.text);
    assert.match(wrapped.text, /func \(g \*Guarded\) Increment\(ctx context\.Context\)/);
  });

  it('are written for the chosen host', async () => {
    await withSetting('host', 'wasmtime', async () => {
      const wrapped = await accept(fileUri('pure.wasm'));
      assert.equal(wrapped?.fileName, 'pure_pool.rs');
      assert.equal(vscode.window.activeTextEditor?.document.languageId, 'rust');
    });
  });

  it('are not asked for on a host without templates', async () => {
    await withSetting('host', 'wasmedge', async () => {
      await open('pure.wasm');
      assert.equal(await generate(fileUri('pure.wasm')), undefined);
      assert.ok(!vscode.window.activeTextEditor?.document.isUntitled);
    });
  });

  it('ask nothing where the kind is given, and begin with the evidence', async () => {
    const wishes = { kind: 'test', evidence: ['A race was seen under schedule A2B3A1.'] };
    const wrapped = await generate(fileUri('counter-memory.wat'), undefined, wishes);
    assert.equal(wrapped?.fileName, 'counter_memory_hammer_test.go');
    const text = vscode.window.activeTextEditor?.document.getText() ?? '';
    assert.match(text, /^\/\/ A race was seen under schedule A2B3A1\.$/m);
  });

  it('begin with what stress runs have shown', async () => {
    const module = fileUri('counter-global.wasm');
    await withSetting('stress.hammerSeconds', 0.2, async () => {
      await vscode.commands.executeCommand('wasm-hazards.stressExport', module.toString(), 'increment');
    });
    const wrapped = await generate(module, undefined, { kind: 'mutex' });
    assert.match(wrapped?.text ?? '', /Stress tests of this module:/);
    assert.match(wrapped?.text ?? '', /Hammered: A increment\(\) \| B increment\(\)/);
    await vscode.commands.executeCommand('wasm-hazards.clearStressResults');
  });

  it('are offered at findings and once above the module', async () => {
    const { document } = await open('counter-global.wasm');
    const uri = textUri('counter-global.wasm');
    const [first] = await diagnostics(uri);
    const actions = await vscode.commands.executeCommand<vscode.CodeAction[]>(
      'vscode.executeCodeActionProvider',
      uri,
      first.range,
    );
    const ours = actions.filter(({ title }) => title === 'Generate a concurrency wrapper for the module');
    assert.equal(ours.length, 1);
    assert.equal(ours[0].command?.command, 'wasm-hazards.generateWrapper');
    const lenses = await vscode.commands.executeCommand<vscode.CodeLens[]>('vscode.executeCodeLensProvider', uri, 100);
    const wrapping = lenses.filter(({ command }) => command?.title === 'Generate wrapper');
    assert.equal(wrapping.length, 1);
    assert.equal(wrapping[0].range.start.line, find(document, '(module').line);
  });
});
