/**
 * Probabilistic concurrency testing: random priorities, and a few random points at which the running caller loses its
 * priority. One execution of `n` callers and `k` steps finds a bug of depth `d` with a probability of at least 1 / (n
 * k^(d-1)).
 * Source: Burckhardt et al.: A randomized scheduler with probabilistic guarantees of finding bugs, ASPLOS 2010.
 */
import type { Strategy } from '../run/strategy.ts';
import { lowest } from './masks.ts';

/** Random numbers in [0, 1) from a seed, the same on every machine (mulberry32). */
export function randomNumbers(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Chooses each schedule at random. */
export class RandomSearch implements Strategy {
  readonly tracksDependence = false;
  /** Depth of the bugs that the bound applies to. */
  readonly depth: number;
  private readonly callers: number;
  private readonly random: () => number;
  private priorities: number[] = [];
  private changes: number[] = [];
  private step = 0;
  /** Most steps of an execution so far. */
  steps = 1;

  constructor(callers: number, depth: number, seed: number) {
    this.callers = callers;
    this.depth = depth;
    this.random = randomNumbers(seed);
  }

  begin(): void {
    this.steps = Math.max(this.steps, this.step);
    this.step = 0;
    const order = Array.from({ length: this.callers }, (_, i) => i);
    for (let i = order.length - 1; i > 0; i--) {
      const j = Math.floor(this.random() * (i + 1));
      [order[i], order[j]] = [order[j], order[i]];
    }
    this.priorities = [];
    order.forEach((caller, i) => {
      this.priorities[caller] = this.depth + i;
    });
    this.changes = Array.from({ length: this.depth - 1 }, () => 1 + Math.floor(this.random() * this.steps));
  }

  choose(current: number, enabled: number): number {
    this.step++;
    for (let i = 0; i < this.changes.length; i++) {
      if (this.changes[i] === this.step && current >= 0) this.priorities[current] = i;
    }
    let best = lowest(enabled);
    for (let left = enabled; left !== 0; left &= left - 1) {
      const caller = lowest(left);
      if (this.priorities[caller] > this.priorities[best]) best = caller;
    }
    return best;
  }

  /** Upper bound of the probability that `executions` executions all missed a bug of this depth. */
  missProbability(executions: number): number {
    return (1 - 1 / (this.callers * this.steps ** (this.depth - 1))) ** executions;
  }
}
