/** The same plan answers alike each time, on a machine of any speed: what a run does is counted, not timed. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { analyseWat } from '../../analysis/testing/facts.ts';
import { planOf } from '../scenario/plan.ts';
import { explored, stable } from '../testing/run.ts';
import { LATE } from './allowance.ts';

/** Growth, a shadow of state in a global, a loop without any operation, and a lost update. */
const MODULE = `(module (memory 1 4) (global $n (mut i32) (i32.const 0)) (table 2 funcref)
  (func (export "alloc") (result i32) (memory.grow (i32.const 1)))
  (func (export "put") (param i32) (i32.store (i32.const 64) (local.get 0)))
  (func (export "next") (result i32) (local $i i32)
    (loop $again (br_if $again (i32.lt_u (local.tee $i (i32.add (local.get $i) (i32.const 1))) (i32.const 100000))))
    (global.set $n (i32.add (global.get $n) (i32.const 1))) (global.get $n))
  (func (export "clear") (table.set (i32.const 0) (ref.null func))))`;

/** Clocks on which nothing takes time, and on which each look at the clock takes some. */
const CLOCKS: readonly (() => () => number)[] = [0, 0, 0.05, 0.5].map((step) => () => {
  let time = 0;
  return () => {
    time += step;
    return time;
  };
});

test('a plan gives equal results, however slow the machine is', async () => {
  const { module, analysis } = await analyseWat(MODULE, { host: 'wazero', model: 'shared-instance' });
  const { scenarios } = planOf(module, analysis, { host: 'wazero', model: 'auto', seconds: 60, limit: 8 });
  assert.ok(scenarios.length >= 6);
  for (const { title, scenario } of scenarios) {
    const answers: string[] = [];
    for (const clock of CLOCKS) {
      const result = await explored(MODULE, scenario, { environment: { now: clock() } });
      assert.ok(!result.notes.some((note) => note.startsWith('The time was over')), title);
      answers.push(JSON.stringify(stable(result)));
    }
    assert.deepEqual(new Set(answers).size, 1, title);
  }
});

test('what the clock ended is said', async () => {
  let time = 0;
  const result = await explored(
    MODULE,
    { callers: [[['alloc']], [['next']]], budget: { seconds: 1 } },
    { environment: { now: () => (time += 100) } },
  );
  assert.ok(
    result.notes.some((note) => note.startsWith('The time was over before the search was')) || result.exhaustive,
  );
  time = 0;
  const late = await explored(
    MODULE,
    { callers: [[['next']], [['next']]] },
    { environment: { now: () => (time += 3000) } },
  );
  assert.ok(late.notes.includes(LATE), late.notes.join('; '));
  assert.deepEqual(late.remedies, { isolated: null, preallocated: null });
});
