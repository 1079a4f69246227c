import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { CodeAction, Diagnostic } from 'vscode-languageserver';
import type { ModuleDocument } from '../documents/moduleDocument.ts';
import { COUNTER, documentOf } from '../testing/testDocument.ts';
import { sourceOf } from '../testing/testSource.ts';
import { codeActions } from './codeAction.ts';
import { textDiagnostics } from './diagnostics.ts';

const doc = await documentOf(COUNTER);
const NOWHERE = { start: { line: 0, character: 0 }, end: { line: 0, character: 0 } };
const PLAIN = { documentChanges: false, snippets: false };

const actionsFor = (found: readonly Diagnostic[]): CodeAction[] => codeActions(doc, NOWHERE, found, PLAIN);

/** Actions at the first occurrence of a text, with the diagnostics there. */
function actionsAt(on: ModuleDocument, wanted: string): CodeAction[] {
  const line = on.text.split('\n').findIndex((one) => one.includes(wanted));
  assert.notEqual(line, -1, wanted);
  const at = { line, character: on.text.split('\n')[line].indexOf(wanted) };
  const here = textDiagnostics(on).filter(
    ({ range: { start, end } }) =>
      start.line === line && start.character <= at.character && at.character <= end.character,
  );
  return codeActions(on, { start: at, end: at }, here, PLAIN);
}

const titles = (actions: readonly CodeAction[]): string[] => actions.map(({ title }) => title);

test('proof, wrapper and report, the page, ignoring, the severity', () => {
  const [increment] = textDiagnostics(doc);
  const actions = actionsFor([increment]);
  assert.deepEqual(
    actions.map(({ title, command }) => [title, command?.command, command?.arguments?.[0]]),
    [
      ["Stress test 'increment'", 'wasm-hazards.stressExport', doc.uri],
      ["Create a stress scenario for 'increment'", 'wasm-hazards.createScenario', doc.uri],
      ['Generate a concurrency wrapper for the module', 'wasm-hazards.generateWrapper', doc.uri],
      ['Open the report of the module', 'wasm-hazards.openReport', doc.uri],
      ['Open the page of rule global-write: writes a mutable global', 'wasm-hazards.openRule', 'global-write'],
      ["Ignore global-write for 'increment'", 'wasm-hazards.ignoreFinding', 'test.wasm:increment:global-write'],
      ['Ignore global-write in this file', 'wasm-hazards.ignoreFinding', 'test.wasm:*:global-write'],
      ['Change the severity of global-write in the settings', 'wasm-hazards.changeSeverity', 'global-write'],
    ],
  );
  assert.ok(actions.every(({ kind, diagnostics }) => kind === 'quickfix' && diagnostics?.[0] === increment));
});

const SHARED = `(module
  (memory 1 1 shared)
  (func (export "add") (param i32)
    (i32.store (i32.const 8) (i32.add (i32.load (i32.const 8)) (local.get 0))))
  (func (export "twice") (param i32) (result i32) (i32.mul (local.get 0) (i32.const 2))))`;

test('in a source: what mends it, what proves it, a wrapper, and what silences it last', async () => {
  const source = await sourceOf(SHARED);
  const order = [/^Make it atomic/, /^Stress test 'add'/, /^Create a stress/, /^Generate/, /^Open the report/];
  const last = [/^Open the page/, /^Ignore \S+ here, with a comment/, /^Ignore \S+ for 'add'/, /^Ignore .* file/];
  const found = titles(actionsAt(source, '(export "add")'));
  const places = [...order, ...last].map((wanted) => found.findIndex((title) => wanted.test(title)));
  assert.ok(!places.includes(-1), found.join('\n'));
  assert.deepEqual(
    places,
    [...places].sort((a, b) => a - b),
    found.join('\n'),
  );
});

test('the instruction that conflicts has what mends and what proves it; others have nothing', async () => {
  const source = await sourceOf(SHARED);
  assert.deepEqual(
    titles(actionsAt(source, 'i32.load')).map((title) => title.replace(/ \(.*/, '')),
    [
      'Make it atomic: i32.atomic.rmw.add',
      "Stress test 'add'",
      "Create a stress scenario for 'add'",
      'Generate a concurrency wrapper for the module',
      'Open the report of the module',
    ],
  );
  assert.deepEqual(actionsAt(source, 'i32.mul'), []);
  assert.deepEqual(actionsAt(source, '(export "twice")'), []);
});

test('an instruction of a disassembly has the same, without edits', () => {
  assert.deepEqual(titles(actionsAt(doc, 'global.set')), [
    "Stress test 'increment'",
    "Create a stress scenario for 'increment'",
    "Stress test 'apply'",
    "Create a stress scenario for 'apply'",
    'Generate a concurrency wrapper for the module',
    'Open the report of the module',
  ]);
});

test('what is about the module is offered once for all its findings', () => {
  const found = textDiagnostics(doc).slice(0, 3);
  const wrapping = actionsFor(found).filter(({ command }) => command?.command.endsWith('generateWrapper'));
  assert.deepEqual(
    wrapping.map(({ diagnostics }) => diagnostics),
    [found],
  );
});

test('the key of an action silences the finding', () => {
  const [increment] = textDiagnostics(doc);
  const key = actionsFor([increment]).find(({ title }) => title.startsWith('Ignore'))?.command?.arguments?.[0];
  const silenced = textDiagnostics({ ...doc, settings: { ...doc.settings, ignore: [key] } });
  assert.equal(silenced.length, textDiagnostics(doc).length - 1);
});

test("other extensions' diagnostics and our errors have no actions", () => {
  const range = NOWHERE;
  assert.deepEqual(actionsFor([{ range, message: '', source: 'other', data: { rule: 'global-write' } }]), []);
  assert.deepEqual(actionsFor([{ range, message: '', source: 'wasm-hazards', code: 'malformed' }]), []);
  assert.deepEqual(actionsFor([{ range, message: '', source: 'wasm-hazards', data: { rule: 'constructor' } }]), []);
});
