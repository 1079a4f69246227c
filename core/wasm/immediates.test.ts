import { strict as assert } from 'node:assert';
import { describe, test } from 'node:test';
import { BlockForm, CatchKind, type Instruction, readInstruction } from './immediates.ts';
import { MNEMONIC } from './instructions.ts';
import { Op } from './ops.ts';
import { I32, I64, refType } from './types.ts';

function read(...bytes: number[]): Instruction {
  const result = readInstruction(Uint8Array.from(bytes), 0, bytes.length);
  assert.ok('id' in result, 'message' in result ? result.message : '');
  assert.equal(result.end, bytes.length);
  return result;
}

function failure(...bytes: number[]): string {
  const result = readInstruction(Uint8Array.from(bytes), 0, bytes.length);
  assert.ok('message' in result);
  return `${result.offset}: ${result.message}`;
}

describe('reading one instruction', () => {
  test('indices may be padded', () => {
    const call = read(0x11, 0x81, 0x80, 0, 0x80, 0x80, 0x80, 0x80, 0);
    assert.equal(call.id, Op.call_indirect);
    assert.deepEqual(call.values, [1, 0]);
    assert.equal(read(0xfd, 0x8c, 0x80, 0, ...new Array(16).fill(7)).at, 4);
  });

  test('integers have their sign', () => {
    assert.deepEqual(read(0x41, 0x7f).values, [-1]);
    assert.deepEqual(read(0x41, 0x80, 0x80, 0x80, 0x80, 0x78).values, [-(2 ** 31)]);
    assert.deepEqual(read(0x41, 0xff, 0xff, 0xff, 0xff, 0x07).values, [2 ** 31 - 1]);
    assert.equal(read(0x42, 0x40).wide, -64n);
    assert.equal(read(0x42, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x7f).wide, -(2n ** 63n));
    assert.equal(read(0x42, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0).wide, 2n ** 63n - 1n);
  });

  test('block types', () => {
    assert.deepEqual(read(0x02, 0x40).values, [BlockForm.Empty, 0]);
    assert.deepEqual(read(0x03, 0x7e).values, [BlockForm.Result, I64]);
    assert.deepEqual(read(0x04, 0x63, 0x70).values, [BlockForm.Result, refType(0x70, true)]);
    assert.deepEqual(read(0x06, 0x05).values, [BlockForm.Type, 5]);
    assert.deepEqual(read(0x02, 0xc0, 0).values, [BlockForm.Type, 64]);
    assert.deepEqual(read(0x1f, 0x40, 2, 0, 3, 1, 3, 0).values, [
      BlockForm.Empty,
      0,
      CatchKind.Catch,
      3,
      1,
      CatchKind.CatchAllRef,
      0,
      0,
    ]);
  });

  test('memargs, with and without a memory, with a lane', () => {
    const load = read(0x28, 0x42, 1, 0x80, 1);
    assert.deepEqual([load.values, load.wide], [[2, 1], 128n]);
    assert.deepEqual(read(0xfd, 0x54, 0, 0, 15).values, [0, 0, 15]);
    const far = read(0x28, 2, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 1);
    assert.equal(far.wide, 2n ** 64n - 1n);
  });

  test('memargs of atomics with an ordering, as Binaryen writes them since July 2026', () => {
    const plain = read(0xfe, 0x10, 0x12, 1, 0x80, 1);
    assert.deepEqual([plain.values, plain.wide], [[2, 0, 1], 128n]);
    const second = read(0xfe, 0x1e, 0x52, 1, 0x11, 4);
    assert.deepEqual([second.values, second.wide], [[2, 1, 0x11], 4n]);
    assert.equal(failure(0xfe, 0x10, 0x22, 1, 0), '2: malformed memory alignment');
    assert.equal(failure(0x28, 0x22, 1, 0), '1: malformed memory alignment');
  });

  test('vectors', () => {
    assert.deepEqual(read(0x0e, 2, 0, 1, 2).values, [0, 1, 2]);
    assert.deepEqual(read(0x1c, 1, 0x7f).values, [I32]);
    assert.deepEqual(read(0xfb, 0x18, 1, 0, 0x6e, 0x6d).values, [0, refType(0x6e, true), refType(0x6d, false)]);
  });

  test('errors have an offset, and nothing is read past the end', () => {
    assert.equal(failure(), '0: unexpected end');
    assert.equal(failure(0x41, 0x80), '2: unexpected end');
    assert.equal(failure(0x43, 0, 0), '1: unexpected end');
    assert.equal(failure(0xff), '0: unknown opcode 0xff');
    assert.equal(failure(0xfd, 0x80, 0x10), '0: unknown opcode 0xfd 0x800');
    assert.match(failure(0x0e, 0xff, 0xff, 0xff, 0xff, 0x0f), /^1: 4294967295 labels do not fit/);
    assert.match(failure(0x02, 0x41), /^1: malformed/);
    assert.equal(MNEMONIC[0xff], undefined);
  });
});
