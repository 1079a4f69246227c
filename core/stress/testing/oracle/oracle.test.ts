/**
 * The engine against an interpreter that shares no code with it: on random programs both give the same outcomes, the
 * same deadlocks and the same races. `ORACLE_SEED=n` begins elsewhere; a failure names the seed of its program.
 */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { compare } from './compare.ts';
import { interpret } from './interpret.ts';
import { type Instruction, type Program, programOfSeed, watOf } from './program.ts';

const FIRST_SEED = Number(process.env.ORACLE_SEED ?? 1);
const PROGRAMS = 2000;

test(`engine and oracle agree on ${PROGRAMS} random programs from seed ${FIRST_SEED}`, async () => {
  let compared = 0;
  let racy = 0;
  let wrong = 0;
  let stuck = 0;
  for (let seed = FIRST_SEED; compared < PROGRAMS; seed++) {
    const program = programOfSeed(seed);
    const comparison = await compare(program);
    if (comparison === undefined) continue;
    const { differences, truth } = comparison;
    assert.deepEqual(differences, [], `ORACLE_SEED=${seed}\n${watOf(program)}`);
    compared++;
    if (truth.races.size > 0) racy++;
    if ([...truth.outcomes].some((outcome) => !truth.serial.has(outcome))) wrong++;
    if (truth.deadlock) stuck++;
  }
  // Programs that never meet would agree about nothing.
  assert.ok(racy > PROGRAMS / 5 && wrong > PROGRAMS / 20 && stuck > PROGRAMS / 200, `${racy} ${wrong} ${stuck}`);
});

describe('the oracle itself', () => {
  const program = (model: 'A' | 'B', ...callers: Instruction[][]): Program => ({
    model,
    shared: model === 'B',
    callers: callers.map((steps) => steps.map((step) => ({ ...step, guarded: false }))),
  });
  const get: Instruction = { op: 'global.get', global: 0 };
  const set: Instruction = { op: 'global.set', global: 0, value: 1, mixes: true };
  const truthOf = (one: Program) => {
    const truth = interpret(one, 1_000_000);
    assert.ok(truth);
    return truth;
  };

  test('a lost update: one race for each pair of instructions, one outcome beyond the serial ones', () => {
    const truth = truthOf(program('A', [get, set], [get, set]));
    assert.deepEqual([...truth.races].sort(), ['0:0 1:1 global', '0:1 1:0 global', '0:1 1:1 global']);
    assert.equal(truth.serial.size, 2);
    assert.ok(truth.outcomes.size > 2);
  });

  test('globals of different instances are different globals', () => {
    const truth = truthOf(program('B', [get, set], [get, set]));
    assert.deepEqual([truth.races.size, truth.outcomes.size], [0, 1]);
  });

  test('a notification that comes before the wait is lost', () => {
    const wait: Instruction = { op: 'wait', at: 0, expected: 0, timeout: -1 };
    const notify: Instruction = { op: 'notify', at: 0, count: 1 };
    const truth = truthOf(program('B', [wait], [notify]));
    assert.deepEqual([truth.deadlock, truth.outcomes.size], [true, 1]);
  });

  test('a release orders what came before it for who acquires the same range, and for nobody else', () => {
    const write: Instruction = { op: 'store', width: 4, at: 64, atomic: false, value: 7, mixes: false };
    const read: Instruction = { op: 'load', width: 4, at: 64, atomic: false };
    const flag = (width: 1 | 4): Instruction => ({ op: 'exchange', width, at: 0, value: 1 });
    const races = (width: 1 | 4): boolean => {
      const one = program('B', [write, flag(4)], [flag(width), read]);
      // The accumulator is 2 * 31 + the old flag: odd once the flag is set.
      one.callers[1][1].guarded = true;
      return truthOf(one).races.has('0:0 1:1 memory');
    };
    assert.deepEqual([races(4), races(1)], [false, true]);
  });

  test('a growth that moves the memory loses what is stored while it copies', () => {
    const grow: Instruction = { op: 'memory.grow', by: 1 };
    const store: Instruction = { op: 'store', width: 4, at: 0, atomic: false, value: 7, mixes: false };
    const truth = truthOf(program('A', [grow], [store]));
    assert.deepEqual([...truth.races], ['0:0 1:0 memory.grow']);
    assert.deepEqual([truth.serial.size, truth.outcomes.size], [1, 2]);
  });
});
