/** The search explores as many executions as there are classes of equivalent ones, where that number is known. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parse } from '@bytecodealliance/jco-transpile/wasm-tools';
import type { Call } from '../scenario/steps.ts';
import { LAST_ZERO, lastZeroCallers } from '../testing/lastZero.ts';
import { searched, sessionFor } from '../testing/searches.ts';

async function executions(functions: string, callers: readonly Call[][]): Promise<number> {
  const bytes = await parse(`(module (memory 1 1 shared) ${functions})`);
  const { executions: found, cut, diverged } = await searched(await sessionFor(bytes, { callers: [...callers] }));
  assert.equal(cut, 0);
  assert.equal(diverged, false);
  return found;
}

const ACCESSES = `
  (func (export "load") (param i32) (result i32) (i32.atomic.load (local.get 0)))
  (func (export "store") (param i32 i32) (i32.atomic.store (local.get 0) (local.get 1)))
  (func (export "add") (param i32) (result i32) (i32.atomic.rmw.add (local.get 0) (i32.const 1)))`;

/** `n` callers, made from their numbers. */
const each = (n: number, calls: (i: number) => Call[]): Call[][] => Array.from({ length: n }, (_, i) => calls(i));

const factorial = (n: number): number => (n <= 1 ? 1 : n * factorial(n - 1));

for (const n of [2, 3, 5, 6, 7])
  test(`${n} atomic increments: n!`, async () => {
    assert.equal(
      await executions(
        ACCESSES,
        each(n, () => [['add', 64]]),
      ),
      factorial(n),
    );
  });

for (const n of [1, 3, 7])
  test(`${n} readers of one writer: 2^n`, async () => {
    const callers = [[['store', 64, 1] as Call], ...each(n, () => [['load', 64]])];
    assert.equal(await executions(ACCESSES, callers), 2 ** n);
  });

for (const [n, optimal] of [
  [4, 28],
  [7, 320],
  [8, 704],
  [10, 3328],
] as const)
  test(`lastzero(${n}): ${optimal}`, async () => {
    assert.equal(await executions(LAST_ZERO, lastZeroCallers(n)), optimal);
  });

test('two callers that store four times and one that stores twice, to one cell: all 10! / (4! 4! 2!) orders', async () => {
  const stores = (n: number, value: number): Call[] => Array.from({ length: n }, () => ['store', 64, value]);
  assert.equal(await executions(ACCESSES, [stores(4, 1), stores(4, 2), stores(2, 3)]), 3150);
});

test('sixteen callers that meet in pairs: 2^8', async () => {
  assert.equal(
    await executions(
      ACCESSES,
      each(16, (i) => [['add', 64 * ((i >> 1) + 1)]]),
    ),
    256,
  );
});
