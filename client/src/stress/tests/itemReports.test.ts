import assert from 'node:assert/strict';
import { test } from 'node:test';
import { totalOf, totalText } from './itemReports.ts';

test('a total says what failed, what has no verdict, and that all passed only where all did', () => {
  const of = (scenarios: number, failed: number, errored: number): string => totalText({ scenarios, failed, errored });
  assert.equal(of(5, 3, 0), '3 of 5 scenarios failed');
  assert.equal(of(5, 3, 1), '3 of 5 scenarios failed, 1 inconclusive');
  assert.equal(of(1, 0, 1), '1 of 1 scenario inconclusive');
  assert.equal(of(5, 0, 0), '5 scenarios passed');
  assert.equal(totalText({ scenarios: 1200, failed: 1000, errored: 0 }, '1,200'), '1,000 of 1,200 failed');
});

test('totals of several items add up', () => {
  const one = { scenarios: 2, failed: 1, errored: 0, badge: 'race' };
  assert.deepEqual(totalOf([one, { ...one, failed: 0, errored: 2 }]), { scenarios: 4, failed: 1, errored: 2 });
  assert.deepEqual(totalOf([]), { scenarios: 0, failed: 0, errored: 0 });
});
