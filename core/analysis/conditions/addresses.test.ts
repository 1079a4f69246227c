/** The condition of a conflict, for each pair of kinds of address. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Address } from '../cells.ts';
import { encounterOf, type Frames } from './addresses.ts';

const parameter = (index: number, more: object = {}): Address => ({ base: 'parameter', parameter: index, ...more });
const field = (index: number, start: number): Address => parameter(index, { start, end: start + 4 });
const at = (start: number, end: number, more: object = {}): Address => ({ base: 'static', start, end, ...more });
const FRESH: Address = { base: 'fresh' };
const STACK: Address = { base: 'stack' };
const CONTENTS: Address = { base: 'contents', start: 1032, end: 1036 };
const UNKNOWN: Address = { base: 'unknown' };
const FRAMES: Frames = { apart: true, own: false };

const of = (a: Address | undefined, b: Address | undefined, frames = FRAMES, slots = false) =>
  encounterOf(a, b, frames, slots);
const condition = (a: Address, b: Address, slots = false) => of(a, b, FRAMES, slots)?.condition;

describe('two parameters', () => {
  test('objects: only the same one', () => {
    const same = { when: 'same-object', parameters: [0, 1] };
    assert.deepEqual(condition(parameter(0), parameter(1)), same);
    assert.deepEqual(condition(field(0, 8), field(1, 8)), same);
    assert.deepEqual(condition(field(0, 8), field(1, 10)), same);
    assert.deepEqual(condition(field(0, 8), parameter(1)), same);
  });

  test('members that are apart in one object may overlap if the pointers differ', () => {
    assert.deepEqual(condition(field(0, 8), field(0, 12)), { when: 'overlap', parameters: [0, 0] });
  });

  test('elements, ranges with a length and slots of a table overlap or do not', () => {
    const overlap = { when: 'overlap', parameters: [0, 2] };
    assert.deepEqual(condition(parameter(0, { scale: 4, start: 64, end: 68 }), field(2, 0)), overlap);
    assert.deepEqual(condition(parameter(0, { start: 0, end: 0, length: 1 }), field(2, 0)), overlap);
    assert.deepEqual(condition(field(0, 0), field(2, 0), true), overlap);
  });

  test('what pointers lead to can be the same from different objects', () => {
    const through = { when: 'same-object', parameters: [0, 1], through: true };
    assert.deepEqual(condition(parameter(0, { through: true }), field(1, 0)), through);
    assert.deepEqual(condition(field(0, 0), parameter(1, { through: true })), through);
  });
});

describe('a parameter and something else', () => {
  test('static data, frames and what is reached from static data: only if the argument leads there', () => {
    for (const other of [at(0, 4), at(0, 4, { global: 3 }), STACK, CONTENTS]) {
      assert.deepEqual(condition(field(1, 0), other), { when: 'overlap', parameters: [1, undefined] });
      assert.deepEqual(condition(other, parameter(1, { through: true })), {
        when: 'overlap',
        parameters: [undefined, 1],
        through: true,
      });
    }
  });

  test('an unknown address: always', () => {
    assert.equal(condition(field(1, 0), UNKNOWN), 'always');
    assert.equal(of(field(1, 0), undefined)?.condition, 'always');
  });
});

test('a fresh block conflicts with no address', () => {
  for (const other of [FRESH, STACK, CONTENTS, UNKNOWN, at(0, 4), parameter(0)]) {
    assert.equal(of(FRESH, other), undefined);
    assert.equal(of(other, FRESH), undefined);
  }
});

test('what static data leads to may be anywhere', () => {
  for (const other of [CONTENTS, STACK, at(0, 4), UNKNOWN])
    assert.deepEqual(of(CONTENTS, other), { confidence: 'possible', condition: 'always' });
});

test('static data', () => {
  assert.equal(of(at(0, 4), at(2, 6))?.confidence, 'definite');
  assert.equal(of(at(0, 4), at(4, 8)), undefined);
  assert.equal(of(at(0, 64, { loose: true }), at(2, 6))?.confidence, 'possible');
  assert.equal(of(at(0, 4, { global: 1 }), at(8, 12, { global: 2 }))?.confidence, 'possible');
  assert.equal(of(at(0, 64, { stride: 8, width: 4 }), at(4, 64, { stride: 8, width: 4 })), undefined);
  assert.equal(of(at(0, 64, { stride: 8, width: 4 }), at(0, 64, { stride: 8, width: 4 }))?.confidence, 'possible');
  assert.equal(of(at(0, 64, { stride: 8, width: 4 }), at(0, 64))?.confidence, 'possible');
});

test('frames of the shadow stack', () => {
  assert.equal(of(STACK, STACK)?.confidence, 'likely');
  assert.equal(of(STACK, STACK, { apart: true, own: true }), undefined);
  assert.equal(of(STACK, at(0, 4)), undefined);
  assert.equal(of(STACK, at(0, 4), { apart: false, own: true })?.condition, 'always');
});
