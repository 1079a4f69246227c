import assert from 'node:assert/strict';
import { test } from 'node:test';
import { assertGolden } from '../../../core/testing/golden.ts';
import { COUNTER, documentOf } from '../testing/testDocument.ts';
import { matrixText } from './matrix.ts';

test('rows, symbols, cells', async () => {
  assertGolden(`${import.meta.dirname}/matrix.golden.txt`, matrixText(await documentOf(COUNTER)));
});

test('exports with the same effects are one row', async () => {
  const setters = Array.from(
    { length: 500 },
    (_, i) => `(func (export "set${i}") (global.set $g (i32.const ${i})))`,
  ).join('\n');
  const text = matrixText(await documentOf(`(module (global $g (mut i32) (i32.const 0)) ${setters})`));
  assert.match(text, /^1 set0, set1, set2, \.\.\. \(500\) {2}D$/m);
  assert.ok(text.length < 1000);
});

test('many rows and pairs are bounded, and said to be', async () => {
  const globals = Array.from({ length: 80 }, (_, i) => `(global $g${i} (mut i32) (i32.const 0))`).join('\n');
  const all = Array.from(
    { length: 80 },
    (_, i) => `(func (export "f${i}") (global.set $g${i} (i32.const 0)) (global.set $g0 (i32.const 0)))`,
  ).join('\n');
  const text = matrixText(await documentOf(`(module ${globals} ${all})`));
  assert.match(text, /20 more rows of conflicting exports left out\./);
  assert.match(text, /2,840 more pairs left out\./);
});

test('nothing in conflict, nothing exported', async () => {
  assert.match(matrixText(await documentOf('(module (func (export "add")))')), /No conflict found in 1 export\./);
  assert.match(matrixText(await documentOf('(module)')), /The module exports no function\./);
});
