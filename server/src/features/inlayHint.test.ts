import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { InlayHint } from 'vscode-languageserver';
import { lineText } from '../../../core/text/lines.ts';
import type { ModuleDocument } from '../documents/moduleDocument.ts';
import { COUNTER, documentOf } from '../testing/testDocument.ts';
import { sourceOf } from '../testing/testSource.ts';
import { inlayHints } from './inlayHint.ts';

const all = (doc: ModuleDocument): InlayHint[] =>
  inlayHints(doc, { start: { line: 0, character: 0 }, end: { line: doc.lineStarts.length, character: 0 } });

/** `global.set $counter >shared: ...`: what stands before each hint on its line, and the hint. */
const shown = (doc: ModuleDocument): string[] =>
  all(doc).map(({ position: { line, character }, label }) => {
    const before = lineText(doc.text, doc.lineStarts, line).slice(0, character);
    return `${before.slice(before.lastIndexOf('(') + 1).trim()} >${label}`;
  });

test('in a source, behind each access', async () => {
  const hints = shown(await sourceOf(COUNTER));
  assert.deepEqual(hints.slice(0, 3), [
    'global.get $counter >shared: $counter, also written by reset',
    'global.set $counter >shared: $counter, also written by reset, read by get',
    'global.get $counter >shared: $counter, also written by reset',
  ]);
  assert.ok(
    hints.includes('global.set $counter >shared: $counter, also written by increment and apply, read by get'),
    hints.join('\n'),
  );
});

test('in a disassembly, the same ones', async () => {
  const source = await sourceOf(COUNTER);
  const printed = await documentOf(COUNTER);
  const sorted = (doc: ModuleDocument): string[] => shown(doc).sort();
  assert.deepEqual(sorted(printed), sorted(source));
});

test('two calls of one export', async () => {
  const doc = await sourceOf(
    '(module (global $n (mut i32) (i32.const 0)) (func (export "once") (global.set $n (i32.const 1))))',
  );
  assert.deepEqual(shown(doc), ['global.set $n >shared: $n, used by every call of once']);
});

test('none where nothing is flagged, none when switched off, few at a time', async () => {
  assert.deepEqual(all(await sourceOf(COUNTER, { settings: { inlayHints: false } })), []);
  assert.deepEqual(
    all(await sourceOf(COUNTER, { host: 'javascript' })).filter(({ label }) => String(label).includes('$counter')),
    [],
  );
  const many = `(module (global $n (mut i32) (i32.const 0)) (func (export "f") ${'(global.set $n (i32.const 1))\n'.repeat(1000)}))`;
  const doc = await sourceOf(many);
  assert.equal(all(doc).length, 500);
  const part = inlayHints(doc, { start: { line: 10, character: 0 }, end: { line: 19, character: 0 } });
  assert.deepEqual([part.length, part[0].position.line], [10, 10]);
});
