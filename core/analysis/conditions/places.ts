/** Whether two sets of static places, ranges or strided ones, have a byte or slot in common. */

import type { Address } from '../cells.ts';

type Static = Extract<Address, { base: 'static' }>;

/** Whether two static addresses, relative to the same global or to none, may have a place in common. Never wrongly false. */
export function placesMeet(a: Static, b: Static): boolean {
  const from = Math.max(a.start, b.start);
  const to = Math.min(a.end, b.end);
  if (from >= to) return false;
  const [mine, theirs] = [strideOf(a), strideOf(b)];
  if (mine === undefined && theirs === undefined) return true;
  if (mine === undefined || theirs === undefined) {
    // Places of one side that lie in the plain range of the other.
    const { start, stride, width } = (mine ?? theirs) as Strided;
    const first = Math.max(0, Math.floor((from - width - start) / stride) + 1);
    return start + first * stride < to;
  }
  // Modulo the common divisor the places of each side are one range.
  const modulus = divisor(mine.stride, theirs.stride);
  const apart = (((mine.start - theirs.start) % modulus) + modulus) % modulus;
  return apart < theirs.width || modulus - apart < mine.width;
}

interface Strided {
  start: number;
  stride: number;
  width: number;
}

/** Undefined for a range without gaps. */
function strideOf({ start, stride, width }: Static): Strided | undefined {
  if (stride === undefined || width === undefined || stride <= width || width <= 0) return undefined;
  return { start, stride, width };
}

/** The greatest common divisor of two positive integers. */
function divisor(a: number, b: number): number {
  let [x, y] = [a, b];
  while (y !== 0) [x, y] = [y, x % y];
  return x;
}
