/** No text makes the reader throw, take more than linear time, or return a span outside the text. */

import { strict as assert } from 'node:assert';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { FIXTURES } from '../testing/paths.ts';
import { random } from '../testing/random.ts';
import { readWat } from './read.ts';
import { CONSTRUCTS } from './testing/constructs.ts';
import { textMutant } from './testing/mutants.ts';
import { badSpans } from './testing/ordinals.ts';

const CASES = join(import.meta.dirname, 'cases');

const files = (folder: string): string[] =>
  readdirSync(folder)
    .filter((name) => /\.was?t$/.test(name))
    .map((name) => readFileSync(join(folder, name), 'utf8'));

test('thousands of mutants', () => {
  const next = random(11);
  for (const text of [...files(FIXTURES), ...files(CASES), ...Object.values(CONSTRUCTS)]) {
    for (let i = 0; i < 100; i++) {
      const changed = textMutant(text, next);
      const doc = readWat(changed);
      assert.deepEqual(badSpans(doc), [], changed);
      assert.ok(doc.errors.every(({ message }) => message.length < 200));
    }
  }
});

test('every prefix of a text', () => {
  for (const text of files(CASES)) {
    for (let end = 0; end <= text.length; end++) assert.deepEqual(badSpans(readWat(text.slice(0, end))), []);
  }
});

describe('large and deep texts', () => {
  const N = 100_000;
  const many = (text: string, times = N): string => text.repeat(times);

  test('nesting', () => {
    const deep = readWat(`(module (func ${many('(i32.eqz ')}(i32.const 1)${many(')')}))`);
    assert.deepEqual(deep.errors, []);
    assert.equal(deep.instructions.count, N + 2);
    assert.equal(readWat(`(func ${many('(block ')}${many(')')})`).instructions.count, 2 * N + 1);
    assert.equal(readWat(`(func ${many('(if (i32.const 0) (then ')}${many('))')})`).instructions.count, 3 * N + 1);
    assert.equal(readWat(`${many('(;')}${many(';)')}(func nop)`).instructions.count, 2);
    assert.equal(readWat(`(module (func ${many('(block ')}`).instructions.count, 2 * N + 1);
  });

  test('lines', () => {
    const wide = readWat(`(module (func ;; wasm-hazards-ignore ${many('x', 1e6)}\n${many('i32.const 1 drop ')}))`);
    assert.equal(wide.instructions.count, 2 * N + 1);
    assert.equal(readWat(`(data "${many('\\00', 1e6)}")`).modules[0].data.length, 1);
    assert.equal(readWat(`(func ${many(' ', 1e6)}nop)`).instructions.count, 2);
  });

  /** In quadratic time each of these would exceed the time limit for all. */
  const repeated = [
    '(',
    ')',
    '(func\n',
    '(func (param ',
    '(func (param (ref\n',
    '(table (x\n',
    '(global (mut\n',
    '(memory (data\n',
  ];
  repeated.push(
    '(@a\n',
    '(;\n',
    '(@a ',
    '(; ',
    '"\n',
    '(func block (param ',
    '(rec\n',
    '(type (func (param\n',
    '(export "a"\n',
  );
  repeated.push(
    '(import "a" "b"\n',
    '(import "a" (item "b" ',
    '(module\n',
    '(assert_return\n',
    '(thread ',
    '(if (else ',
    '(try (do ',
  );
  repeated.push(
    'é ',
    '\0',
    'unknown ',
    '(foo (bar ',
    '\ud800 "\udc00" ',
    '(elem (ref\n',
    'end ',
    '(try_table (catch ',
    '$"',
  );
  test('all kinds of unfinished forms', { timeout: 60_000 }, () => {
    for (const piece of repeated) {
      const text = many(piece, 50_000);
      const doc = readWat(text);
      assert.ok(doc.errors.length <= 1100, piece);
      assert.deepEqual(badSpans(doc), [], piece);
    }
    const shared = readWat(`(import "m" ${many('(item "b") ')}(func (param ${many('i32 ')})))`);
    assert.equal(shared.modules[0].funcs.length, N);
  });
});
