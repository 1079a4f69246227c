/** One exploration, and what advice asks of it. */

import type { RaceReport, StressResult } from '../../stress/explore/result.ts';
import { isInstantiation } from '../../stress/scenario/instantiation.ts';
import { callsOf } from '../../stress/scenario/steps.ts';
import { type ExportPair, pairKey, pairsOf } from './exportPairs.ts';

/** A result with the exports that its callers call. Setup and probe are not counted. */
export interface ExploredRun {
  result: StressResult;
  /** Names of the exports that callers call. */
  called: ReadonlySet<string>;
  /** Pairs of exports that different callers call, each once. */
  pairs: readonly ExportPair[];
}

/** Takes the exports and pairs from the scenario of a result. */
export function exploredRun(result: StressResult): ExploredRun {
  const called = new Set(result.scenario.callers.flatMap(callsOf));
  return { result, called, pairs: pairsOf(result.scenario) };
}

/** Names of the exports of both parties of a race. */
export const raceExports = (
  { scenario }: Pick<StressResult, 'scenario'>,
  { a, b }: Pick<RaceReport, 'a' | 'b'>,
): string[] => [a, b].flatMap(({ caller, call }) => callsOf(scenario.callers[caller]?.slice(call, call + 1) ?? []));

/** Whether one party of a race is the instantiation of the module: no export that calls could be kept away from. */
export const meetsInstantiation = (result: Pick<StressResult, 'scenario'>, { a, b }: RaceReport): boolean =>
  [a, b].some(({ caller, call }) => {
    const made = result.scenario.callers[caller]?.[call];
    return made !== undefined && isInstantiation(made);
  });

/** Whether a caller of a run instantiates the module beside the calls of the others. */
export const instantiates = ({ scenario }: Pick<StressResult, 'scenario'>): boolean =>
  scenario.callers.some(([first]) => first !== undefined && isInstantiation(first));

/** Names of the exports in those races of some runs that `counts`. */
export const exportsInRaces = (
  runs: readonly ExploredRun[],
  counts: (race: RaceReport) => boolean,
): ReadonlySet<string> =>
  new Set(runs.flatMap(({ result }) => result.races.filter(counts).flatMap((race) => raceExports(result, race))));

/** Names of the exports that some runs call. */
export const calledBy = (runs: readonly ExploredRun[]): ReadonlySet<string> =>
  new Set(runs.flatMap(({ called }) => [...called]));

/** Exports that some run shows in a race, in a host hazard, in an outcome that is not serial, or in a hang. */
export function shownWrong(runs: readonly ExploredRun[]): ReadonlySet<string> {
  const names = new Set(exportsInRaces(runs, () => true));
  for (const { result, called } of runs) {
    for (const hazard of result.hostHazards) for (const name of raceExports(result, hazard)) names.add(name);
    if (result.wrongOutcome || result.hang !== null || result.privateState !== null)
      for (const name of called) names.add(name);
  }
  return names;
}

/**
 * Keys of the pairs that race, that damage the host, that hang, or that give an outcome which is not serial without any
 * race.
 */
export function pairsShownWrong(runs: readonly ExploredRun[]): ReadonlySet<string> {
  const keys = new Set<string>();
  for (const { result, pairs } of runs) {
    for (const race of [...result.races, ...result.hostHazards]) {
      const [a, b] = raceExports(result, race);
      if (a !== undefined && b !== undefined) keys.add(pairKey([a, b]));
    }
    const { wrongOutcome, races, hang, privateState } = result;
    if ((wrongOutcome && races.length === 0) || hang !== null || privateState !== null)
      for (const pair of pairs) keys.add(pairKey(pair));
  }
  return keys;
}
