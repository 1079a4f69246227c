/**
 * One schedule of each class of schedules that differ only in the order of independent operations: optimal dynamic
 * partial-order reduction. Each execution is searched for races; reversals of them that no explored or known schedule
 * covers are kept in wakeup trees.
 * Sources: Abdulla, Aronis, Jonsson, Sagonas: Source sets, JACM 2017; Godefroid: Partial-order methods, 1996 (sleep sets).
 */
import type { Dependence } from '../run/dependence.ts';
import { dependent, NOTHING, type Operation } from '../run/operation.ts';
import type { Strategy } from '../run/strategy.ts';
import { canRun, lowest } from './masks.ts';
import { Reversal } from './reversal.ts';
import { type Branch, callersOf, insert, stepsIn } from './wakeupTree.ts';

/** Most steps of all wakeup trees: there may be exponentially many. */
const MAX_PENDING = 2_000_000;

/** A caller whose choice would only repeat what was explored, and what it is about to do. */
interface Sleeper {
  caller: number;
  op: Operation;
}

interface Node {
  enabled: number;
  /** Those that sleep here, those that were explored from here included. */
  sleep: Sleeper[];
  sleepers: number;
  /** What is left to explore after `chosen`. */
  tree: Branch[];
  chosen: number;
  /** What is to be explored from the next node on. */
  next: Branch[];
  /** What `chosen` did. */
  done: Operation;
}

/** Explores one schedule of each class of equivalent ones, one per execution. */
export class ReducedSearch implements Strategy {
  readonly tracksDependence = true;
  /** Executions that ended early because all that follows was explored. */
  cut = 0;
  /** Whether an execution did not repeat an earlier one with the same decisions. */
  diverged = false;
  /** Whether more was to be explored than could be kept. */
  overflowed = false;
  private readonly nodes: Node[] = [];
  private depth = 0;
  /** The decision at which this execution differs from the one before. */
  fresh = 0;
  private trace!: Dependence;
  /** Some caller was suspended because it spins. */
  private spun = false;
  /** Numbers of races whose reversal is covered only by what followed in the executions so far. */
  private unsettled: number[] = [];
  private pending = 0;

  begin(trace: Dependence): void {
    this.trace = trace;
    this.depth = 0;
    this.spun = false;
  }

  choose(current: number, enabled: number, pending: readonly (Operation | undefined)[]): number {
    if (isSomeoneSuspended(enabled, pending)) this.spun = true;
    const known = this.nodes[this.depth];
    if (known !== undefined) {
      this.depth++;
      if (known.enabled !== enabled) this.diverged = true;
      if (canRun(known.chosen, enabled, pending)) return known.chosen;
      this.diverged = true;
      return lowest(enabled);
    }
    const before = this.nodes[this.depth - 1];
    if (before !== undefined) before.done = this.trace.performedAt(this.depth - 1);
    const node = this.nodeAfter(before, enabled);
    // That a woken caller goes on depends on nothing.
    const woken = firstWoken(enabled, pending);
    if (woken >= 0) {
      node.chosen = woken;
      node.next = before?.next ?? [];
    } else if (!this.follow(node, before?.next ?? [], pending)) {
      const awake = enabled & ~node.sleepers;
      if (awake === 0) {
        this.cut++;
        return -1;
      }
      node.chosen = current >= 0 && ((awake >> current) & 1) === 1 ? current : lowest(awake);
    }
    this.nodes.push(node);
    this.depth++;
    return node.chosen;
  }

  /** Sleepers and explored callers stay asleep while what was done is independent of what they are about to do. */
  private nodeAfter(before: Node | undefined, enabled: number): Node {
    const node: Node = { enabled, sleep: [], sleepers: 0, tree: [], chosen: -1, next: [], done: NOTHING };
    if (before === undefined) return node;
    for (const sleeper of before.sleep) {
      if (sleeper.caller === before.chosen || dependent(before.done, sleeper.op)) continue;
      node.sleep.push(sleeper);
      node.sleepers |= 1 << sleeper.caller;
    }
    return node;
  }

