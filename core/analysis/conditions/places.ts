/** Whether two sets of static places, ranges or strided ones, have a byte or slot in common. */

import { StridedInterval } from '../address/stridedInterval.ts';
import type { Address } from '../cells.ts';

type Static = Extract<Address, { base: 'static' }>;

/** Whether two static addresses, relative to the same global or to none, may have a place in common. Never wrongly false. */
export function placesMeet(a: Static, b: Static): boolean {
  if (a.start >= b.end || b.start >= a.end) return false;
  const [mine, theirs] = [placesOf(a), placesOf(b)];
  return mine.at.mayOverlap(mine.width, theirs.at, theirs.width);
}

/** Where the places are, and how wide each of them is. A range without gaps is one place. */
function placesOf({ start, end, stride, width }: Static): { at: StridedInterval; width: number } {
  return stride === undefined || width === undefined || stride <= width || width <= 0
    ? { at: StridedInterval.constant(start), width: end - start }
    : { at: StridedInterval.range(start, end - 1, stride), width };
}
