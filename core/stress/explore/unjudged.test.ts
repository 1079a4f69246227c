/** Outcomes that cannot be judged are neither called wrong nor taken for right. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { verdictText } from '../../report/verdicts.ts';
import type { ScenarioFile } from '../scenario/scenario.ts';
import type { Call } from '../scenario/steps.ts';
import { explored } from '../testing/run.ts';

/** Loses updates, and no two of its accesses race. Each call notes which one came before it, so that each order leaves another state. */
const LOSES = `(module (memory 1 1 shared)
  (func $note (param i32)
    (i32.store (local.get 0) (i32.atomic.rmw.xchg (i32.const 64) (local.get 0))))
  (func (export "inc") (param i32) (call $note (local.get 0))
    (i32.atomic.store (i32.const 0) (i32.add (i32.atomic.load (i32.const 0)) (i32.const 1))))
  (func (export "add") (param i32) (call $note (local.get 0)) (drop (i32.atomic.rmw.add (i32.const 0) (i32.const 1))))
  (func (export "get") (result i32) (i32.atomic.load (i32.const 0))))`;
/** Enough of them that neither all serial orders can be run nor all states between calls. */
const manyCalls = (name: string): Pick<ScenarioFile, 'callers' | 'compare'> => ({
  callers: Array.from({ length: 6 }, (_, i) => [0, 1].map((k): Call => [name, 128 * (2 * i + k + 1)])),
  compare: ['results'],
});
const BUDGET = { seconds: 60, schedules: 2_000, preemptions: 1 };
const FEW = { ...BUDGET, schedules: 12 };

describe('where only some serial orders are run', () => {
  test('an outcome of none of them is not taken for that of a serial order', async () => {
    const result = await explored(LOSES, { ...manyCalls('inc'), probe: [['get']], budget: BUDGET });
    assert.equal(result.outcomes.serialComplete, false);
    assert.deepEqual([result.verdict, result.wrongOutcome, result.races.length], ['inconclusive', false, 0]);
    assert.match(result.notes.join('\n'), /some outcomes are of none of them, so these are not judged/);
    assert.equal(result.outcomes.seen, 1, 'those that were judged');
    assert.doesNotMatch(verdictText(result), /every outcome/);
  });

  test('outcomes of some of them are serial all the same', async () => {
    const result = await explored(LOSES, { ...manyCalls('add'), probe: [['get']], budget: BUDGET });
    assert.deepEqual([result.verdict, result.outcomes.serialComplete], ['safe', false]);
    assert.doesNotMatch(result.notes.join('\n'), /judged/);
  });
});

describe('calls that exhaust the stack', () => {
  /** How deep the recursion comes is in memory. */
  const DEEP = `(module (memory 1 1 shared)
    (func $deep (export "deep") (param i32) (result i32)
      (drop (i32.atomic.rmw.add (i32.const 0) (i32.const 1)))
      (i32.add (call $deep (local.get 0)) (call $deep (local.get 0))))
    (func (export "get") (result i32) (i32.atomic.load (i32.const 0)))
    (func (export "one") (result i32) (i32.const 1)))`;

  test('have no outcome that could be judged', async () => {
    const callers: ScenarioFile['callers'] = [
      [['one'], ['deep', 0]],
      [['one'], ['deep', 0]],
    ];
    const result = await explored(DEEP, { callers, probe: [['get']], budget: FEW });
    assert.deepEqual([result.verdict, result.wrongOutcome, result.exhaustive], ['inconclusive', false, false]);
    assert.deepEqual(result.defects, []);
    assert.match(result.notes.join('\n'), /depth at which calls exhaust the stack differs from run to run/);
    assert.deepEqual([result.pool, result.poolCheck?.complete], [[], false]);
  });

  test('do not stand beside those that are judged', async () => {
    const callers: ScenarioFile['callers'] = [[['one'], ['deep', 0]], [['get']]];
    const { verdict, wrongOutcome } = await explored(DEEP, { callers, budget: FEW });
    assert.deepEqual([verdict, wrongOutcome], ['inconclusive', false]);
  });
});
