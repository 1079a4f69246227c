/** What a survey knows: everything that executing serial orders one by one shows, and what there is to be found. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parse } from '@bytecodealliance/jco-transpile/wasm-tools';
import { type Random, random } from '../../testing/random.ts';
import { completeScenario, type Scenario, type ScenarioFile } from '../scenario/scenario.ts';
import type { Call } from '../scenario/steps.ts';
import { contextFor } from '../testing/contexts.ts';
import { LAST_ZERO, lastZeroCallers } from '../testing/lastZero.ts';
import { explored, stable } from '../testing/run.ts';
import { serialOutcomesOf } from './explore.ts';
import type { KnownOutcome, SerialOutcomes } from './outcomes.ts';
import { serialOutcomes } from './serialOutcomes.ts';

/** Two accesses of cells in one call, so that calls are not atomic; one kind of access grows the memory. */
const MODULE = `(module (memory (export "m") 1 9 shared) (global $g (mut i32) (i32.const 0))
  (func $step (param $kind i32) (param $at i32) (param $value i32) (result i32)
    (if (i32.eqz (local.get $kind)) (then (return (i32.atomic.load (local.get $at)))))
    (if (i32.eq (local.get $kind) (i32.const 1))
      (then (i32.store (local.get $at) (local.get $value)) (return (i32.const 0))))
    (if (i32.eq (local.get $kind) (i32.const 2))
      (then (return (i32.atomic.rmw.add (local.get $at) (i32.const 1)))))
    (if (i32.eq (local.get $kind) (i32.const 3))
      (then (global.set $g (i32.add (global.get $g) (local.get $value))) (return (global.get $g))))
    (memory.grow (i32.const 1)))
  (func (export "two") (param $a i32) (param $x i32) (param $b i32) (param $y i32) (param $value i32) (result i32 i32)
    (call $step (local.get $a) (local.get $x) (local.get $value))
    (call $step (local.get $b) (local.get $y) (local.get $value))))`;

/** More orders than are executed anyway: five callers, or callers with several calls. */
function randomCallers(next: Random): Call[][] {
  const counts = [
    [1, 1, 1, 1, 1],
    [4, 3],
    [2, 2, 1],
    [2, 2, 2],
  ][next(4)];
  const step = (): [number, number] => [next(12) === 0 ? 4 : next(4), 64 * (1 + next(3))];
  return counts.map((count) => Array.from({ length: count }, (): Call => ['two', ...step(), ...step(), 1 + next(3)]));
}

const compared = ({ byKey, results, unit, complete, completeCalls, pages }: SerialOutcomes): object => ({
  outcomes: [...byKey].map(([key, { whole, nested }]: [string, KnownOutcome]) => [key, whole, nested]).sort(),
  results: [...results].sort(),
  rest: { unit, complete, completeCalls, pages },
});

const scenarioOf = (file: ScenarioFile): Scenario => completeScenario({ model: 'shared-instance', ...file }, 'wazero');

test('serial orders known from a survey are those that are executed one by one', async () => {
  const bytes = await parse(MODULE);
  const next = random(20_261_130);
  let derived = 0;
  for (let i = 0; i < 60; i++) {
    const callers = randomCallers(next);
    const unit = next(2) === 0 ? 'call' : 'sequence';
    const scenario = scenarioOf({ callers, unit });
    const context = await contextFor(bytes, scenario);
    const surveyed = await serialOutcomesOf(context);
    if (surveyed.orders === 2) derived++;
    const executed = await serialOutcomes((await contextFor(bytes, scenario)).session, () => false);
    assert.deepEqual(compared(surveyed), compared(executed), JSON.stringify({ callers, unit }));
    for (const { order, key } of [...surveyed.byKey].map(([key, { order }]) => ({ order, key })))
      assert.ok(executed.byKey.has(key), order);
  }
  assert.ok(derived >= 40, `${derived} of 60 were known from the survey`);
});

const ADDITIONS = `(module (memory 1 1 shared)
  (func (export "add") (param i32) (result i32) (i32.atomic.rmw.add (local.get 0) (i32.const 1)))
  (func (export "twice") (param i32) (result i32)
    (i32.atomic.store (local.get 0) (i32.add (i32.atomic.load (local.get 0)) (i32.const 2)))
    (i32.atomic.load (local.get 0))))`;

/** Eight callers, two of each cell. */
const PAIRS: Call[][] = Array.from({ length: 8 }, (_, i) => [['add', 64 * ((i >> 1) + 1)]]);

test('many callers are judged, although not all of their serial orders could be executed', async () => {
  const right = await explored(ADDITIONS, { callers: PAIRS });
  assert.deepEqual([right.verdict, right.exhaustive, right.outcomes.serialComplete], ['safe', true, true]);
  assert.ok(right.explored.schedules < 100, `${right.explored.schedules} executions`);
  const wrong = await explored(ADDITIONS, { callers: [...PAIRS.slice(0, 7), [['twice', 64]]] });
  assert.equal(wrong.verdict, 'non-atomic');
  assert.equal(wrong.outcomes.serialComplete, true);
  assert.deepEqual(
    stable(await explored(ADDITIONS, { callers: [...PAIRS.slice(0, 7), [['twice', 64]]] })),
    stable(wrong),
  );
});

test('eight callers of a well-known benchmark: little more than its 320 classes', async () => {
  const wat = `(module (memory 1 1 shared) ${LAST_ZERO})`;
  const { exhaustive, explored: about, outcomes } = await explored(wat, { callers: lastZeroCallers(7) });
  assert.deepEqual([exhaustive, outcomes.serialComplete], [true, true]);
  assert.ok(about.schedules < 1_000, `${about.schedules} executions`);
});

test('a replay judges by the same serial orders', async () => {
  const callers: Call[][] = [...PAIRS.slice(0, 7), [['twice', 64]]];
  const { schedule } = await explored(ADDITIONS, { callers });
  const again = await explored(ADDITIONS, { callers }, { schedule: schedule ?? '' });
  assert.deepEqual([again.verdict, again.outcomes.serialComplete], ['non-atomic', true]);
});

test('what only many preemptions show is found by the survey, and told with its schedule', async () => {
  // Wrong only if the other caller comes in twice: more preemptions than the phases allow here.
  const wat = `(module (memory 1 1 shared)
    (func (export "three") (result i32) (local $n i32)
      (local.set $n (i32.atomic.load (i32.const 64)))
      (i32.add (i32.mul (local.get $n) (i32.const 100))
        (i32.add (i32.mul (i32.atomic.load (i32.const 64)) (i32.const 10)) (i32.atomic.load (i32.const 64)))))
    (func (export "add") (drop (i32.atomic.rmw.add (i32.const 64) (i32.const 1)))))`;
  const result = await explored(wat, { callers: [[['three']], [['add'], ['add']]], budget: { preemptions: 0 } });
  assert.equal(result.verdict, 'non-atomic');
  assert.equal(result.exhaustive, true);
  assert.ok(
    result.outcomes.wrong.some(({ results }) => results.flat().join().startsWith('12')),
    JSON.stringify(result.outcomes.wrong),
  );
});
