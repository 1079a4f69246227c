import assert from 'node:assert/strict';
import { test } from 'node:test';
import { COUNTER, documentOf } from '../testing/testDocument.ts';
import { codeActions } from './codeAction.ts';
import { textDiagnostics } from './diagnostics.ts';

const doc = await documentOf(COUNTER);

test('the page, the severity, ignoring here and in the file', () => {
  const [increment] = textDiagnostics(doc);
  const actions = codeActions([increment], doc.uri);
  assert.deepEqual(
    actions.map(({ title, command }) => [title, command?.command, command?.arguments?.[0]]),
    [
      ['Create a stress scenario for `increment`', 'wasm-hazards.createScenario', doc.uri],
      ['Open the page of rule global-write: writes a mutable global', 'wasm-hazards.openRule', 'global-write'],
      ['Change the severity of global-write in the settings', 'wasm-hazards.changeSeverity', 'global-write'],
      ['Ignore global-write for `increment`', 'wasm-hazards.ignoreFinding', 'test.wasm:increment:global-write'],
      ['Ignore global-write in this file', 'wasm-hazards.ignoreFinding', 'test.wasm:*:global-write'],
      ['Generate a concurrency wrapper for the module', 'wasm-hazards.generateWrapper', doc.uri],
    ],
  );
  assert.ok(actions.every(({ kind, diagnostics }) => kind === 'quickfix' && diagnostics?.[0] === increment));
});

test('what is about the module is offered once for all its findings', () => {
  const found = textDiagnostics(doc).slice(0, 3);
  const wrapping = codeActions(found, doc.uri).filter(({ command }) => command?.command.endsWith('generateWrapper'));
  assert.deepEqual(
    wrapping.map(({ diagnostics }) => diagnostics),
    [found],
  );
});

test('the key of an action silences the finding', () => {
  const [increment] = textDiagnostics(doc);
  const key = codeActions([increment], doc.uri)[3].command?.arguments?.[0];
  const silenced = textDiagnostics({ ...doc, settings: { ...doc.settings, ignore: [key] } });
  assert.equal(silenced.length, textDiagnostics(doc).length - 1);
});

test("other extensions' diagnostics and our errors have no actions", () => {
  const range = { start: { line: 0, character: 0 }, end: { line: 0, character: 0 } };
  assert.deepEqual(codeActions([{ range, message: '', source: 'other', data: { rule: 'global-write' } }], doc.uri), []);
  assert.deepEqual(codeActions([{ range, message: '', source: 'wasm-hazards', code: 'malformed' }], doc.uri), []);
  assert.deepEqual(
    codeActions([{ range, message: '', source: 'wasm-hazards', data: { rule: 'constructor' } }], doc.uri),
    [],
  );
});
