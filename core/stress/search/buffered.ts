/**
 * Searches over executions with store buffers. Beside the callers, bits `0` to `n - 1` of masks, the buffers decide: bit
 * `n + p` is that the oldest store of caller `p` reaches memory.
 *
 * A caller *reads ahead* when it reads while stores of its own wait in its buffer. Executions in which nobody does are
 * those without buffers: each store could as well be made when it reaches memory.
 */
import { dependent, type Operation } from '../run/operation.ts';
import type { Strategy } from '../run/strategy.ts';
import { lowest } from './masks.ts';

type Pendings = readonly (Operation | undefined)[];

/** Whether an operation of a caller reads what others may write. */
const reads = (op: Operation | undefined): boolean => op !== undefined && (op.touches.length > 0 || op.wild);

/** Notes which callers read ahead of their stores. */
abstract class BufferedStrategy implements Strategy {
  readonly tracksDependence = false;
  protected readonly callers: number;
  protected depth = 0;
  /** An execution did not repeat an earlier one with the same decisions. */
  diverged = false;
  /** Callers that have read ahead in this execution. */
  readAhead = 0;

  constructor(callers: number) {
    this.callers = callers;
  }

  begin(): void {
    this.depth = 0;
    this.readAhead = 0;
  }

  choose(current: number, enabled: number, pendings: Pendings): number {
    const chosen = this.decide(current, enabled, pendings);
    if (chosen >= 0 && this.isAhead(chosen, enabled, pendings)) this.readAhead |= 1 << chosen;
    return chosen;
  }

  /** Whether a choice lets a caller read while stores wait in its buffer. */
  protected isAhead(chosen: number, enabled: number, pendings: Pendings): boolean {
    return chosen < this.callers && ((enabled >> (this.callers + chosen)) & 1) === 1 && reads(pendings[chosen]);
  }

  protected abstract decide(current: number, enabled: number, pendings: Pendings): number;
}

interface BoundedNode {
  enabled: number;
  /** Choices that are worth it, those already made, and what each more costs: a bit mask. */
  allowed: number;
  tried: number;
  costly: number;
  chosen: number;
  /** Preemptions and callers that began to read ahead, before this decision. */
  cost: number;
  /** Callers that have read ahead of the stores that now wait in their buffers. */
  ahead: number;
}

/**
 * All executions in which preemptions, and times that a caller begins to read ahead, are at most `bound` together. Where
 * nobody reads ahead, stores reach memory at once.
 * Source of the idea: Joshi, Kroening: Property-driven fence insertion using reorder bounded model checking, FM 2015.
 */
export class BoundedBufferedSearch extends BufferedStrategy {
  private readonly bound: number;
  private readonly nodes: BoundedNode[] = [];

  constructor(callers: number, bound: number) {
    super(callers);
    this.bound = bound;
  }

  protected decide(current: number, enabled: number, pendings: Pendings): number {
    const known = this.nodes[this.depth];
    const node = known ?? this.nodeAfter(this.nodes[this.depth - 1], current, enabled, pendings);
    if (known === undefined) this.nodes.push(node);
    else if (known.enabled !== enabled) this.diverged = true;
    this.depth++;
    return (enabled >> node.chosen) & 1 ? node.chosen : lowest(enabled);
  }

  private nodeAfter(
    before: BoundedNode | undefined,
    current: number,
    enabled: number,
    pendings: Pendings,
  ): BoundedNode {
    const n = this.callers;
    const buffers = enabled >>> n;
    const ahead = before === undefined ? 0 : aheadAfter(before, n) & buffers;
    const cost = before === undefined ? 0 : before.cost + ((before.costly >> before.chosen) & 1);
    let allowed = enabled;
    let costly = 0;
    // A caller that has stored and not read ahead could as well not have stored yet, as far as the others can see.
    const owing = buffers & ~ahead;
    if (owing !== 0) {
      const caller = current >= 0 && ((owing >> current) & 1) === 1 ? current : lowest(owing);
      allowed &= (1 << (n + caller)) | (caller === current ? 1 << caller : 0);
    }
    const goesOn = current >= 0 && (((enabled >> current) & 1) === 1 || ((buffers >> current) & 1) === 1);
    for (let left = allowed & ((1 << n) - 1); left !== 0; left &= left - 1) {
      const caller = lowest(left);
      const begins = ((ahead >> caller) & 1) === 0 && this.isAhead(caller, enabled, pendings);
      if (begins || (goesOn && caller !== current)) costly |= 1 << caller;
    }
    const free = allowed & ~costly;
    const chosen = goesOn && (free >> current) & 1 ? current : lowest(free === 0 ? allowed : free);
    return { enabled, allowed, tried: 1 << chosen, costly, chosen, cost, ahead };
  }

