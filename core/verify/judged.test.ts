import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { DriverResult } from './driverResult.ts';
import { judged } from './judged.ts';

const outcome = (...results: string[]) => ({ results: results.map((text) => [text]), probe: [], state: '', words: [] });

/** Rounds with an outcome that the only order that was run does not give. */
const RESULT: DriverResult = {
  serial: [{ ...outcome('1', '2'), order: [0, 1], whole: true }],
  ordersRun: 1,
  stuckRun: 0,
  rounds: 10,
  seconds: 1,
  outcomes: [{ ...outcome('2', '1'), samples: 10 }],
  more: 0,
  done: true,
  goVersion: 'go1.26.8',
  processors: 2,
};
const orders = [{ callers: [0, 1], whole: true }];

test('an outcome that all orders do not give is wrong', () => {
  const { wrongRounds, outcomes, serialComplete } = judged(RESULT, { orders, complete: { units: true, calls: true } });
  assert.deepEqual([wrongRounds, outcomes[0].kind, serialComplete], [10, 'wrong', true]);
});

test('an outcome that a sample of orders does not give is not judged', () => {
  const found = judged(RESULT, { orders, complete: { units: false, calls: false } });
  assert.deepEqual([found.wrongRounds, found.outcomes[0].kind, found.serialComplete], [0, 'not-judged', false]);
  assert.match(found.notes.join(), /Not all serial orders of the calls were run/);
});
