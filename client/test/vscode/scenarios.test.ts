/** Scenario files in VS Code: checked against their module, completed, run, created. */
import assert from 'node:assert/strict';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as vscode from 'vscode';
import type { AdvisedResult } from '../../../core/advice/advised.ts';
import { closeAll, copyOf, diagnostics, fileUri, find, folder, hover, until } from './support.ts';

const run = <T>(command: string, ...args: unknown[]): Thenable<T> =>
  vscode.commands.executeCommand<T>(`wasm-hazards.${command}`, ...args);

async function scenario(name: string, text: string): Promise<vscode.TextDocument> {
  await copyOf('counter-global.wat', 'scenarios/counter-global.wat');
  await writeFile(join(folder(), 'scenarios', name), text);
  const document = await vscode.workspace.openTextDocument(fileUri(`scenarios/${name}`));
  await vscode.window.showTextDocument(document);
  return document;
}

describe('scenario files', () => {
  afterEach(async () => {
    await run('clearStressResults');
    await closeAll();
  });

  it('have calls that do not fit marked where they are', async () => {
    const document = await scenario(
      'wrong.stress.json',
      '{ "module": "counter-global.wat", "callers": [[["incremant"]], [["count", 1]]] }',
    );
    const found = await diagnostics(document.uri, (all) => all.length >= 2);
    const texts = found.map((one) => [document.getText(one.range), one.message]);
    assert.ok(
      texts.some(([text, message]) => text === '"incremant"' && /did you mean increment/.test(message)),
      JSON.stringify(texts),
    );
    assert.ok(texts.some(([text, message]) => text === '["count", 1]' && /takes 0 arguments/.test(message)));
  });

  it('are completed with the exports of their module, and explain them', async () => {
    const document = await scenario(
      'names.stress.json',
      '{ "module": "counter-global.wat", "callers": [[["increment"]]] }',
    );
    const at = find(document, '"increment"', 1);
    const items = await vscode.commands.executeCommand<vscode.CompletionList>(
      'vscode.executeCompletionItemProvider',
      document.uri,
      at,
    );
    const labels = items.items.map(({ label }) => (typeof label === 'string' ? label : label.label));
    assert.ok(labels.includes('increment') && labels.includes('count'), labels.join());
    assert.match(await hover(document, at), /increment\(\) -> i32[\s\S]*Conflicts(?:&nbsp;| )with/);
  });

  it('show names of exports in one line and insert them whole', async () => {
    await writeFile(join(folder(), 'scenarios', 'lines.wat'), '(module (func (export "two\\0alines")))');
    const document = await scenario('lines.stress.json', '{ "module": "lines.wat", "callers": [[[""]]] }');
    const { items } = await vscode.commands.executeCommand<vscode.CompletionList>(
      'vscode.executeCompletionItemProvider',
      document.uri,
      find(document, '""', 1),
    );
    const item = items.find(({ label }) => label === 'two\\u{a}lines');
    assert.ok(item, items.map(({ label }) => label).join());
    const { insertText } = item;
    assert.equal(typeof insertText === 'string' ? insertText : insertText?.value, '"two\\\\nlines"');
  });

  it('are completed with places for the arguments that a call lacks', async () => {
    await writeFile(
      join(folder(), 'scenarios', 'takes.wat'),
      '(module (global $n (mut i32) (i32.const 0)) (func (export "set") (param i32 externref) (global.set $n (local.get 0))))',
    );
    for (const [n, [call, inserted]] of [
      ['["se"]', `"set", $\{1:0}, $\{2:null}`],
      ['["se", 1, null]', '"set"'],
    ].entries()) {
      const document = await scenario(`takes-${n}.stress.json`, `{ "module": "takes.wat", "callers": [[${call}]] }`);
      const { items } = await vscode.commands.executeCommand<vscode.CompletionList>(
        'vscode.executeCompletionItemProvider',
        document.uri,
        find(document, '"se"', 1),
      );
      const item = items.find(({ label }) => (typeof label === 'string' ? label : label.label) === 'set');
      assert.ok(item?.insertText instanceof vscode.SnippetString, JSON.stringify(items));
      assert.equal(item.insertText.value, inserted);
    }
  });

  it('complete the steps of protocols: exports, names of results, and what names stand for', async () => {
    await mkdir(join(folder(), 'scenarios'), { recursive: true });
    await writeFile(
      join(folder(), 'scenarios', 'protocol.wat'),
      '(module (memory 1) (func (export "malloc") (param i32) (result i32) (local.get 0)) (func (export "use") (param i32)))',
    );
    const document = await scenario(
      'protocol.stress.json',
      `{ "module": "protocol.wat", "callers": [{ "steps": [
        { "call": "malloc", "args": [4], "as": "p" },
        { "write": "$p", "utf8": "a" }, { "call": "us" }, ["use", "$q"]] }, { "like": 0 }] }`,
    );
    const itemsAt = async (text: string, into: number) => {
      const { items } = await vscode.commands.executeCommand<vscode.CompletionList>(
        'vscode.executeCompletionItemProvider',
        document.uri,
        find(document, text, into),
      );
      return items;
    };
    const names = await itemsAt('"$p"', 2);
    const name = names.find(({ label }) => label === '$p');
    assert.equal(name?.detail, 'p = malloc(4)', names.map(({ label }) => label).join());
    const use = (await itemsAt('"us"', 1)).find(({ label }) => label === 'use');
    assert.ok(use?.insertText instanceof vscode.SnippetString);
    assert.equal(use.insertText.value, `"use", "args": [$\{1:0}]`);
    assert.match(await hover(document, find(document, '"$p"', 2)), /p = malloc\(4\)[\s\S]*malloc\(i32\) -> i32/);
    const found = await diagnostics(document.uri, (all) => all.some(({ message }) => message.includes('$q')));
    assert.deepEqual(
      found.filter(({ message }) => message.includes('$q')).map(({ range }) => document.getText(range)),
      ['"$q"', '0'],
    );
  });

  it('run', async () => {
    const document = await scenario(
      'counter-global.stress.json',
      '{ "callers": [[["increment"]], [["increment"]]], "probe": [["count"]] }',
    );
    await run('stressModule', document.uri);
    const source = fileUri('scenarios/counter-global.wat');
    const found = await until('diagnostics of the source', [vscode.languages.onDidChangeDiagnostics], () => {
      const all = vscode.languages.getDiagnostics(source).filter((one) => one.source === 'wasm-hazards stress');
      return all.length > 0 && all;
    });
    assert.match(found[0].message, /Data race on \$count/);
  });

  it('replay with the imports that they name', async () => {
    const write = (name: string, text: string): Thenable<void> =>
      vscode.workspace.fs.writeFile(fileUri(`scenarios/${name}`), new TextEncoder().encode(text));
    await write(
      'given.wat',
      `(module (import "env" "step" (func $step (result i32))) (global $sum (mut i32) (i32.const 0))
        (func (export "add") (global.set $sum (i32.add (global.get $sum) (call $step)))))`,
    );
    await write('given.mjs', 'export default { env: { step: () => 4321 } };');
    await write(
      'given.stress.json',
      '{ "module": "given.wat", "callers": [[["add"]], [["add"]]], "imports": { "module": "given.mjs" } }',
    );
    const source = fileUri('scenarios/given.wat');
    await run('stressModule', fileUri('scenarios/given.stress.json'));
    const [{ message }] = await diagnostics(source, (all) => all.some((one) => one.source === 'wasm-hazards stress'));
    const [, schedule] = /schedule ([A-Z\d]+)/.exec(message) ?? assert.fail(message);
    const replayed = await run<string>('replaySchedule', source.toString(), schedule);
    assert.match(replayed, /= 4321/);
  });

  it('run no code outside of their folder', async () => {
    const write = (name: string, text: string): Thenable<void> =>
      vscode.workspace.fs.writeFile(fileUri(name), new TextEncoder().encode(text));
    const ran = fileUri('scenarios/ran');
    const code = `require('node:fs').writeFileSync(${JSON.stringify(ran.fsPath)}, '');`;
    await write('outside.cjs', `${code} module.exports = { env: { step: () => 1 } };`);
    await write(
      'scenarios/outside.wat',
      '(module (import "env" "step" (func $step (result i32))) (func (export "add") (drop (call $step))))',
    );
    for (const module of ['../outside.cjs', fileUri('outside.cjs').fsPath]) {
      const scenario = { module: 'outside.wat', callers: [[['add']], [['add']]], imports: { module } };
      await write('scenarios/outside.stress.json', JSON.stringify(scenario));
      const results = await run<AdvisedResult[]>('stressModule', fileUri('scenarios/outside.stress.json'));
      assert.deepEqual(results, []);
      await assert.rejects(async () => vscode.workspace.fs.stat(ran));
    }
  });

  it('are made for an export, and can be run as they are', async () => {
    await copyOf('counter-global.wat', 'created/counter.wat');
    const module = fileUri('created/counter.wat');
    const uri = await run<vscode.Uri>('createScenario', module.toString(), 'increment');
    assert.equal(uri.path.endsWith('/created/counter.stress.json'), true);
    const document = vscode.window.activeTextEditor?.document;
    assert.equal(document?.uri.toString(), uri.toString());
    assert.deepEqual(JSON.parse(document?.getText() ?? '').callers, [[['increment']], [['increment']]]);
    const results = await run<AdvisedResult[]>('stressModule', module);
    assert.ok(results.some(({ verdict }) => verdict === 'race'));
    await document?.save();
  });
});
