/**
 * All interleavings of a random program, one by one: outcomes, deadlocks, and every pair of instructions that races in
 * one of them, by textbook vector clocks over the whole history. Slow and simple on purpose.
 */
import type { Program } from './program.ts';
import { type Access, type Effects, World } from './world.ts';

/**
 * What the oracle found over all interleavings of a program. Outcomes are strings that are equal for equal outcomes;
 * `serial` has those of orders of whole calls.
 */
export interface Verdicts {
  outcomes: Set<string>;
  serial: Set<string>;
  /** Orders of whole calls in which some call waits for ever. */
  stuckOrders: number;
  deadlock: boolean;
  /** `p:i q:j kind`: instruction `i` of caller `p` races with `j` of `q`, `p` < `q`. */
  races: Set<string>;
}

/** Undefined when there are more interleavings than `limit`. */
export function interpret(program: Program, limit: number): Verdicts | undefined {
  const verdicts: Verdicts = {
    outcomes: new Set(),
    serial: new Set(),
    stuckOrders: 0,
    deadlock: false,
    races: new Set(),
  };
  let left = limit;
  const explore = (world: World, history: History): boolean => {
    const enabled = world.enabled();
    if (enabled.length === 0) {
      if (--left < 0) return false;
      if (world.finished) verdicts.outcomes.add(world.outcome());
      else verdicts.deadlock = true;
      return true;
    }
    for (const p of enabled) {
      const next = world.clone();
      const instruction = next.callers[p].at;
      const effects = next.step(p);
      if (!explore(next, history.with(p, instruction, effects, verdicts.races))) return false;
    }
    return true;
  };
  if (!explore(new World(program), new History(program.callers.length))) return undefined;
  for (const order of permutations(program.callers.map((_, p) => p))) {
    const world = new World(program);
    const stuck = order.some((p) => {
      while (world.callers[p].result === undefined && world.enabled().includes(p)) world.step(p);
      return world.callers[p].result === undefined;
    });
    if (stuck) verdicts.stuckOrders++;
    else verdicts.serial.add(world.outcome());
  }
  return verdicts;
}

function permutations(items: readonly number[]): number[][] {
  if (items.length < 2) return [[...items]];
  return items.flatMap((first) => permutations(items.filter((one) => one !== first)).map((rest) => [first, ...rest]));
}

interface Event extends Access {
  caller: number;
  instruction: number;
  /** The caller's own clock when it happened. */
  clock: number;
}

/** Vector clocks and all accesses so far; a value, never changed. */
class History {
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

  /** The history after a step of `p`; races that it completes are added to `races`. */
  with(p: number, instruction: number, { accesses, sync, woken }: Effects, races: Set<string>): History {
    const clocks = this.clocks.map((clock) => [...clock]);
    // An acquire is ordered before the access itself: what was released is known to it.
    const known = sync?.acquire ? this.released.get(sync.place) : undefined;
    if (known !== undefined) clocks[p] = clocks[p].map((own, q) => Math.max(own, known[q]));
    const events = [...this.events];
    for (const access of accesses) {
      for (const event of this.events) {
        if (event.caller === p || event.cell !== access.cell || (!event.write && !access.write)) continue;
        if (event.atomic !== undefined && event.atomic === access.atomic) continue;
        // Ordered: the caller knows of the event.
        if (event.clock <= clocks[p][event.caller]) continue;
        const ends = [`${event.caller}:${event.instruction}`, `${p}:${instruction}`].sort();
        races.add(`${ends[0]} ${ends[1]} ${kindOf(access.cell)}`);
      }
      events.push({ ...access, caller: p, instruction, clock: clocks[p][p] });
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

function kindOf(cell: string): string {
  if (cell === 'extent') return 'memory.grow';
  if (cell === 'tableExtent') return 'table.grow';
  if (cell === 'segment') return 'segment';
  return { m: 'memory', g: 'global', t: 'table' }[cell[0]] ?? cell;
}
