/**
 * Wakeup trees: what a search still has to explore from a decision, as sequences of callers with common beginnings.
 * Source: Abdulla, Aronis, Jonsson, Sagonas: Source sets: a foundation for optimal dynamic partial order reduction, JACM
 * 2017, section 6
 */
import { dependent, type Operation } from '../run/operation.ts';
import type { Reversal } from './reversal.ts';

/** The next step of a sequence, and what may follow it, in the order in which it is explored. */
export interface Branch {
  caller: number;
  /** What it touches; undefined where that is not known. */
  op: Operation | undefined;
  next: Branch[];
}

/** Mask of the callers of branches. */
export const callersOf = (branches: readonly Branch[]): number => {
  let mask = 0;
  for (const { caller } of branches) mask |= 1 << caller;
  return mask;
};

/** Number of steps of branches. */
export function stepsIn(branches: readonly Branch[]): number {
  let steps = 0;
  for (const { next } of branches) steps += 1 + stepsIn(next);
  return steps;
}

/**
 * Adds a sequence, unless one that is equivalent to a beginning of it, and is explored to its end, is among the branches.
 * Returns how many steps were added.
 */
export function insert(branches: Branch[], reversal: Reversal): number {
  let level = branches;
  let left = reversal.items;
  for (;;) {
    let below: Branch[] | undefined;
    for (const { caller, op, next } of level) {
      const at = left.findIndex((item) => reversal.caller(item) === caller);
      if (at >= 0) {
        if (!reversal.isInitial(left, at)) continue;
        left = left.toSpliced(at, 1);
      } else if (op === undefined || left.some((item) => dependent(op, reversal.operation(item)))) continue;
      below = next;
      break;
    }
    if (below === undefined) break;
    // A leaf: whatever follows it is explored.
    if (below.length === 0) return 0;
    level = below;
  }
  for (const item of left) {
    const next: Branch[] = [];
    level.push({ caller: reversal.caller(item), op: reversal.operation(item), next });
    level = next;
  }
  return left.length;
}
