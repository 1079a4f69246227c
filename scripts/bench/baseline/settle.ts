/** Measuring so that the noise of a shared machine does not look like a regression. */
import type { Area, Figures } from './baselineFile.ts';
import { isRegression } from './compare.ts';

/** One measurement, which may give several figures of an area. */
export interface Measurement {
  area: Area;
  /** The names of its figures. */
  names: readonly string[];
  measure(): Promise<Readonly<Record<string, number>>>;
}

/** How often a figure that looks worse is measured again. */
const MORE = 2;

/**
 * All figures. A measurement with a figure that would be a regression is repeated up to two times, and the least of each
 * figure counts: noise makes costs higher, never lower.
 */
export async function settle(
  measurements: readonly Measurement[],
  baseline: Figures,
  log: (line: string) => void,
): Promise<Figures> {
  const found: Partial<Record<Area, Record<string, number>>> = {};
  for (const { area, names, measure } of measurements) {
    log(`${area}: ${names.join(', ')} ...`);
    let best = await measure();
    for (let left = MORE; left > 0; left--) {
      const worse = Object.keys(best).filter((name) => isRegression({ old: baseline[area]?.[name], now: best[name] }));
      if (worse.length === 0) break;
      log(`${area}: ${worse.join(', ')} again ...`);
      best = least(best, await measure());
    }
    found[area] = { ...found[area], ...best };
  }
  return found;
}

const least = (
  one: Readonly<Record<string, number>>,
  other: Readonly<Record<string, number>>,
): Record<string, number> =>
  Object.fromEntries(Object.entries(one).map(([name, n]) => [name, Math.min(n, other[name] ?? n)]));

/** Figures for a baseline: the middle of three measurements each. */
export async function typical(measurements: readonly Measurement[], log: (line: string) => void): Promise<Figures> {
  const found: Partial<Record<Area, Record<string, number>>> = {};
  for (const { area, names, measure } of measurements) {
    log(`${area}: ${names.join(', ')}, three times ...`);
    const runs = [await measure(), await measure(), await measure()];
    const middle = (name: string): number => runs.map((run) => run[name]).sort((a, b) => a - b)[1];
    found[area] = {
      ...found[area],
      ...Object.fromEntries(Object.keys(runs[0]).map((name) => [name, middle(name)])),
    };
  }
  return found;
}
