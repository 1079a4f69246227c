/** The oracle itself, on small programs whose answers are known. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { interpret } from './interpret.ts';
import { type Instruction, ITEM, type Program } from './program.ts';

const program = (model: Program['model'], shared: boolean, ...callers: Instruction[][]): Program => ({
  model,
  host: model === 'shared-instance' ? 'wazero' : 'javascript',
  memories: [{ shared, is64: false, max: 2 }],
  tableMax: 3,
  callers: callers.map((steps) => [steps.map((step) => ({ ...step, guarded: false }))]),
});
const truthOf = (one: Program) => {
  const truth = interpret(one, 1_000_000);
  assert.ok(truth);
  return truth;
};
const at = (address: number) => ({ memory: 0, at: address, offset: 0 });
const get: Instruction = { op: 'global.get', global: 0 };
const set: Instruction = { op: 'global.set', global: 0, value: 1, mixes: true };
const store = (address: number): Instruction => ({
  op: 'store',
  width: 4,
  atomic: false,
  value: 7,
  mixes: false,
  ...at(address),
});

describe('the oracle', () => {
  test('a lost update: one race for each pair of instructions, one outcome beyond the serial ones', () => {
    const truth = truthOf(program('shared-instance', false, [get, set], [get, set]));
    assert.deepEqual([...truth.races].sort(), ['0.0:0 1.0:1 global', '0.0:1 1.0:0 global', '0.0:1 1.0:1 global']);
    assert.equal(truth.serial.size, 2);
    assert.ok(truth.outcomes.size > 2);
  });

  test('globals of different instances are different globals', () => {
    const truth = truthOf(program('shared-memory', true, [get, set], [get, set]));
    assert.deepEqual([truth.races.size, truth.outcomes.size], [0, 1]);
  });

  test('on one thread calls meet only where an import suspends one of them', () => {
    const apart = truthOf(program('cooperative', false, [get, set], [get, set]));
    assert.deepEqual([apart.races.size, apart.outcomes.size, apart.serial.size], [0, 2, 2]);
    const between = truthOf(program('cooperative', false, [get, { op: 'suspend' }, set], [get, set]));
    assert.deepEqual([between.races.size, between.outcomes.size, between.serial.size], [0, 3, 2]);
  });

  test('a notification that comes before the wait is lost', () => {
    const wait: Instruction = { op: 'wait', width: 4, expected: 0, timeout: -1, ...at(0) };
    const notify: Instruction = { op: 'notify', count: 1, ...at(0) };
    const truth = truthOf(program('shared-memory', true, [wait], [notify]));
    assert.deepEqual([truth.deadlock, truth.outcomes.size], [true, 1]);
  });

  test('a release orders what came before it for who acquires the same range, and for nobody else', () => {
    const read: Instruction = { op: 'load', width: 4, atomic: false, ...at(64) };
    const flag = (width: 1 | 4): Instruction => ({ op: 'exchange', width, value: 1, ...at(0) });
    const races = (width: 1 | 4): boolean => {
      const one = program('shared-memory', true, [store(64), flag(4)], [flag(width), read]);
      // The accumulator is 2 * 31 + the old flag: odd once the flag is set.
      one.callers[1][0][1].guarded = true;
      return truthOf(one).races.has('0.0:0 1.0:1 memory');
    };
    assert.deepEqual([races(4), races(1)], [false, true]);
  });

  test('a growth that moves the memory loses what is stored while it copies', () => {
    const grow: Instruction = { op: 'memory.grow', memory: 0, by: 1 };
    const truth = truthOf(program('shared-instance', false, [grow], [store(0)]));
    assert.deepEqual([...truth.races], ['0.0:0 1.0:0 memory.grow']);
    assert.deepEqual([truth.serial.size, truth.outcomes.size], [1, 2]);
    assert.deepEqual([...truth.hazards], ['memory-growth']);
  });

  test('a copy over its own source reads each byte before it writes it', () => {
    const copy: Instruction = { op: 'memory.copy', to: 0, at: 1, from: 0, fromAt: 0, count: 3 };
    const bytes: Instruction = { op: 'load', width: 4, atomic: false, ...at(0) };
    const init: Instruction = { op: 'memory.init', memory: 0, at: 0, from: 0, count: 3 };
    const truth = truthOf(program('shared-instance', false, [init, copy, bytes]));
    assert.deepEqual([...truth.results], [JSON.stringify([[String(31 + 0x21160b0b)]])]);
  });

  test('a segment that is dropped has no items, and a slot of another type cannot be called', () => {
    const init: Instruction = { op: 'table.init', table: 0, slot: 0, from: 2, count: 1 };
    const call: Instruction = { op: 'call_indirect', table: 0, slot: 0 };
    const clear: Instruction = { op: 'table.set', table: 0, slot: 0, item: ITEM.First };
    const truth = truthOf(program('shared-instance', false, [clear, init, call], [{ op: 'elem.drop' }]));
    assert.deepEqual([...truth.results].map((text) => JSON.parse(text)[0][0]).sort(), [
      'trap: null function or function signature mismatch',
      'trap: table index is out of bounds',
    ]);
    assert.deepEqual([...truth.hazards], ['segment-drop']);
  });
});
