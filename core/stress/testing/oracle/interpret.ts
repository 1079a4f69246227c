/**
 * All interleavings of a program, one by one: outcomes, deadlocks, and every pair of instructions that races in one of
 * them. Slow and simple on purpose.
 */
import { type Event, History } from './history.ts';
import type { Instruction, Program } from './program.ts';
import { step } from './step.ts';
import { World } from './world.ts';

/** Operations that damage the host itself when they meet, on a host that has such. */
export type Hazard = 'memory-growth' | 'table-growth' | 'segment-drop' | 'ref-func';

/**
 * What the oracle found over all interleavings of a program. Outcomes are strings that are equal for equal outcomes;
 * `serial` has those of orders of whole calls.
 */
export interface Verdicts {
  outcomes: Set<string>;
  serial: Set<string>;
  /** Results of calls alone, as JSON: of all outcomes, and of the serial ones. */
  results: Set<string>;
  serialResults: Set<string>;
  /** Orders of whole calls in which some call waits for ever. */
  stuckOrders: number;
  deadlock: boolean;
  /** `0.0:1 1.0:2 kind`: instruction 1 of call 0 of caller 0 races with instruction 2 of call 0 of caller 1. */
  races: Set<string>;
  /** On wazero. */
  hazards: Set<Hazard>;
}

/** Undefined when there are more interleavings than `limit`. */
export function interpret(program: Program, limit: number): Verdicts | undefined {
  const verdicts: Verdicts = {
    outcomes: new Set(),
    serial: new Set(),
    results: new Set(),
    serialResults: new Set(),
    stuckOrders: 0,
    deadlock: false,
    races: new Set(),
    hazards: new Set(),
  };
  const meet = (a: Event, b: Event): void => {
    const hazard = hazardOf(program, a, b);
    if (hazard !== undefined) verdicts.hazards.add(hazard);
    const kind = kindOf(a.cell);
    if (kind !== undefined) verdicts.races.add(`${[a.instruction, b.instruction].sort().join(' ')} ${kind}`);
  };
  let left = limit;
  const explore = (world: World, history: History): boolean => {
    const enabled = world.enabled();
    if (enabled.length === 0) {
      if (--left < 0) return false;
      if (world.finished) {
        verdicts.outcomes.add(world.outcome());
        verdicts.results.add(JSON.stringify(world.results()));
      } else verdicts.deadlock = true;
      return true;
    }
    for (const p of enabled) {
      const next = world.clone();
      const { call, at } = next.callers[p];
      const effects = step(next, p);
      if (!explore(next, history.with(p, `${p}.${call}:${at}`, effects, meet))) return false;
    }
    return true;
  };
  if (!explore(new World(program), new History(program.callers.length))) return undefined;
  for (const order of ordersOf(program.callers.map((calls) => calls.length))) {
    const world = new World(program);
    const wanted = program.callers.map(() => 0);
    const stuck = order.some((p) => {
      wanted[p]++;
      const returned = (): boolean => world.callers[p].results.length >= wanted[p];
      while (!returned() && world.enabled().includes(p)) step(world, p);
      return !returned();
    });
    if (stuck) verdicts.stuckOrders++;
    else {
      verdicts.serial.add(world.outcome());
      verdicts.serialResults.add(JSON.stringify(world.results()));
    }
  }
  return verdicts;
}

/** All orders of whole calls: lists of callers, those of one caller in its order. */
function ordersOf(counts: readonly number[]): number[][] {
  if (counts.every((n) => n === 0)) return [[]];
  return counts.flatMap((n, p) =>
    n === 0 ? [] : ordersOf(counts.map((m, q) => (q === p ? m - 1 : m))).map((rest) => [p, ...rest]),
  );
}

/** The kind of race on a cell; undefined for state of the host alone. */
function kindOf(cell: string): string | undefined {
  if (cell === 'references') return undefined;
  if (cell.startsWith('extent')) return 'memory.grow';
  if (cell.startsWith('tableExtent')) return 'table.grow';
  if (cell.startsWith('segment')) return 'segment';
  return { m: 'memory', g: 'global', t: 'table' }[cell[0]] ?? cell;
}

function hazardOf(program: Program, a: Event, b: Event): Hazard | undefined {
  const sizesOnly = [a, b].some(
    (event) => !event.write && /\.(size|grow)$/.test(instructionAt(program, event.instruction).op),
  );
  switch (kindOf(a.cell)) {
    case undefined:
      return 'ref-func';
    case 'memory.grow':
      return sizesOnly ? undefined : 'memory-growth';
    case 'table.grow':
      return sizesOnly ? undefined : 'table-growth';
    case 'segment':
      return a.write && b.write ? undefined : 'segment-drop';
    default:
      return undefined;
  }
}

function instructionAt({ callers }: Program, name: string): Instruction {
  const [p, call, at] = name.split(/[.:]/).map(Number);
  return callers[p][call][at];
}
