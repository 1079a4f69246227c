/**
 * *Dependence* of the operations of one execution, for partial-order reduction. A *step* is what happened at one decision:
 * an operation, and what an imported function touched in it. Each step has a vector clock; two steps *race* when one
 * depends on the other with no third between them.
 * Source: Flanagan, Godefroid: Dynamic partial-order reduction for model checking software, POPL 2005
 */
import { NOTHING, type Operation, touchesAsPlanned } from './operation.ts';

/** An operation that an execution did not perform, but could have performed earlier. */
export interface Foreseen {
  caller: number;
  planned: Operation;
  /** Steps of each caller that it depends on. */
  clock: Int32Array;
  /** Number of steps before it. */
  at: number;
}

/** The steps of the current execution and their order by dependence. */
export class Dependence {
  /** Whether it is kept. */
  tracks = false;
  readonly callers: number;
  /** Number of steps. */
  steps = 0;
  /** By step: its caller, the caller's call, its decision, what it touched, and whether that is all that it could have touched. */
  readonly callerOf: number[] = [];
  readonly callOf: number[] = [];
  readonly nodeOf: number[] = [];
  readonly performed: Operation[] = [];
  readonly planned: Operation[] = [];
  readonly exact: boolean[] = [];
  /** By caller: its steps. */
  readonly stepsOf: number[][];
  /** Races: the earlier step, and the later one or, as `~i`, the foreseen operation `i`. In the order of the later ones. */
  readonly raceEarlier: number[] = [];
  readonly raceLater: number[] = [];
  readonly foreseen: Foreseen[] = [];
  /** Row of step `s` at `s * callers`: steps of each caller that it depends on, itself included. */
  known = new Int32Array(1024);
  /** Number of steps of each caller before a step. */
  before = new Int32Array(1024);
  /** By event of the history. */
  private readonly stepOf: number[] = [];
  /** Row of caller `p` at `p * callers`. */
  private readonly clocks: Int32Array;
  private readonly counts: Int32Array;
  private readonly joins: number[] = [];

  constructor(callers: number) {
    this.callers = callers;
    this.clocks = new Int32Array(callers * callers);
    this.counts = new Int32Array(callers);
    this.stepsOf = Array.from({ length: callers }, () => []);
  }

  begin(): void {
    this.clocks.fill(0);
    this.counts.fill(0);
    if (this.steps === 0) return;
    this.steps = 0;
    const { callerOf, callOf, nodeOf, performed, planned, exact, raceEarlier, raceLater, foreseen, stepOf } = this;
    for (const list of [callerOf, callOf, nodeOf, performed, planned, exact, raceEarlier, raceLater, foreseen, stepOf])
      list.length = 0;
    for (const list of this.stepsOf) list.length = 0;
  }

  /** What was performed at a decision, if that is the last one that performed something. */
  performedAt(node: number): Operation {
    const last = this.steps - 1;
    return last >= 0 && this.nodeOf[last] === node ? this.performed[last] : NOTHING;
  }

  /** An operation happens now: event `event` of the history, at decision `node`. */
  open(event: number, caller: number, call: number, node: number, op: Operation, planned: Operation): void {
    const last = this.steps - 1;
    if (last >= 0 && this.nodeOf[last] === node && this.callerOf[last] === caller) {
      this.stepOf[event] = last;
      const { touches, wild } = this.performed[last];
      this.performed[last] = { ...op, touches: [...touches, ...op.touches], wild: wild || op.wild };
      this.planned[last] = { ...this.planned[last], wild: true };
      this.exact[last] = false;
      return;
    }
    const step = this.steps++;
    const n = this.callers;
    if ((step + 1) * n > this.before.length) this.before = doubled(this.before);
    for (let q = 0; q < n; q++) this.before[step * n + q] = this.counts[q];
    this.counts[caller]++;
    this.callerOf.push(caller);
    this.callOf.push(call);
    this.nodeOf.push(node);
    this.performed.push(op);
    this.planned.push(planned);
    this.exact.push(!op.wild && touchesAsPlanned(op, planned));
    this.stepsOf[caller].push(step);
    this.stepOf[event] = step;
  }

  /** Orders `to` after `from`, which has woken it. */
  wake(from: number, to: number): void {
    const n = this.callers;
    for (let q = 0; q < n; q++) this.clocks[to * n + q] = Math.max(this.clocks[to * n + q], this.clocks[from * n + q]);
  }

  /** The operation of `caller` depends on an earlier event. */
  on(earlier: number, caller: number): void {
    if (!this.tracks) return;
    const step = this.stepOf[earlier];
    const n = this.callers;
    const q = this.callerOf[step];
    if (this.before[step * n + q] < this.clocks[caller * n + q] || this.joins.includes(step)) return;
    // All races are found with the clock as it was before the operation.
    this.joins.push(step);
  }

  /** What was opened has touched all that it touches. */
  close(event: number, caller: number): void {
    const n = this.callers;
    const row = caller * n;
    const step = this.stepOf[event];
    this.findRaces(step);
    this.join(this.clocks, row);
    this.joins.length = 0;
    this.clocks[row + caller] = this.before[step * n + caller] + 1;
    if ((step + 1) * n > this.known.length) this.known = doubled(this.known);
    for (let q = 0; q < n; q++) this.known[step * n + q] = this.clocks[row + q];
  }

  /** An operation could have come before what it depends on, but this execution does not perform it. */
  foresee(caller: number, planned: Operation): void {
    if (this.joins.length === 0) return;
    const n = this.callers;
    const clock = this.clocks.slice(caller * n, (caller + 1) * n);
    this.findRaces(~this.foreseen.length);
    this.join(clock, 0);
    this.joins.length = 0;
    this.foreseen.push({ caller, planned, clock, at: this.steps });
  }

  private join(clocks: Int32Array, row: number): void {
    const n = this.callers;
    for (const earlier of this.joins)
      for (let q = 0; q < n; q++) clocks[row + q] = Math.max(clocks[row + q], this.known[earlier * n + q]);
  }

  /** Notes a race with each step that was met, unless another one of them depends on it. */
  private findRaces(later: number): void {
    const n = this.callers;
    for (const earlier of this.joins) {
      const q = this.callerOf[earlier];
      const ordinal = this.before[earlier * n + q];
      if (this.joins.some((other) => other !== earlier && this.known[other * n + q] > ordinal)) continue;
      this.raceEarlier.push(earlier);
      this.raceLater.push(later);
    }
  }
}

function doubled(list: Int32Array<ArrayBuffer>): Int32Array<ArrayBuffer> {
  const larger = new Int32Array(list.length * 2);
  larger.set(list);
  return larger;
}
