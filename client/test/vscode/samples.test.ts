/** Findings in the files of the samples in Rust, C with DWARF 5, and AssemblyScript. */
import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { closeAll, diagnostics, fileUri, find, hover, ruleOf, textUri, until } from './support.ts';

/** A line with a finding, what it says, and the line that has the lenses of its export. */
interface Expected {
  file: string;
  module: string;
  line: string;
  rule: string;
  message: RegExp;
  exported: string;
}

const SAMPLES: readonly Expected[] = [
  {
    file: 'source/rust/src/lib.rs',
    module: 'source/rust/counter.wasm',
    line: 'COUNTER = next(before)',
    rule: 'static-memory-write',
    message: /^'bump' writes 'counter::COUNTER' \('u32', '.*src\/lib\.rs:12'.* at '.*src\/lib\.rs:31'/,
    exported: 'fn bump()',
  },
  {
    file: 'source/c-dwarf5/ring.c',
    module: 'source/c-dwarf5/ring.wasm',
    line: 'ring.head += 1',
    rule: 'static-memory-write',
    message: /^'put' writes 'ring\.head' \(.*ring\.c:12.* at '.*ring\.c:23'/,
    exported: 'int put(',
  },
  {
    file: 'source/assemblyscript/assembly/gate.ts',
    module: 'source/assemblyscript/gate.wasm',
    line: 'Gate.guests = before + 1',
    rule: 'global-write',
    message: /^'enter' writes .*Gate\.guests.* at '.*assembly\/gate\.ts:20'/,
    exported: 'function enter(',
  },
];

describe('samples with debug information', () => {
  afterEach(closeAll);

  for (const { file, module, line, rule, message, exported } of SAMPLES)
    it(`${file} has the finding, the lenses, and the way to its module`, async () => {
      const { document } = await vscode.window.showTextDocument(await vscode.workspace.openTextDocument(fileUri(file)));
      const at = find(document, line);
      const found = await diagnostics(document.uri, (all) =>
        all.some((one) => one.source === 'wasm-hazards' && one.range.start.line === at.line),
      );
      const finding = found.find((one) => one.range.start.line === at.line && ruleOf(one) === rule);
      assert.match(finding?.message ?? '', message);
      assert.ok(finding?.relatedInformation?.some(({ location }) => location.range.start.line === at.line));
      assert.ok(!found.some(({ code }) => code === 'stale'));
      assert.match(await hover(document, at), /Show the WebAssembly of this line/);
      const lenses = await vscode.commands.executeCommand<vscode.CodeLens[]>(
        'vscode.executeCodeLensProvider',
        document.uri,
        100,
      );
      const declared = find(document, exported).line;
      const above = lenses.filter(({ range }) => range.start.line === declared).map(({ command }) => command?.title);
      assert.ok(above.includes('Stress test'), JSON.stringify(lenses));
      await vscode.commands.executeCommand('wasm-hazards.showWebAssembly', document.uri.toString(), at.line);
      const text = await until('the text of the module', [vscode.window.onDidChangeActiveTextEditor], () => {
        const active = vscode.window.activeTextEditor;
        return active?.document.uri.toString() === textUri(module).toString() && active;
      });
      assert.match(text.document.lineAt(text.selection.start.line).text, /i32\.|global\.|local\./);
    });
});
