import assert from 'node:assert/strict';
import { it } from 'node:test';
import { isGood, NONE, show, single, sumOf } from './counts.ts';

it('adds and shows', () => {
  const sum = [single(true), single(false), { passed: 5, failed: 0, skipped: 2 }].reduce(sumOf, NONE);
  assert.equal(show(sum), '6 passed, 1 failed, 2 skipped');
  assert.equal(show(single(true)), '1 passed, 0 failed');
});

it('does not call a run good in which nothing passed', () => {
  assert.equal(isGood(single(true)), true);
  assert.equal(isGood(single(false)), false);
  assert.equal(isGood({ passed: 0, failed: 0, skipped: 9 }), false);
});