  /** Takes the first branch that can be explored; false if there is none. */
  private follow(node: Node, branches: Branch[], pending: readonly (Operation | undefined)[]): boolean {
    for (let branch = branches.shift(); branch !== undefined; branch = branches.shift()) {
      this.pending--;
      if ((node.sleepers >> branch.caller) & 1 || !canRun(branch.caller, node.enabled, pending)) {
        this.pending -= stepsIn(branch.next);
        continue;
      }
      node.chosen = branch.caller;
      node.next = branch.next;
      node.tree = branches;
      return true;
    }
    return false;
  }

  end(): void {
    const { nodes, trace } = this;
    if (this.depth < nodes.length) {
      this.diverged = true;
      nodes.length = this.depth;
    }
    const last = nodes.at(-1);
    if (last !== undefined) last.done = trace.performedAt(nodes.length - 1);
    this.reverse();
  }

  /** Moves to the next schedule; false if there is none, or more than can be kept. */
  next(): boolean {
    const { nodes } = this;
    if (this.overflowed) return false;
    for (let node = nodes.at(-1); node !== undefined; node = nodes.at(-1)) {
      node.sleep.push({ caller: node.chosen, op: node.done });
      node.sleepers |= 1 << node.chosen;
      for (let branch = node.tree.shift(); branch !== undefined; branch = node.tree.shift()) {
        this.pending--;
        if ((node.sleepers >> branch.caller) & 1) {
          this.pending -= stepsIn(branch.next);
          continue;
        }
        node.chosen = branch.caller;
        node.next = branch.next;
        this.fresh = nodes.length - 1;
        return true;
      }
      nodes.pop();
    }
    return false;
  }

  /** Adds to the trees what reverses the races of the execution. Those that were settled before are not looked at. */
  private reverse(): void {
    const { trace, fresh } = this;
    let first = trace.raceLater.length;
    while (first > 0 && this.laterNode(first - 1) >= fresh) first--;
    const races = this.unsettled.filter((race) => race < first);
    for (let race = first; race < trace.raceLater.length; race++) races.push(race);
    this.unsettled = races.filter((race) => !this.settle(race));
  }

  /** Decision of the later step of a race. */
  private laterNode(race: number): number {
    const { trace } = this;
    const later = trace.raceLater[race];
    return trace.nodeOf[later >= 0 ? later : trace.foreseen[~later].at - 1] ?? 0;
  }

  /** Sees to it that a race is reversed. True if that holds whatever follows the later step. */
  private settle(race: number): boolean {
    const reversal = new Reversal(this.trace, race);
    const node = this.nodes[reversal.node];
    if (node === undefined) return true;
    if (this.spun) {
      this.addAll(node, reversal.first);
      return true;
    }
    if ((reversal.initials & node.sleepers) !== 0) return true;
    if (node.sleep.some(({ caller, op }) => reversal.mayPrecede(caller, op))) return false;
    this.pending += insert(node.tree, reversal);
    if (this.pending > MAX_PENDING) this.overflowed = true;
    return false;
  }

  /**
   * Where callers spin, what they can do next depends on more than their operations touch, so sequences cannot be
   * foreseen: all callers are tried of which one has to go first.
   */
  private addAll(node: Node, first: number): void {
    const able = first & node.enabled;
    const known = node.sleepers | callersOf(node.tree) | (1 << node.chosen);
    for (let left = (able === 0 ? node.enabled : able) & ~known; left !== 0; left &= left - 1) {
      node.tree.push({ caller: lowest(left), op: undefined, next: [] });
      this.pending++;
    }
  }
}

function isSomeoneSuspended(enabled: number, pending: readonly (Operation | undefined)[]): boolean {
  for (let caller = 0; caller < pending.length; caller++)
    if (pending[caller] !== undefined && ((enabled >> caller) & 1) === 0) return true;
  return false;
}

function firstWoken(enabled: number, pending: readonly (Operation | undefined)[]): number {
  for (let caller = 0; caller < pending.length; caller++)
    if (pending[caller] === NOTHING && (enabled >> caller) & 1) return caller;
  return -1;
}
