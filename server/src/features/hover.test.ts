import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { MarkupContent } from 'vscode-languageserver';
import { assertGolden } from '../../../core/testing/golden.ts';
import type { ModuleDocument } from '../documents/moduleDocument.ts';
import { COUNTER, cursorAt, documentOf, textIn } from '../testing/testDocument.ts';
import { hover } from './hover.ts';

const counter = await documentOf(COUNTER);

/** Text of a hover; the targets of links are decoded so that a reader sees where they lead. */
function textAt(doc: ModuleDocument, marked: string): string {
  const found = hover(doc, ...cursorAt(doc, marked));
  if (found === undefined) return 'no hover';
  const { value } = found.contents as MarkupContent;
  return value.replace(
    /command:wasm-hazards\.(\w+)\?([^)]*)/g,
    (_, command, args) => `${command} ${decodeURIComponent(args)}`,
  );
}

const PLACES = [
  '(export "incr<|>ement"',
  '(export "add<|>"',
  '(export "gr<|>ow"',
  '(export "sa<|>y"',
  '(export "fra<|>me"',
  '(func $b<|>ump',
  '(func $doub<|>le',
  'call $bu<|>mp',
  'call<|> $bump',
  'global.s<|>et $counter',
  'global.get $coun<|>ter',
  'global $li<|>mit',
  'global $__stack_<|>pointer',
  '(memory $mem<|>ory (;0;)',
  '(ta<|>ble',
  'call_ind<|>irect',
  'i32.st<|>ore',
  'memory.gr<|>ow',
  'call $lo<|>g',
  '(da<|>ta',
  '(elem (;0;) (i32.const 0) func $dou<|>ble',
];

test('hovers of everything that the module has', () => {
  const text = PLACES.map((place) => `### ${place}\n\n${textAt(counter, place)}\n`).join('\n');
  assertGolden(`${import.meta.dirname}/hover.golden.md`, text);
});

test('the range is the token', () => {
  const found = hover(counter, ...cursorAt(counter, 'call $bu<|>mp'));
  assert.equal(textIn(counter, found?.range), '$bump');
});

test('instructions without shared effects have no hover', () => {
  assert.equal(textAt(counter, 'i32.m<|>ul'), 'no hover');
  assert.equal(textAt(counter, 'local.get $b<|>y'), 'no hover');
});

test('an elided function offers its body', async () => {
  const doc = await documentOf(COUNTER, { bodyBudget: 0 });
  assert.match(textAt(doc, '(func $bu<|>mp'), /\[Show body\]\(showBody \["file:\/\/\/modules\/test\.wasm",2\]\)$/);
});

test('links survive parentheses in names, and names cannot become links or tags', async () => {
  const wat =
    '(module (global $g (mut i32) (i32.const 0)) (func (export "a)](command:x) <b>`c`") (global.set $g (i32.const 1))))';
  const doc = { ...(await documentOf(wat)), uri: 'file:///modules/a(1).wasm' };
  const found = hover(doc, ...cursorAt(doc, '(ex<|>port'))!;
  const { value } = found.contents as MarkupContent;
  assert.doesNotMatch(value, /\(command:[^)]*\(/);
  assert.match(value, /\*\*`a\)\]\(command:x\) <b>'c'`\*\*/);
  for (const [, target] of value.matchAll(/\]\((command:wasm-hazards[^)]*)\)/g)) {
    assert.doesNotThrow(() => JSON.parse(decodeURIComponent(target.slice(target.indexOf('?') + 1))));
  }
});

test('lists are bounded', async () => {
  const exports = Array.from(
    { length: 50 },
    (_, i) => `(func (export "set${i}") (global.set $g (i32.const ${i})))`,
  ).join('\n');
  const doc = await documentOf(`(module (global $g (mut i32) (i32.const 0)) ${exports})`);
  const text = textAt(doc, '(export "set<|>0"');
  assert.match(text, /Conflicts with itself, .* and 41 more\./);
  assert.ok(text.length < 5000);
});

test('the head of a module says what it needs before its API works, and its initialiser when it is called', async () => {
  const reactor = await documentOf(`(module
  (memory (export "memory") 1)
  (func (export "_initialize") (i32.store (i32.const 16) (i32.const 1)))
  (func (export "get") (result i32) (i32.load (i32.const 16))))`);
  assert.match(textAt(reactor, '(mod<|>ule'), /Before its API works: `_initialize` once in each instance/);
  assert.match(
    textAt(reactor, '(export "_initi<|>alize"'),
    /Called before the API, once in each instance \(the module is/,
  );
  assert.doesNotMatch(textAt(reactor, '(export "g<|>et"'), /Called before/);
});
