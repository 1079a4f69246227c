/**
 * Depth-first search over all schedules with a bounded number of preemptions: switches away from a caller that could
 * have continued. Most bugs need at most two.
 * Source: Musuvathi, Qadeer: Iterative context bounding for systematic testing, PLDI 2007.
 */
import type { Strategy } from '../run/strategy.ts';
import { lowest } from './masks.ts';

interface Node {
  /** Caller that ran before, -1 if it could not continue; mask of the callers that could run. */
  current: number;
  enabled: number;
  chosen: number;
  tried: number;
  /** Preemptions before this decision. */
  preemptions: number;
}

/** Explores all schedules with at most `bound` preemptions, one per execution. */
export class BoundedSearch implements Strategy {
  readonly tracksDependence = false;
  readonly bound: number;
  private readonly nodes: Node[] = [];
  private depth = 0;
  /** Whether some schedule was omitted because of the bound. */
  limited = false;
  /** Whether an execution did not repeat an earlier one with the same decisions. */
  diverged = false;

  constructor(bound: number) {
    this.bound = bound;
  }

  begin(): void {
    this.depth = 0;
  }

  choose(current: number, enabled: number): number {
    const node = this.nodes[this.depth];
    if (node !== undefined) {
      this.depth++;
      if (node.enabled !== enabled) this.diverged = true;
      return (enabled >> node.chosen) & 1 ? node.chosen : lowest(enabled);
    }
    const before = this.nodes[this.depth - 1];
    const preemptions = before === undefined ? 0 : before.preemptions + cost(before, before.chosen);
    const goesOn = current >= 0 && ((enabled >> current) & 1) === 1;
    const chosen = goesOn ? current : lowest(enabled);
    this.nodes.push({ current: goesOn ? current : -1, enabled, chosen, tried: 1 << chosen, preemptions });
    this.depth++;
    return chosen;
  }

  /** Moves to the next schedule; false if there is none. */
  next(): boolean {
    for (let node = this.nodes.at(-1); node !== undefined; node = this.nodes.at(-1)) {
      for (let left = node.enabled & ~node.tried; left !== 0; left &= left - 1) {
        const caller = lowest(left);
        if (node.preemptions + cost(node, caller) > this.bound) {
          this.limited = true;
          continue;
        }
        node.chosen = caller;
        node.tried |= 1 << caller;
        return true;
      }
      this.nodes.pop();
    }
    return false;
  }
}

const cost = (node: Node, caller: number): number => (node.current >= 0 && node.current !== caller ? 1 : 0);
