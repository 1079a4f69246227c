import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { PairMemo } from './pairMemo.ts';

const key = fc.oneof(fc.integer({ min: 0, max: 40 }), fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }));

test('keeps what was kept last, for any two numbers', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(key, key, fc.nat()), { maxLength: 3000 }), (entries) => {
      const memo = new PairMemo();
      const known = new Map<string, number>();
      for (const [a, b, result] of entries) {
        assert.equal(memo.get(a, b), known.get(`${a} ${b}`) ?? -1);
        memo.set(a, b, result);
        known.set(`${a} ${b}`, result);
      }
      for (const [a, b] of entries) assert.equal(memo.get(a, b), known.get(`${a} ${b}`));
    }),
    { numRuns: 30 },
  );
});
