/** What conflicting pairs rest on. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sharingUnder } from '../../core/analysis/queries.ts';
import { analyseWat } from '../../core/analysis/testing/facts.ts';
import { countPairs, type PairCounts, REASONS } from './pairs.ts';

/** `set` writes an object, `bump` static data, and `hash` at a place that nobody can name. */
const EXPORTS = {
  set: '(func (export "set") (param i32) (i32.store (local.get 0) (i32.const 1)))',
  bump: '(func (export "bump") (i32.store (i32.const 64) (i32.add (i32.load (i32.const 64)) (i32.const 1))))',
  hash: '(func (export "hash") (param i32 i32) (i32.store (i32.mul (local.get 0) (local.get 1)) (i32.const 1)))',
  zero: '(func (export "zero") (result i32) (i32.const 0))',
};

async function counted(...names: (keyof typeof EXPORTS)[]): Promise<Partial<PairCounts>> {
  const { analysis } = await analyseWat(`(module (memory 1) ${names.map((name) => EXPORTS[name]).join('\n')})`);
  const counts = countPairs(analysis, sharingUnder(analysis, analysis.model));
  assert.equal(
    counts.conflicting,
    REASONS.reduce((n, reason) => n + counts[reason], 0),
  );
  return Object.fromEntries(Object.entries(counts).filter(([, count]) => count > 0));
}

test('two calls with an object each conflict on the same object', async () => {
  assert.deepEqual(await counted('set'), { pairs: 1, conflicting: 1, object: 1 });
});

test('an argument that leads to static data', async () => {
  assert.deepEqual(await counted('set', 'bump'), { pairs: 3, conflicting: 3, object: 1, ranges: 1, state: 1 });
});

test('known state counts before an unknown address', async () => {
  assert.deepEqual(await counted('bump', 'hash'), { pairs: 3, conflicting: 3, state: 1, unknown: 2 });
});

test('exports with the same effects count for each pair of them', async () => {
  assert.deepEqual(await counted('zero', 'hash', 'set'), { pairs: 6, conflicting: 3, unknown: 2, object: 1 });
});
