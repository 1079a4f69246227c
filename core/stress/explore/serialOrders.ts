/** Serial orders of calls, and of whole sequences of calls. */

import type { Scenario } from '../scenario/scenario.ts';
import { unitLengths, unitOf } from '../scenario/units.ts';
import { randomNumbers } from '../search/random.ts';

const MAX_ORDERS = 1000;
/** Orders that are always executed one by one. */
const FEW_ORDERS = 24;

/** Orders as lists of callers, one entry a call. `complete`: they are all orders of the unit. */
export interface SerialOrders {
  orders: number[][];
  complete: boolean;
}

/** The serial orders that a scenario is judged by: all when there are few, else a sample. */
export function ordersOf(
  scenario: Pick<Scenario, 'unit' | 'callers' | 'repeats' | 'seed'>,
  unit = unitOf(scenario),
): SerialOrders {
  const counts = scenario.callers.map((calls) => calls.length);
  if (unit === 'call') return serialOrders(counts, scenario.seed);
  return sequenceOrders(counts, unitLengths(scenario), scenario.seed);
}

/** All orders of whole units when there are few, else a random sample; `lengths`: steps of one unit of each caller. */
function sequenceOrders(counts: readonly number[], lengths: readonly number[], seed: number): SerialOrders {
  const { orders, complete } = serialOrders(
    counts.map((count, caller) => count / lengths[caller]),
    seed,
  );
  const whole = (caller: number): number[] => Array.from({ length: lengths[caller] }, () => caller);
  return { orders: orders.map((order) => order.flatMap(whole)), complete };
}

/** All interleavings of whole calls when there are few, else a random sample; the callers' own orders first. */
export function serialOrders(counts: readonly number[], seed: number): SerialOrders {
  if (interleavings(counts) <= MAX_ORDERS) {
    const orders: number[][] = [];
    const extend = (order: number[], left: readonly number[]): void => {
      if (left.every((n) => n === 0)) orders.push(order);
      left.forEach((n, caller) => {
        if (n > 0)
          extend(
            [...order, caller],
            left.map((m, i) => (i === caller ? m - 1 : m)),
          );
      });
    };
    extend([], counts);
    return { orders, complete: true };
  }
  const random = randomNumbers(seed);
  const { orders } = twoOrders(counts);
  const [all] = orders;
  while (orders.length < MAX_ORDERS / 4) {
    const order = all.slice();
    for (let i = order.length - 1; i > 0; i--) {
      const j = Math.floor(random() * (i + 1));
      [order[i], order[j]] = [order[j], order[i]];
    }
    orders.push(order);
  }
  return { orders, complete: false };
}

/** Whether there are so few orders of calls that executing each of them costs little. */
export const fewOrders = (counts: readonly number[]): boolean => interleavings(counts) <= FEW_ORDERS;

/** Whether there are too many orders of calls to execute each of them. */
export const manyOrders = (counts: readonly number[]): boolean => interleavings(counts) > MAX_ORDERS;

/** Each caller after the one before it, and the other way round. */
export function twoOrders(counts: readonly number[]): SerialOrders {
  const order = counts.flatMap((n, caller) => Array.from({ length: n }, () => caller));
  return { orders: [order, order.toReversed()], complete: false };
}

/** Multinomial coefficient, as far as it matters. */
function interleavings(counts: readonly number[]): number {
  let product = 1;
  let total = 0;
  for (const count of counts) {
    for (let i = 1; i <= count; i++) {
      product = (product * ++total) / i;
      if (product > 1e9) return product;
    }
  }
  return product;
}