  /** Moves to the next execution; false if there is none. */
  next(): boolean {
    for (let node = this.nodes.at(-1); node !== undefined; node = this.nodes.at(-1)) {
      const affordable = node.cost < this.bound ? node.allowed : node.allowed & ~node.costly;
      const left = affordable & ~node.tried;
      if (left !== 0) {
        node.chosen = lowest(left);
        node.tried |= 1 << node.chosen;
        return true;
      }
      this.nodes.pop();
    }
    return false;
  }
}

/** Callers that have read ahead once the choice of a node is made. */
function aheadAfter({ ahead, chosen, enabled, costly }: BoundedNode, callers: number): number {
  if (chosen >= callers) return ahead;
  const waits = (enabled >>> (callers + chosen)) & 1;
  return waits === 1 && (costly >> chosen) & 1 ? ahead | (1 << chosen) : ahead;
}

interface SleepNode {
  enabled: number;
  /** Choices that would only repeat what was explored. */
  sleep: number;
  tried: number;
  chosen: number;
  pendings: (Operation | undefined)[];
}

/**
 * All executions with store buffers that differ in more than the order of independent operations; sleep sets leave the
 * others out. That a store enters its caller's buffer depends on nothing, and a caller sees its own stores wherever they
 * are, so only what reaches memory depends on what others do.
 * Source: Godefroid: Partial-order methods for the verification of concurrent systems, 1996.
 */
export class BufferedSearch extends BufferedStrategy {
  private readonly nodes: SleepNode[] = [];

  protected decide(current: number, enabled: number, pendings: Pendings): number {
    const known = this.nodes[this.depth];
    if (known !== undefined) {
      this.depth++;
      if (known.enabled !== enabled) this.diverged = true;
      // Operations are new objects in each execution.
      known.pendings = pendings.slice();
      return (enabled >> known.chosen) & 1 ? known.chosen : lowest(enabled);
    }
    const sleep = this.sleepAfter(this.nodes[this.depth - 1]);
    const awake = enabled & ~sleep;
    if (awake === 0) return -1;
    const chosen = current >= 0 && ((awake >> current) & 1) === 1 ? current : lowest(awake);
    this.nodes.push({ enabled, sleep, tried: 0, chosen, pendings: pendings.slice() });
    this.depth++;
    return chosen;
  }

  private sleepAfter(node: SleepNode | undefined): number {
    if (node === undefined) return 0;
    const done = node.pendings[node.chosen];
    let sleep = 0;
    for (let left = (node.sleep | node.tried) & ~(1 << node.chosen); left !== 0; left &= left - 1) {
      const other = lowest(left);
      const op = node.pendings[other];
      const own = other % this.callers === node.chosen % this.callers;
      if (done !== undefined && op !== undefined && (own || !dependent(done, op))) sleep |= 1 << other;
    }
    return sleep;
  }

  /** Moves to the next execution; false if there is none. */
  next(): boolean {
    for (let node = this.nodes.at(-1); node !== undefined; node = this.nodes.at(-1)) {
      node.tried |= 1 << node.chosen;
      const left = node.enabled & ~node.tried & ~node.sleep;
      if (left !== 0) {
        node.chosen = lowest(left);
        return true;
      }
      this.nodes.pop();
    }
    return false;
  }
}
