/** Texts that nobody should write: nothing throws, every place is inside of the text, nothing takes long. */

import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { analyseSource } from '../../../../core/source/analyseSource.ts';
import { FIXTURES } from '../../../../core/testing/paths.ts';
import { positionOf, sourceLineStarts, type TextRange } from '../../../../core/text/lines.ts';
import type { CompileError } from '../../../../core/wat/compile.ts';
import { packWat, unpackWat } from '../../../../core/wat/watTransfer.ts';
import { DEFAULT_SETTINGS } from '../../defaultSettings.ts';
import { codeActions } from '../../features/codeAction.ts';
import { codeLenses } from '../../features/codeLens.ts';
import { definition } from '../../features/definition.ts';
import { textDiagnostics } from '../../features/diagnostics.ts';
import { documentSymbols } from '../../features/documentSymbol.ts';
import { hover } from '../../features/hover.ts';
import { unusedIgnoreDiagnostics } from '../../features/ignoreComments.ts';
import { inlayHints } from '../../features/inlayHint.ts';
import { packModule } from '../../threads/moduleTransfer.ts';
import { sourceModule, unpackModules } from './sourceModule.ts';

const fixtures = readdirSync(FIXTURES)
  .filter((name) => name.endsWith('.wat'))
  .map((name) => readFileSync(join(FIXTURES, name), 'utf8'));

/** Compiles and asks everything; returns what does not compile. */
async function exercise(text: string, script = false): Promise<CompileError[]> {
  const analysed = await analyseSource({ text, script, host: 'wazero', model: 'auto' }, { now: () => 0 });
  assert.ok(analysed);
  const lineStarts = sourceLineStarts(text);
  const inside = ({ start, end }: TextRange): void => {
    for (const { line, character } of [start, end]) {
      assert.ok(line < lineStarts.length && lineStarts[line] + character <= text.length, `${line}:${character}`);
    }
    assert.ok(end.line > start.line || (end.line === start.line && end.character >= start.character));
  };
  // As the main thread gets it.
  const wat = unpackWat(structuredClone(packWat(analysed.wat)), text);
  const packed = analysed.modules.map((one) =>
    one.kind === 'failed' ? one : { ...one, module: packModule(one.module) },
  );
  const modules = unpackModules({ wat: packWat(analysed.wat), modules: packed, times: analysed.times });
  const errors: CompileError[] = [];
  for (const [index, found] of modules.entries()) {
    if (found.kind === 'failed') {
      errors.push(found.error);
      inside({ start: positionOf(lineStarts, found.error.start), end: positionOf(lineStarts, found.error.end) });
      assert.ok(found.error.message.length > 3 && found.error.message.length < 500, found.error.message);
      continue;
    }
    const context = {
      uri: 'file:///x.wat',
      lineStarts,
      host: { host: 'wazero', reason: '' },
      settings: DEFAULT_SETTINGS,
    } as const;
    const doc = sourceModule(found, { wat, index, version: 1, isCurrent: () => true }, context);
    const diagnostics = [...textDiagnostics(doc), ...unusedIgnoreDiagnostics(doc)];
    for (const { range } of [...diagnostics, ...codeLenses(doc)]) inside(range);
    for (const { range, selectionRange, children } of documentSymbols(doc))
      [range, selectionRange, ...(children ?? []).map((child) => child.range)].forEach(inside);
    const whole = { start: { line: 0, character: 0 }, end: { line: lineStarts.length, character: 0 } };
    inlayHints(doc, whole);
    codeActions(doc, { start: whole.start, end: whole.start }, diagnostics.slice(0, 20), {
      documentChanges: true,
      snippets: true,
    });
    for (let at = 0, step = Math.max(1, text.length >> 7); at < text.length; at += step) {
      const { line, character } = positionOf(lineStarts, at);
      const found = hover(doc, line, character)?.range;
      if (found) inside(found);
      definition(doc, line, character);
    }
  }
  return errors;
}

async function fails(text: string, message: RegExp, at: number): Promise<void> {
  const [error] = await exercise(text);
  assert.ok(error, text.slice(0, 100));
  assert.match(error.message, message);
  assert.equal(error.start, at);
}

test('unbalanced parentheses', async () => {
  await fails('(module (func', /expected `\)`/, 13);
  await fails('(module))', /extra tokens/, 8);
  await fails('(', /expected/, 1);
  await fails(')', /extra tokens/, 0);
  await fails('(module (func (i32.const 1)', /expected `\)`/, 27);
});

