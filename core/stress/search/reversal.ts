/**
 * What to explore so that of two steps that race the later one comes first: everything in the execution that does not
 * depend on the earlier step, and the later one.
 */
import type { Dependence } from '../run/dependence.ts';
import { dependent, type Operation } from '../run/operation.ts';

/** Stands for the later step of the race among the items of a sequence; the others are steps. */
const LATER = -1;

/** The reversal of one race of an execution; see the file's comment. */
export class Reversal {
  private readonly trace: Dependence;
  private readonly earlier: number;
  /** The later step's caller, what it was planned to do, its clock, and whether it is known what it will touch. */
  readonly laterCaller: number;
  private readonly planned: Operation;
  private readonly clocks: Int32Array;
  private readonly row: number;
  private readonly exact: boolean;
  /** Number of steps before the later one, and of its caller's among them. */
  private readonly at: number;
  private readonly ordinal: number;
  private sequence: number[] | undefined;

  /** @param race number of the race */
  constructor(trace: Dependence, race: number) {
    this.trace = trace;
    this.earlier = trace.raceEarlier[race];
    const n = trace.callers;
    const later = trace.raceLater[race];
    if (later >= 0) {
      this.laterCaller = trace.callerOf[later];
      this.planned = trace.planned[later];
      this.clocks = trace.known;
      this.row = later * n;
      this.exact = trace.exact[later];
      this.at = later;
      this.ordinal = trace.before[later * n + this.laterCaller];
    } else {
      const { caller, planned, clock, at } = trace.foreseen[~later];
      this.laterCaller = caller;
      this.planned = planned;
      this.clocks = clock;
      this.row = 0;
      // What follows it in the execution may depend on it.
      this.exact = false;
      this.at = at;
      this.ordinal = clock[caller];
    }
  }

  /** Decision of the earlier step. */
  get node(): number {
    return this.trace.nodeOf[this.earlier];
  }

  /** Mask of the callers of which one has to go first: the later step's, and those that it depends on. */
  get first(): number {
    const { trace, earlier } = this;
    const n = trace.callers;
    let mask = 1 << this.laterCaller;
    for (let q = 0; q < n; q++)
      if (q !== trace.callerOf[earlier] && this.clocks[this.row + q] > trace.before[earlier * n + q]) mask |= 1 << q;
    return mask;
  }

  /**
   * Mask of the callers that may go first in every execution that begins like this one up to the later step, and that
   * has the later step before the earlier one.
   */
  get initials(): number {
    const { trace, earlier } = this;
    const n = trace.callers;
    let mask = 0;
    for (let q = 0; q < n; q++) {
      if (q === trace.callerOf[earlier]) continue;
      const own = trace.before[earlier * n + q];
      if (q === this.laterCaller && this.ordinal === own) {
        if (this.exact && this.dependsOnNone()) mask |= 1 << q;
        continue;
      }
      const step = trace.stepsOf[q][own];
      if (step !== undefined && step < this.at && this.isFirst(step, q)) mask |= 1 << q;
    }
    return mask;
  }

  /** Whether a step depends on no other one from the earlier step of the race on. */
  private isFirst(step: number, caller: number): boolean {
    const { trace, earlier } = this;
    const n = trace.callers;
    for (let q = 0; q < n; q++)
      if (q !== caller && trace.known[step * n + q] > trace.before[earlier * n + q]) return false;
    return true;
  }

  /** The same of the later step, which depends on the earlier one. */
  private dependsOnNone(): boolean {
    const { trace, earlier, laterCaller } = this;
    const n = trace.callers;
    for (let q = 0; q < n; q++)
      if (
        q !== laterCaller &&
        q !== trace.callerOf[earlier] &&
        this.clocks[this.row + q] > trace.before[earlier * n + q]
      )
        return false;
    return true;
  }

  /** The sequence; see the file's comment. */
  get items(): number[] {
    if (this.sequence !== undefined) return this.sequence;
    const { trace, earlier, exact, at } = this;
    const n = trace.callers;
    const caller = trace.callerOf[earlier];
    const ordinal = trace.before[earlier * n + caller];
    const items: number[] = [];
    for (let step = earlier + 1; step < trace.steps; step++) {
      // Where it is not known what the later step will touch, the others come first: they are known.
      if (exact && step === at) items.push(LATER);
      if (trace.known[step * n + caller] <= ordinal) items.push(step);
    }
    if (!exact) items.push(LATER);
    this.sequence = items;
    return items;
  }

  /** Caller and operation of an item. */
  caller(item: number): number {
    return item === LATER ? this.laterCaller : this.trace.callerOf[item];
  }
  operation(item: number): Operation {
    return item === LATER ? this.planned : this.trace.performed[item];
  }

  /** Whether the item at `at` depends on none before it, among items that are left of the sequence. */
  isInitial(items: readonly number[], at: number): boolean {
    const item = items[at];
    for (let i = 0; i < at; i++) if (this.isBefore(items[i], item)) return false;
    return true;
  }

  private isBefore(a: number, b: number): boolean {
    const { trace } = this;
    const n = trace.callers;
    if (a === LATER) return false;
    const caller = trace.callerOf[a];
    const ordinal = trace.before[a * n + caller];
    if (b !== LATER) return trace.known[b * n + caller] > ordinal;
    if (this.clocks[this.row + caller] > ordinal) return true;
    return !this.exact && dependent(this.planned, trace.performed[a]);
  }

  /** Whether a caller that is about to do `op` may as well go before the whole sequence. */
  mayPrecede(caller: number, op: Operation): boolean {
    const { items } = this;
    const at = items.findIndex((item) => this.caller(item) === caller);
    if (at >= 0) return this.isInitial(items, at);
    return !items.some((item) => dependent(op, this.operation(item)));
  }
}
