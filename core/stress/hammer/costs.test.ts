/** Rows of costs, computed from the counters of threads. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { CostCounter, costBuffer, measurementsFor, PhaseCosts, untilTimed } from './costs.ts';

function measured(calls: readonly number[]) {
  const buffer = costBuffer(1, calls.length);
  const counters = calls.map((_, i) => new CostCounter(buffer, 0, i, calls.length));
  return { counters, costs: new PhaseCosts({ remedy: 'mutex', threads: calls.length }, counters, calls) };
}

describe('a row', () => {
  test('counts the calls that each thread makes, not those of the longest sequence', () => {
    const { counters, costs } = measured([1, 10]);
    counters[0].did(1000, 0, 1);
    counters[1].did(200, 50, 1);
    costs.add();
    assert.deepEqual(costs.row(), {
      remedy: 'mutex',
      threads: 2,
      callsPerSecond: 3_000_000,
      p50: 0,
      p99: 0,
      sequences: 1200,
      trapped: 50,
    });
  });

  test('ignores the slowest quarter of the steps, and what was measured before the code was warm', () => {
    const { counters, costs } = measured([1]);
    const step = (milliseconds: number): void => {
      counters[0].did(1000, 0, milliseconds);
      counters[0].latency(milliseconds / 1000);
      costs.add();
    };
    step(50);
    costs.clear();
    assert.equal(costs.row(), undefined);
    for (const milliseconds of [1, 400, 1, 1]) step(milliseconds);
    const row = costs.row();
    assert.equal(row?.callsPerSecond, 1_000_000);
    assert.deepEqual(row.spread, { least: 1_000_000, most: 1_000_000, measurements: 3 });
    assert.ok(row.p50 > 900 && row.p50 < 1100, `${row.p50}`);
    assert.ok(row.p99 > 360_000, `${row.p99}`);
  });

  test('has a spread from three measurements on', () => {
    const { counters, costs } = measured([1]);
    const spreads = [1, 2, 4, 5].map((milliseconds) => {
      counters[0].did(1000, 0, milliseconds);
      costs.add();
      return costs.row()?.spread;
    });
    assert.deepEqual(spreads, [
      undefined,
      undefined,
      { least: 250_000, most: 1_000_000, measurements: 3 },
      { least: 250_000, most: 1_000_000, measurements: 3 },
    ]);
  });

  test('does not exist without a step', () => {
    assert.equal(measured([1]).costs.row(), undefined);
  });
});

test('the faster calls are, the fewer of them are timed', () => {
  assert.deepEqual([0, 1e-5, 1e-3, 5e-3, 1, 1e6].map(untilTimed), [256, 256, 5, 1, 1, 1]);
});

test('threads: one, two, four, ..., all', () => {
  const threads = (most: number) => measurementsFor(['pool'], most).map((phase) => phase.threads);
  assert.deepEqual([1, 2, 3, 4, 8].map(threads), [[1], [1, 2], [1, 2, 3], [1, 2, 4], [1, 2, 4, 8]]);
});