test('characters that belong nowhere', async () => {
  await fails('(module (func \0))', /U\+0000/, 14);
  await fails('\u202e(module)', /U\+202E/, 0);
  await fails('(module (func "\ud83d"))', /expected an instruction/, 14);
  await fails('(module (; never ends', /does not end/, 8);
  await fails('(module (data "never ends\n"))', /must be escaped/, 25);
  await fails('(module\r\n\t(func 😀))', /unexpected character/, 16);
});

test('a line of a megabyte', async () => {
  const code = `(module (global $g (mut i32) (i32.const 0)) (func (export "f") ${'(global.set $g (i32.const 1)) '.repeat(36_000)}`;
  assert.ok(code.length > 1e6);
  assert.deepEqual(await exercise(`${code}))`), []);
  await fails(`${code} foo))`, /unknown operator/, code.length + 1);
  await fails(`(module (data "${'x'.repeat(1e6)}) )`, /ends inside/, 1e6 + 18);
  assert.deepEqual(await exercise(`(module ;; ${'x'.repeat(1e6)}\n)`), []);
  assert.deepEqual(
    await exercise(`(module (func $${'x'.repeat(1e6)} (export "${'y'.repeat(1e5)}")))`).then(
      (errors) => errors.length < 2,
    ),
    true,
  );
});

test('nesting 100,000 deep', async () => {
  const deep = (open: string, inner: string, close: string): string =>
    `${open.repeat(1e5)}${inner}${close.repeat(1e5)}`;
  assert.deepEqual(await exercise(`(module (func (export "f") ${deep('(block ', '(nop)', ')')}))`), []);
  assert.deepEqual(
    await exercise(`(module (func (export "f") (drop ${deep('(i32.eqz ', '(i32.const 1)', ')')})))`),
    [],
  );
  assert.deepEqual(await exercise(`(module (; ${deep('(;', '', ';)')} ;))`), []);
  assert.equal((await exercise(deep('(', '', ')'))).length, 1);
  assert.equal((await exercise('('.repeat(1e5))).length, 1);
  assert.deepEqual(await exercise(deep('(module ', '', ')'), true).then((errors) => errors.length <= 1), true);
  const shared = `(memory 1 1 shared) (func (export "f") (i32.store (i32.const 0) ${deep('(i32.add (i32.const 1) ', '(i32.load (i32.const 0))', ')')}))`;
  assert.deepEqual(await exercise(`(module ${shared})`), []);
});

test('very many modules, exports, comments', async () => {
  assert.deepEqual(await exercise('(module (func (export "f")))\n'.repeat(500), true), []);
  const exports = Array.from({ length: 5000 }, (_, i) => `(export "e${i}" (func $f))`).join('\n');
  assert.deepEqual(
    await exercise(`(module (global $g (mut i32) (i32.const 0)) (func $f (global.set $g (i32.const 1)))\n${exports})`),
    [],
  );
  const ignores = ';; wasm-hazards-ignore global-write\n'.repeat(2000);
  assert.deepEqual(await exercise(`${ignores}(module ${ignores}(func (export "f")))`), []);
});

test('line ends and tabs of every kind', async () => {
  for (const text of fixtures.slice(0, 6)) {
    for (const end of ['\r\n', '\r', '\n\n', '\n\t\t', '\r\n\r'])
      assert.deepEqual(await exercise(text.replaceAll('\n', end)), []);
  }
});

/** Numbers below `bound`, the same ones in every run. */
function generator(seed: number): (bound: number) => number {
  let state = seed;
  return (bound) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * bound);
  };
}

test('mutations of the fixtures', async () => {
  const random = generator(11);
  const pieces = [
    '(',
    ')',
    '"',
    ';;',
    '(;',
    ';)',
    '$x',
    '0',
    '\0',
    '😀',
    '\ud800',
    '\r',
    ' i32.add ',
    '(func',
    '(export "e"',
    'end',
    '\\',
    '(@a',
  ];
  let compiled = 0;
  for (let i = 0; i < 600; i++) {
    let text = fixtures[i % fixtures.length];
    for (let n = 1 + random(3); n > 0; n--) {
      const at = random(text.length);
      const length = random(3) === 0 ? random(40) : random(2);
      const by = random(3) === 0 ? '' : pieces[random(pieces.length)];
      text = text.slice(0, at) + by + text.slice(at + length);
    }
    if ((await exercise(text, i % 4 === 0)).length === 0) compiled++;
  }
  assert.ok(compiled > 30, `${compiled}`);
});
