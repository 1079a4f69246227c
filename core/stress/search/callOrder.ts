/**
 * The serial order of calls that an execution is equivalent to. Operations that do not depend on one another commute, so
 * an execution is equivalent to a serial one exactly if the dependence of its calls has no circle: a call depends on
 * another one if some operation of it does.
 */
import type { Dependence } from '../run/dependence.ts';

/** Most groups of calls that are ordered. */
const MAX_GROUPS = 128;

/** Calls that belong together: `lengths[caller]` calls of a caller in a row. */
class Groups {
  /** Number of the first group of each caller, and of all groups. */
  private readonly first: number[] = [];
  readonly count: number;
  private readonly lengths: readonly number[];
  private readonly calls: readonly number[];
  /** 1 at `before * count + after`. */
  private readonly edges: Uint8Array;
  private readonly unmet: Int32Array;

  constructor(calls: readonly number[], lengths: readonly number[]) {
    this.calls = calls;
    this.lengths = lengths;
    let count = 0;
    for (const [caller, made] of calls.entries()) {
      this.first.push(count);
      count += Math.ceil(made / lengths[caller]);
    }
    this.count = count;
    this.edges = new Uint8Array(count * count);
    this.unmet = new Int32Array(count);
  }

  private of(caller: number, call: number): number {
    return this.first[caller] + Math.floor(call / this.lengths[caller]);
  }

  private add(before: number, after: number): void {
    const edge = before * this.count + after;
    if (before === after || this.edges[edge] === 1) return;
    this.edges[edge] = 1;
    this.unmet[after]++;
  }

  /** What the steps of the execution order. */
  private relate(trace: Dependence): void {
    const n = trace.callers;
    this.edges.fill(0);
    this.unmet.fill(0);
    for (const [caller, made] of this.calls.entries())
      for (let call = 1; call < made; call++) this.add(this.of(caller, call - 1), this.of(caller, call));
    for (let step = 0; step < trace.steps; step++) {
      const caller = trace.callerOf[step];
      const group = this.of(caller, trace.callOf[step]);
      for (let q = 0; q < n; q++) {
        const known = q === caller ? 0 : trace.known[step * n + q];
        // What comes before that step of the caller is ordered by the caller.
        if (known > 0) this.add(this.of(q, trace.callOf[trace.stepsOf[q][known - 1]]), group);
      }
    }
  }

  /** A caller for each call, callers with low numbers first; undefined if there is a circle. */
  order(trace: Dependence): number[] | undefined {
    this.relate(trace);
    const { count, calls, lengths, edges, unmet } = this;
    const done = calls.map(() => 0);
    const order: number[] = [];
    for (let left = count; left > 0; left--) {
      const caller = calls.findIndex((made, q) => done[q] < made && unmet[this.of(q, done[q])] === 0);
      if (caller < 0) return undefined;
      const group = this.of(caller, done[caller]);
      for (let after = 0; after < count; after++) if (edges[group * count + after] === 1) unmet[after]--;
      const next = Math.min(calls[caller], done[caller] + lengths[caller]);
      for (; done[caller] < next; done[caller]++) order.push(caller);
    }
    return order;
  }
}

/** Finds the serial orders of executions; see the file's comment. */
export class CallOrders {
  private readonly calls: Groups;
  private readonly units: Groups;

  /** @param calls number of calls of each caller  @param lengths how many of them in a row belong together */
  constructor(calls: readonly number[], lengths: readonly number[]) {
    this.calls = new Groups(
      calls,
      calls.map(() => 1),
    );
    this.units = new Groups(calls, lengths);
  }

  /** Whether there are few enough calls. */
  get possible(): boolean {
    return this.calls.count <= MAX_GROUPS;
  }

  /**
   * A serial order that an execution in which all calls returned is equivalent to, as a caller for each call; undefined
   * if there is none. `whole`: it leaves those together that belong together.
   */
  of(trace: Dependence): { order: number[]; whole: boolean } | undefined {
    const whole = this.units.order(trace);
    if (whole !== undefined) return { order: whole, whole: true };
    const order = this.calls.order(trace);
    return order && { order, whole: false };
  }
}
