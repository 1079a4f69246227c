/** Textbook vector clocks over the whole history of an execution; a value, never changed. */
import type { Access, Effects } from './world.ts';

/** An access that has happened. */
export interface Event extends Access {
  caller: number;
  /** `0.1:2`: caller, call, and which instruction of it. */
  instruction: string;
  /** The caller's own clock when it happened. */
  clock: number;
}

/** Called for two accesses of one cell by different callers, one of them writing, that nothing orders. */
export type Unordered = (earlier: Event, later: Event) => void;

/** Vector clocks and all accesses so far. */
export class History {
  private readonly clocks: number[][];
  private readonly released: ReadonlyMap<string, readonly number[]>;
  private readonly events: readonly Event[];

  constructor(
    callers: number,
    clocks?: number[][],
    released: ReadonlyMap<string, readonly number[]> = new Map(),
    events: readonly Event[] = [],
  ) {
    this.clocks =
      clocks ?? Array.from({ length: callers }, (_, p) => Array.from({ length: callers }, (_, q) => +(p === q)));
    this.released = released;
    this.events = events;
  }

  /** The history after a step of `p`; `unordered` is told of each race that the step completes. */
  with(p: number, instruction: string, { accesses, sync, woken }: Effects, unordered: Unordered): History {
    const clocks = this.clocks.map((clock) => [...clock]);
    // An acquire is ordered before the access itself: what was released is known to it.
    const known = sync?.acquire ? this.released.get(sync.place) : undefined;
    if (known !== undefined) clocks[p] = clocks[p].map((own, q) => Math.max(own, known[q]));
    const events = [...this.events];
    for (const access of accesses) {
      const event: Event = { ...access, caller: p, instruction, clock: clocks[p][p] };
      for (const before of this.events) {
        if (before.caller === p || before.cell !== access.cell || (!before.write && !access.write)) continue;
        if (before.atomic !== undefined && before.atomic === access.atomic) continue;
        // Ordered: the caller knows of it.
        if (before.clock <= clocks[p][before.caller]) continue;
        unordered(before, event);
      }
      events.push(event);
    }
    const released = new Map(this.released);
    if (sync?.release) {
      released.set(sync.place, [...clocks[p]]);
      clocks[p][p]++;
    }
    for (const q of woken) clocks[q] = clocks[q].map((own, r) => Math.max(own, clocks[p][r]));
    if (woken.length > 0) clocks[p][p]++;
    return new History(clocks.length, clocks, released, events);
  }
}
