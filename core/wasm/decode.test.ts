/** Decoding: errors with their offsets in the file, and what is read in spite of them. */
import { strict as assert } from 'node:assert';
import { describe, test } from 'node:test';
import { parse } from '@bytecodealliance/jco-transpile/wasm-tools';
import { binary, HEADER, leb, section, vec } from '../testing/binary.ts';
import { decodeModule } from './decode.ts';

const errorsOf = (bytes: Uint8Array) => decodeModule(bytes).errors;
const name = (text: string): number[] => [...leb(text.length), ...new TextEncoder().encode(text)];
const TYPES = section(1, vec([[0x60, 0, 0]]));
const FUNCTIONS = section(3, vec([[0]]));
const CODE = section(10, vec([[2, 0, 0x0b]]));

describe('decode errors', () => {
  test('have the offset of the wrong byte, wherever the section is', () => {
    // A custom section of 20 bytes shifts the rest.
    for (const before of [[], section(0, [...name('pad'), ...new Array(14).fill(0)])]) {
      const at = HEADER.length + before.length;
      const cases: [bytes: number[], offset: number, message: RegExp][] = [
        [section(1, [1, 0x5c]), at + 3, /malformed definition type/],
        [section(1, [1, 0x60, 1, 0x01, 0]), at + 5, /malformed value type/],
        [section(1, [9, 0x60, 0, 0]), at + 2, /9 types do not fit into 3 bytes/],
        [section(2, [1, ...name('a'), ...name('b'), 9]), at + 7, /malformed import kind/],
        [section(5, [1, 0x10, 1]), at + 3, /malformed limits flags/],
        [section(6, [1, 0x7f, 2, 0x41, 0, 0x0b]), at + 4, /malformed mutability/],
        [section(7, [1, 1, 0xff, 0, 0]), at + 4, /malformed UTF-8/],
        [section(5, [1, 0, 1, 0]), at + 5, /memory section has 1 bytes too many/],
        [[14, 0], at, /malformed section id 14/],
      ];
      for (const [part, offset, message] of cases) {
        const [error] = errorsOf(binary(before, part));
        assert.equal(error?.offset, offset, `${message}: ${error?.message}`);
        assert.match(error.message, message);
      }
    }
  });

  test('sections out of order, repeated, longer than the file', () => {
    const first = HEADER.length;
    assert.equal(errorsOf(binary(FUNCTIONS, TYPES, CODE))[0].offset, first + FUNCTIONS.length);
    assert.equal(errorsOf(binary(TYPES, TYPES))[0].offset, first + TYPES.length);
    const [error] = errorsOf(binary(TYPES, [5, 40, 1, 0, 1]));
    assert.equal(error.offset, first + TYPES.length);
    assert.match(error.message, /memory section of 40 bytes ends after the file, which has 3 left/);
  });

  test('function and code section that disagree', () => {
    const count = errorsOf(binary(TYPES, section(3, vec([[0], [0]])), CODE))[0];
    assert.match(count.message, /inconsistent lengths \(2 and 1\)/);
    const missing = errorsOf(binary(TYPES, FUNCTIONS))[0];
    assert.equal(missing.offset, HEADER.length + TYPES.length);
    assert.match(missing.message, /1 functions have no code section/);
  });

  test('keep the items before and the sections after', () => {
    const module = decodeModule(
      binary(TYPES, FUNCTIONS, section(5, [1, 0x10, 1]), section(7, [1, ...name('e'), 0, 0]), CODE),
    );
    assert.equal(module.errors.length, 1);
    assert.deepEqual(
      module.exports.map((e) => e.name),
      ['e'],
    );
    assert.ok(module.functions.bodyEnd[0] > module.functions.bodyStart[0]);
    assert.equal(module.types.length, 1);
  });

  test('a custom section with a malformed name does not hide the rest', () => {
    const custom = section(0, [2, 0xc3, 0x28]);
    const module = decodeModule(binary(TYPES, custom, FUNCTIONS, CODE));
    assert.equal(module.errors.length, 1);
    assert.equal(module.errors[0].offset, HEADER.length + TYPES.length + 3);
    assert.equal(module.functions.entry.length, 1);
    assert.ok(module.functions.bodyEnd[0] > 0);
  });
});

describe('decoded structure', () => {
  test('offsets of items are those of their first bytes', async () => {
    const bytes = await parse(
      '(module (import "m" "f" (func)) (memory 1) (global i32 (i32.const 7)) (func (export "e")) (data (i32.const 0) "abc"))',
    );
    const module = decodeModule(bytes);
    const text = (start: number, size: number) => new TextDecoder().decode(bytes.subarray(start, start + size));
    assert.equal(text(module.imports[0].offset + 1, 1), 'm');
    assert.equal(text(module.exports[0].offset + 1, 1), 'e');
    assert.equal(text(module.data[0].start, 3), 'abc');
    assert.equal(bytes[module.globals[0].offset], 0x7f);
    assert.equal(bytes[module.globals[0].init?.start ?? 0], 0x41);
    const [entry, start, end] = [module.functions.entry[0], module.functions.bodyStart[0], module.functions.bodyEnd[0]];
    assert.equal(bytes[entry], end - start);
    assert.equal(bytes[end - 1], 0x0b);
  });

  test('index spaces put imports first, whatever the order of sections', async () => {
    const module = decodeModule(
      await parse(`(module (import "a" "g" (global i32)) (import "a" "m" (memory 1)) (import "a" "f" (func (param i32))) (import "a" "t" (table 1 funcref))
        (global (mut i64) (i64.const 0)) (memory 2) (func) (table 2 externref))`),
    );
    assert.deepEqual(
      module.imports.map((i) => [i.kind, i.index]),
      [
        ['global', 0],
        ['memory', 0],
        ['func', 0],
        ['table', 0],
      ],
    );
    assert.deepEqual(
      module.globals.map((g) => g.imported),
      [true, false],
    );
    assert.deepEqual(
      module.memories.map((m) => m.limits.min),
      [1n, 2n],
    );
    assert.equal(module.functions.imported, 1);
    assert.equal(module.functions.typeIndex.length, 2);
  });

  test('padded numbers are what they are without padding', () => {
    const size = leb(4, 5);
    const bytes = binary(
      [1, ...size, 1, 0x60, 0, 0],
      [3, ...leb(2, 5), 1, 0],
      [10, ...leb(8, 5), 1, ...leb(2, 5), 0, 0x0b],
    );
    const module = decodeModule(bytes);
    assert.deepEqual(module.errors, []);
    assert.equal(module.functions.bodyEnd[0], bytes.length);
  });
});
