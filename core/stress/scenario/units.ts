/**
 * Units: what has to look undivided. Either each call, so that a serial order may put calls of other callers between
 * two calls of one, or the whole sequence of calls that a caller makes.
 */
import { quoted } from '../../text/phrases.ts';
import { exportLabel } from '../../wasm/displayNames.ts';
import { callerName, type Scenario } from './scenario.ts';

/** - `call`: each call on its own - `sequence`: all calls of a caller together */
export type Unit = 'call' | 'sequence';

/** The units that a scenario can name besides `auto`. */
export const UNITS: readonly Unit[] = ['call', 'sequence'];

/**
 * The unit of a scenario: the one it names. Without one, calls of different exports by one caller are taken for a
 * protocol (store and read back, allocate and free, request and response), and repeated calls of one export are not.
 */
export function unitOf({ unit, callers }: Pick<Scenario, 'unit' | 'callers'>): Unit {
  if (unit !== 'auto') return unit;
  return callers.some((calls) => new Set(calls.map(([name]) => name)).size > 1) ? 'sequence' : 'call';
}

/** Where other callers came between two calls of one caller. */
interface Division {
  caller: number;
  /** The call before, as an index among the caller's; the next one comes after the others. */
  call: number;
  /** Callers that came between, in order, each once. */
  by: number[];
}

/** The first caller whose sequence a serial order of calls (`ABAB`) divides; undefined when it divides none. */
export function divisionOf(order: string): Division | undefined {
  const names = [...order];
  for (const [at, name] of names.entries()) {
    if (names[at + 1] === name) continue;
    const next = names.indexOf(name, at + 1);
    if (next < 0) continue;
    const by = [...new Set(names.slice(at + 1, next))].map(callerIndex);
    return { caller: callerIndex(name), call: names.slice(0, at).filter((other) => other === name).length, by };
  }
  return undefined;
}

/** Whether a serial order of calls leaves the calls of each caller together. */
export const isWhole = (order: readonly number[]): boolean => divisionOf(order.map(callerName).join('')) === undefined;

const callerIndex = (name: string): number => name.charCodeAt(0) - callerName(0).charCodeAt(0);

/** What a serial order of calls (`ABAB`) does to sequences: `` another caller came between `request` and `response` ``. */
export function divisionText({ callers }: Pick<Scenario, 'callers'>, order: string): string {
  const division = divisionOf(order);
  if (division === undefined) return 'no caller was divided';
  const { caller, call, by } = division;
  const [before, after] = [call, call + 1].map((k) => quoted(exportLabel({ name: callers[caller]?.[k]?.[0] ?? '' })));
  return `${by.length === 1 ? 'another caller' : 'other callers'} came between ${before} and ${after}`;
}
