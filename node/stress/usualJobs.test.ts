/** How many scenarios run at a time. */
import assert from 'node:assert/strict';
import { availableParallelism } from 'node:os';
import { test } from 'node:test';
import { usualJobs } from './usualJobs.ts';

test('at least one scenario runs at a time, and one core is left where there are several', () => {
  assert.ok(usualJobs() >= 1);
  assert.ok(usualJobs() <= Math.max(1, availableParallelism() - 1));
});
