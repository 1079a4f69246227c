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
    assert.equal(character, lineText(doc.text, doc.lineStarts, line).trimEnd().length, 'at the end of the line');
    return `${lineText(doc.text, doc.lineStarts, line).trim()} >${label}`;
  });

test('in a source, at the end of the line, the most telling access of it', async () => {
  assert.deepEqual(shown(await sourceOf(COUNTER)).slice(0, 3), [
    '(global.set $counter (i32.add (global.get $counter) (local.get $by))) >$counter: written by reset, read by get',
    '(global.get $counter)) >$counter: written by reset',
    '(func (export "reset") (global.set $counter (i32.const 0))) >$counter: written by increment…',
  ]);
});

test('in a disassembly, one for each access', async () => {
  assert.deepEqual(shown(await documentOf(COUNTER)), [
    'global.get $counter >$counter: written by reset',
    'global.set $counter >$counter: written by reset, read by get',
    'global.get $counter >$counter: written by reset',
    'global.set $counter >$counter: written by increment…',
    'global.get $counter >$counter: written by increment and reset…',
    'i32.store >[1024,1028): memory grown by grow',
    'memory.grow >memory size: used by store and frame',
  ]);
});

test('the tooltip has all of it', async () => {
  const tooltips = all(await documentOf(COUNTER)).map(({ tooltip }) => tooltip);
  assert.ok(
    tooltips.includes('$counter: written by increment; may be written by apply; read by get'),
    tooltips.join('\n'),
  );
});

test('growth is told of those that grow, a write of those that write', async () => {
  const doc = await documentOf(`(module (memory 1)
    (func (export "add_page") (drop (memory.grow (i32.const 1))))
    (func (export "bump") (i32.store (i32.const 16) (i32.add (i32.load (i32.const 16)) (i32.const 1))))
    (func (export "peek") (result i32) (i32.load (i32.const 16))))`);
  assert.deepEqual(
    all(doc).map(({ tooltip }) => tooltip),
    [
      'memory size: used by bump and peek',
      'memory[0] [16,20): memory grown by add_page',
      'memory[0] [16,20): memory grown by add_page; read by peek',
      'memory[0] [16,20): memory grown by add_page; written by bump',
    ],
  );
});

test('what an export may do is not what it does', async () => {
  const doc = await documentOf(`(module (memory 1)
    (func (export "put") (param i32) (i32.store (local.get 0) (i32.const 1)))
    (func (export "peek") (result i32) (i32.load (i32.const 16))))`);
  assert.deepEqual(shown(doc), ['i32.load >[16,20): may be written by put']);
});

test('two calls of one export', async () => {
  const doc = await sourceOf(
    '(module (global $n (mut i32) (i32.const 0)) (func (export "once") (global.set $n (i32.const 1))))',
  );
  assert.match(shown(doc)[0], />\$n: shared by calls of once$/);
});

test('none of frames, of objects, and of an allocator beside an API', async () => {
  const doc = await documentOf(`(module (memory 1) (global $top (mut i32) (i32.const 4096))
    (global $__stack_pointer (mut i32) (i32.const 4096))
    (func $malloc (export "malloc") (param i32) (result i32) (local i32)
      (local.set 1 (global.get $top)) (global.set $top (i32.add (global.get $top) (local.get 0))) (local.get 1))
    (func (export "f") (param i32) (result i32) (local $frame i32)
      (local.set $frame (i32.sub (global.get $__stack_pointer) (i32.const 16)))
      (global.set $__stack_pointer (local.get $frame))
      (i32.store (local.get $frame) (i32.const 7))
      (i32.store (local.get 0) (i32.const 7))
      (global.set $__stack_pointer (i32.add (local.get $frame) (i32.const 16)))
      (call $malloc (i32.const 8))))`);
  assert.deepEqual(shown(doc), []);
});

test('no hint is cut off', async () => {
  const long = 'a_function_with_a_very_long_name_that_says_everything';
  const doc = await documentOf(`(module (global $${long} (mut i32) (i32.const 0))
    (func (export "${long}_1") (global.set $${long} (i32.const 1)))
    (func (export "${long}_2") (global.set $${long} (i32.const 1))))`);
  for (const { label } of all(doc)) assert.ok(String(label).length <= 43, String(label));
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
