/** Sets of exports that share state, and what runs and the analysis show of it. */
import type { StressResult } from '../stress/explore/result.ts';
import type { Evidence } from './advice.ts';
import { findingsOf, ruleEvidence } from './evidence.ts';
import { isHarmless } from './harmless.ts';
import { calledIn, conflictComponents, namesOf, raceExports, runsOf, type Subject, stateRaces } from './subject.ts';

/** Rules whose findings are about state that a lock around calls protects. */
const LOCKABLE = new Set([
  'memory-grow',
  'segment-drop',
  'global-write',
  'global-read',
  'stack-pointer',
  'static-memory-write',
  'memory-write',
  'memory-read',
  'mixed-atomics',
  'table-write',
  'table-read',
  'unknown-code',
]);

/** One set of exports that share state, and what is known of it. */
export interface Shared {
  positions: number[];
  /** Runs in which they went wrong. */
  wrong: StressResult[];
  /** All runs with one of them. */
  runs: StressResult[];
  because: Evidence[];
}

/** Sets of exports with a finding that a lock would answer: shown by runs, or by the analysis where nothing was run. */
export function sharedStates(subject: Subject): Shared[] {
  const { analysis, results, scope } = subject;
  const { exports } = analysis;
  const needing = scope.filter((position) => {
    const { name, hazards } = exports[position];
    const runs = runsOf(subject, name);
    if (runs.length > 0) return runs.some((result) => goesWrong(result, name));
    return exports[position].conflictCount > 0 && hazards.some(({ rule }) => LOCKABLE.has(rule));
  });
  const together = results.filter((result) => result.wrongOutcome && !isHarmless(result)).map(calledIn);
  return conflictComponents(subject, needing, together).map((positions) => {
    const names = new Set(namesOf(subject, positions));
    const runs = results.filter((result) => [...calledIn(result)].some((name) => names.has(name)));
    const wrong = runs.filter((result) => [...names].some((name) => goesWrong(result, name)));
    const shown = findingsOf(wrong, ({ kind }) => kind !== 'host');
    return { positions, runs, wrong, because: shown.length > 0 ? shown : rules(subject, positions, needing) };
  });
}

/** The worst finding of the analysis about each of the first exports. */
function rules({ analysis }: Subject, positions: readonly number[], needing: readonly number[]): Evidence[] {
  return positions
    .filter((position) => needing.includes(position))
    .slice(0, 2)
    .flatMap((position) => {
      const { name, hazards } = analysis.exports[position];
      const hazard = hazards.find(({ rule }) => LOCKABLE.has(rule));
      return hazard === undefined ? [] : [ruleEvidence(name, hazard)];
    });
}

/** Whether a run shows something about an export that a lock answers. */
function goesWrong(result: StressResult, name: string): boolean {
  if (isHarmless(result)) return false;
  const races = stateRaces(result);
  if (races.some((race) => raceExports(result, race).includes(name))) return true;
  // What is wrong without a race of its state is the host's doing only where the host races.
  return result.wrongOutcome && calledIn(result).has(name) && (races.length > 0 || result.races.length === 0);
}
