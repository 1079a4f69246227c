import assert from 'node:assert/strict';
import { test } from 'node:test';
import { contentsOf, inComment, tokenAt, tokensOf } from './lineTokens.ts';

const texts = (line: string): string[] => tokensOf(line).map(({ text }) => text);

test('strings, comments and quoted identifiers are one token each', () => {
  assert.deepEqual(texts('(export "a ;; (b\\"" (func $"x y" (;3;))) ;; end "'), [
    '(',
    'export',
    '"a ;; (b\\""',
    '(',
    'func',
    '$"x y"',
    '(;3;)',
    ')',
    ')',
    ';; end "',
  ]);
});

test('unfinished strings and comments end with the line', () => {
  assert.deepEqual(texts('(data "abc'), ['(', 'data', '"abc']);
  assert.deepEqual(texts('(; abc'), ['(; abc']);
});

test('the token at a cursor is the one it is in, else the one before it', () => {
  const tokens = tokensOf('  call $bump');
  assert.equal(tokenAt(tokens, 2)?.text, 'call');
  assert.equal(tokenAt(tokens, 6)?.text, 'call');
  assert.equal(tokenAt(tokens, 7)?.text, '$bump');
  assert.equal(tokenAt(tokens, 12)?.text, '$bump');
  assert.equal(tokenAt(tokens, 0), undefined);
  assert.equal(tokenAt(tokensOf('(;1;) nop'), 2), undefined);
});

test('contents leave out white space and trailing comments', () => {
  assert.deepEqual(contentsOf('  block ;; label = @1'), { start: 2, end: 7 });
  assert.deepEqual(contentsOf('  (func (;4 instructions;))'), { start: 2, end: 27 });
  assert.deepEqual(contentsOf('  ;; custom section "x"'), { start: 2, end: 23 });
  assert.deepEqual(contentsOf('   '), { start: 0, end: 0 });
});

test('a string that looks like a comment is a string', () => {
  assert.equal(inComment('(data ";; x") ;; y', 8), false);
  assert.equal(inComment('(data ";; x") ;; y', 16), true);
});
