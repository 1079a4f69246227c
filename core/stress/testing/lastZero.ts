/**
 * For tests: a benchmark of searches, `lastzero`. Each writer makes its cell one more than the cell before it; one caller
 * looks for the last cell that is zero.
 * Source of its shape and counts: Abdulla, Aronis, Jonsson, Sagonas: Source sets, JACM 2017
 */
import type { Call } from '../scenario/steps.ts';

/** Cells that are a line apart, so that they do not meet. */
export const LAST_ZERO = `
  (func (export "write") (param $i i32) (result i32) (local $x i32)
    (local.set $x (i32.add (i32.atomic.load (i32.mul (i32.sub (local.get $i) (i32.const 1)) (i32.const 64))) (i32.const 1)))
    (i32.atomic.store (i32.mul (local.get $i) (i32.const 64)) (local.get $x)) (local.get $x))
  (func (export "find") (param $n i32) (result i32)
    (loop $again
      (if (i32.atomic.load (i32.mul (local.get $n) (i32.const 64)))
        (then (local.set $n (i32.sub (local.get $n) (i32.const 1))) (br $again))))
    (local.get $n))`;

/** The caller that looks, and `n` writers. */
export const lastZeroCallers = (n: number): Call[][] => [
  [['find', n]],
  ...Array.from({ length: n }, (_, i): Call[] => [['write', i + 1]]),
];
