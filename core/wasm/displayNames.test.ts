import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parse } from '@bytecodealliance/jco-transpile/wasm-tools';
import { DISPLAY_LENGTH, displayable, shorten } from '../harmless/names.ts';
import { decodeModule } from './decode.ts';
import {
  exportLabel,
  functionName,
  globalName,
  importLabel,
  memoryName,
  segmentName,
  tableName,
} from './displayNames.ts';

const module = decodeModule(
  await parse(`(module
    (import "env" "log" (func))
    (import "env" "named" (func $own))
    (memory (export "memory") 1)
    (global $counter (mut i32) (i32.const 0))
    (global (export "limit") i32 (i32.const 0))
    (global i32 (i32.const 0))
    (table 1 funcref)
    (data "x") (data $greeting "y")
    (func $bump (export "increment"))
    (func (export "get"))
    (func))`),
);

test('the name section wins, then an export, then the import, then the index', () => {
  assert.deepEqual(
    [0, 1, 2, 3, 4].map((func) => functionName(module, func)),
    ['env.log', '$own', '$bump', 'get', 'func[4]'],
  );
  assert.deepEqual(
    [0, 1, 2].map((global) => globalName(module, global)),
    ['$counter', 'limit', 'global[2]'],
  );
  assert.equal(tableName(module, 0), 'table[0]');
});

test('a memory is named by its index, segments by kind and index', () => {
  assert.equal(memoryName(module, 0), 'memory[0]');
  assert.deepEqual([segmentName(module, 'data', 0), segmentName(module, 'data', 1)], ['data[0]', '$greeting']);
  assert.equal(importLabel(module, 1), 'env.named');
});

test('indices out of range have a name too', () => {
  assert.equal(functionName(module, 99), 'func[99]');
  assert.equal(segmentName(module, 'element', 7), 'elem[7]');
});

test('long names keep both ends within the limit', () => {
  const name = `${'a'.repeat(100)}${'z'.repeat(100)}`;
  const short = shorten(name);
  assert.equal(short.length, DISPLAY_LENGTH);
  assert.match(short, /^a+\.\.\.z+$/);
  assert.equal(shorten('x'.repeat(DISPLAY_LENGTH)), 'x'.repeat(DISPLAY_LENGTH));
});

test('characters that break lines or reorder text are escaped', () => {
  assert.equal(displayable('a\nb\u202ec\u0000'), 'a\\u{a}b\\u{202e}c\\u{0}');
  assert.equal(displayable('größe 数'), 'größe 数');
  assert.equal(exportLabel({ name: '' }), '""');
});
