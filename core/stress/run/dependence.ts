/**
 * *Dependence* of the operations of one execution, for partial-order reduction: a vector clock for each, and which
 * earlier operations could have come later.
 * Source: Flanagan, Godefroid: Dynamic partial-order reduction for model checking software, POPL 2005
 */

/**
 * An operation could have come before what was decided at `node`; `first`: mask of the callers of which one has to go
 * first there, because the operation is theirs or depends on what they do in between.
 */
export type Reversible = (node: number, first: number) => void;

/** The order of the events of the current execution by dependence. */
export class Dependence {
  /** Whether it is kept. */
  tracks = false;
  private readonly callers: number;
  /** By event; kept by the history. */
  private readonly byCaller: readonly number[];
  private readonly byNode: readonly number[];
  private readonly reversible: Reversible;
  private readonly ordinal: number[] = [];
  private known = new Int32Array(1024);
  /** Number of events of each caller before an event. */
  private before = new Int32Array(1024);
  /** Row of caller `p` at `p * callers`. */
  private readonly clocks: Int32Array;
  private readonly counts: Int32Array;
  private readonly joins: number[] = [];

  constructor(callers: number, byCaller: readonly number[], byNode: readonly number[], reversible: Reversible) {
    this.callers = callers;
    this.byCaller = byCaller;
    this.byNode = byNode;
    this.reversible = reversible;
    this.clocks = new Int32Array(callers * callers);
    this.counts = new Int32Array(callers);
  }

  begin(): void {
    this.ordinal.length = 0;
    this.clocks.fill(0);
    this.counts.fill(0);
  }

  /** An operation is about to happen. */
  open(event: number, caller: number): void {
    if (this.tracks) this.keepCounts(event);
    this.ordinal.push(this.counts[caller]++);
  }

  /** Orders `to` after `from`, which has woken it. */
  wake(from: number, to: number): void {
    const n = this.callers;
    for (let q = 0; q < n; q++) this.clocks[to * n + q] = Math.max(this.clocks[to * n + q], this.clocks[from * n + q]);
  }

  /** The operation of `caller` depends on an earlier one and is ordered after it from now on. */
  on(earlier: number, caller: number): void {
    if (!this.tracks) return;
    const n = this.callers;
    const q = this.byCaller[earlier];
    if (this.ordinal[earlier] >= this.clocks[caller * n + q]) {
      if (this.joins.at(-1) === earlier) return;
      // All reversible events are found with the clock as it was before the operation.
      this.joins.push(earlier);
    }
  }

  private keepCounts(event: number): void {
    const n = this.callers;
    if ((event + 1) * n > this.before.length) this.before = doubled(this.before);
    this.before.set(this.counts, event * n);
  }

  /** Orders `caller` after the events found, and reports which of them could have come later. */
  orderBehind(caller: number): void {
    const n = this.callers;
    const row = caller * n;
    for (const earlier of this.joins) {
      for (let q = 0; q < n; q++) this.clocks[row + q] = Math.max(this.clocks[row + q], this.known[earlier * n + q]);
    }
    for (const earlier of this.joins) {
      let first = 1 << caller;
      for (let q = 0; q < n; q++) {
        const between = this.clocks[row + q] > this.before[earlier * n + q];
        if (between && q !== this.byCaller[earlier]) first |= 1 << q;
      }
      this.reversible(this.byNode[earlier], first);
    }
    this.joins.length = 0;
  }

  /** The operation has happened: what it depends on is known. */
  close(event: number, caller: number): void {
    const n = this.callers;
    const row = caller * n;
    this.orderBehind(caller);
    this.clocks[row + caller] = this.ordinal[event] + 1;
    if ((event + 1) * n > this.known.length) this.known = doubled(this.known);
    this.known.set(this.clocks.subarray(row, row + n), event * n);
  }
}

function doubled(list: Int32Array<ArrayBuffer>): Int32Array<ArrayBuffer> {
  const larger = new Int32Array(list.length * 2);
  larger.set(list);
  return larger;
}
