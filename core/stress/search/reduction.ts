/**
 * All schedules that differ in more than the order of independent operations: dynamic partial-order reduction with
 * sleep sets.
 * Sources: Flanagan, Godefroid: Dynamic partial-order reduction, POPL 2005; Godefroid: Partial-order methods, 1996.
 */
import { dependent, type Operation } from '../run/operation.ts';
import type { Strategy } from '../run/strategy.ts';
import { lowest } from './masks.ts';

interface Node {
  enabled: number;
  /** Callers whose choice here would only repeat what was explored. */
  sleep: number;
  /** Callers to try, including tried ones, and those already tried. */
  backtrack: number;
  tried: number;
  chosen: number;
  pending: (Operation | undefined)[];
}

/** Explores one schedule of each class of equivalent ones, one per execution. */
export class ReducedSearch implements Strategy {
  readonly tracksDependence = true;
  private readonly nodes: Node[] = [];
  private depth = 0;
  diverged = false;

  begin(): void {
    this.depth = 0;
  }

  choose(current: number, enabled: number, pending: readonly (Operation | undefined)[]): number {
    const known = this.nodes[this.depth];
    if (known !== undefined) {
      this.depth++;
      if (known.enabled !== enabled) this.diverged = true;
      // Operations are new objects in each execution.
      known.pending = pending.slice();
      return (enabled >> known.chosen) & 1 ? known.chosen : lowest(enabled);
    }
    const sleep = this.sleepAfter(this.nodes[this.depth - 1]);
    const awake = enabled & ~sleep;
    if (awake === 0) return -1;
    const chosen = current >= 0 && ((awake >> current) & 1) === 1 ? current : lowest(awake);
    this.nodes.push({ enabled, sleep, backtrack: 1 << chosen, tried: 0, chosen, pending: pending.slice() });
    this.depth++;
    return chosen;
  }

  /** Callers that slept or were tried stay asleep while the performed operation is independent of theirs. */
  private sleepAfter(node: Node | undefined): number {
    if (node === undefined) return 0;
    const done = node.pending[node.chosen];
    let sleep = 0;
    for (let left = (node.sleep | node.tried) & ~(1 << node.chosen); left !== 0; left &= left - 1) {
      const caller = lowest(left);
      const other = node.pending[caller];
      if (done !== undefined && other !== undefined && !dependent(done, other)) sleep |= 1 << caller;
    }
    return sleep;
  }

  reversible(at: number, first: number): void {
    const node = this.nodes[at];
    if (node === undefined) return;
    // All of them rather than one: with sleep sets a single chosen one could be asleep while another has to run first.
    const able = first & node.enabled;
    node.backtrack |= able === 0 ? node.enabled : able;
  }

  next(): boolean {
    for (let node = this.nodes.at(-1); node !== undefined; node = this.nodes.at(-1)) {
      node.tried |= 1 << node.chosen;
      const left = node.backtrack & ~node.tried & ~node.sleep;
      if (left !== 0) {
        node.chosen = lowest(left);
        return true;
      }
      this.nodes.pop();
    }
    return false;
  }
}
