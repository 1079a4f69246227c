import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { FIXTURES } from '../../../core/testing/paths.ts';
import { hasDebugInfo, mayBeCompiledFrom } from './candidates.ts';

const read = (name: string): Uint8Array => new Uint8Array(readFileSync(join(FIXTURES, name)));

test('a binary names its files in its debug sections', () => {
  const bytes = read('source/c/visits.wasm');
  assert.ok(hasDebugInfo(bytes));
  for (const name of ['visits.c', 'counter.h']) assert.ok(mayBeCompiledFrom(bytes, name), name);
  for (const name of ['other.c', 'visits.cc', '']) assert.ok(!mayBeCompiledFrom(bytes, name), name);
});

test('one that names a file with debug information may be compiled from anything, one without from nothing', () => {
  const mapped = new Uint8Array(readFileSync(join(FIXTURES, '../core/debug/cases/counter.wasm')));
  assert.ok(hasDebugInfo(mapped));
  assert.ok(mayBeCompiledFrom(mapped, 'counter.ts'));
  const plain = read('counter-global.wasm');
  assert.ok(!hasDebugInfo(plain));
  assert.ok(!mayBeCompiledFrom(plain, 'counter-global.wat'));
});

test('cut off at any byte, it is read as far as it goes', () => {
  const bytes = read('source/c/visits.wasm');
  for (let end = 0; end < bytes.length; end++) mayBeCompiledFrom(bytes.subarray(0, end), 'visits.c');
});
