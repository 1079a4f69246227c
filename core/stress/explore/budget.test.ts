/** How the parts of an exploration share its budget. The test controls the clock. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { explored } from '../testing/run.ts';

/** Far too many interleavings to try, all of them correct. */
const ADDS = `(module (memory 1 1 shared)
  (func (export "adds") (local $i i32)
    (loop $again
      (drop (i32.atomic.rmw.add (i32.const 0) (i32.const 1)))
      (br_if $again (i32.lt_u (local.tee $i (i32.add (local.get $i) (i32.const 1))) (i32.const 30))))))`;

const CALLERS = [[['adds']], [['adds']]] as [string][][];

/** A clock on which every reading takes a millisecond. */
function ticking(): () => number {
  let time = 0;
  return () => ++time;
}

test('random schedules have their share of the time, however slow a module is', async () => {
  const { explored: about, verdict } = await explored(
    ADDS,
    { callers: CALLERS, budget: { seconds: 2, schedules: 1e9 } },
    { environment: { now: ticking() } },
  );
  assert.equal(verdict, 'safe');
  assert.ok(about.pct !== null);
  const share = about.pct.schedules / about.schedules;
  assert.ok(share > 0.1 && share < 0.4, `${about.pct.schedules} of ${about.schedules}`);
});

test('random schedules have their share of the schedules', async () => {
  const { explored: about } = await explored(
    ADDS,
    { callers: CALLERS, budget: { seconds: 3600, schedules: 500 } },
    { environment: { now: () => 0 } },
  );
  assert.equal(about.pct?.schedules, 100);
});
