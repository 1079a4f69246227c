/** What advice is given about: exports of an analysed module, and the runs that tell of them. */

import type { Analysis } from '../analysis/model.ts';
import { partnersOf } from '../analysis/queries.ts';
import { quoted } from '../analysis/wordingCells.ts';
import { listOf } from '../analysis/wordingLists.ts';
import type { HostProfile } from '../hosts/profile.ts';
import type { RaceReport, StressResult } from '../stress/explore/result.ts';
import { exportLabel } from '../wasm/displayNames.ts';
import type { Module } from '../wasm/module.ts';

export interface Subject {
  module: Module;
  analysis: Analysis;
  profile: HostProfile;
  /** Explorations under the model of the analysis. */
  results: readonly StressResult[];
  /** Positions in `Analysis.exports` that advice is wanted about, in order. */
  scope: readonly number[];
}

/** Export names that a sentence has. */
export const MAX_NAMES = 4;

export const namesOf = ({ analysis }: Pick<Subject, 'analysis'>, positions: readonly number[]): string[] =>
  positions.map((position) => analysis.exports[position].name);

/** `` `a`, `b` and 3 more ``. */
export const exportsText = (
  { analysis }: Pick<Subject, 'analysis'>,
  positions: readonly number[],
  joiner: 'and' | 'or' = 'and',
): string =>
  listOf(
    positions.slice(0, MAX_NAMES).map((position) => quoted(exportLabel(analysis.exports[position]))),
    MAX_NAMES,
    joiner,
    positions.length,
  );

/** Advice of a profile goes on where ours ends, which leaves room for one sentence of it. */
export const firstSentence = (text: string): string => /^.*?[.!](?= [A-Z]|$)/.exec(text)?.[0] ?? text;

/** Names of the exports that callers call, each once. */
export const calledIn = ({ scenario }: Pick<StressResult, 'scenario'>): Set<string> =>
  new Set(scenario.callers.flatMap((calls) => calls.map(([name]) => name)));

/** Names of the exports of both parties of a race. */
export const raceExports = ({ scenario }: Pick<StressResult, 'scenario'>, { a, b }: RaceReport): string[] =>
  [a, b].flatMap(({ caller, call }) => scenario.callers[caller]?.[call]?.[0] ?? []);

/** Races of the module's own state; those of the host are for the host to solve. */
export const stateRaces = ({ races }: Pick<StressResult, 'races'>): RaceReport[] =>
  races.filter(({ kind }) => kind !== 'host');

/** Exports that some run shows in a race, in a wrong outcome or in a hang. */
export function shownWrong({ results }: Pick<Subject, 'results'>): Set<string> {
  const names = new Set<string>();
  for (const result of results) {
    for (const race of result.races) for (const name of raceExports(result, race)) names.add(name);
    if (result.wrongOutcome || result.hang !== null) for (const name of calledIn(result)) names.add(name);
  }
  return names;
}

/** Runs that can say something about an export. */
export const runsOf = ({ results }: Pick<Subject, 'results'>, name: string): StressResult[] =>
  results.filter((result) => result.verdict !== 'inconclusive' && calledIn(result).has(name));

const remembered = new WeakMap<Analysis, Map<number, readonly number[]>>();

/** Positions of the exports that an export conflicts with; the same for all of its group, and worked out once. */
export function partners({ analysis }: Pick<Subject, 'analysis'>, position: number): readonly number[] {
  const known = remembered.get(analysis) ?? new Map<number, readonly number[]>();
  remembered.set(analysis, known);
  const { group } = analysis.exports[position];
  const found = known.get(group) ?? partnersOf(analysis, position);
  known.set(group, found);
  return found;
}

/** Above that, everything counts as belonging together. */
const MAX_GROUPS = 500;

/**
 * Sets of exports that belong into one critical section: those of `positions`, and whoever conflicts with them, directly
 * or through others, or whom a run shows wrong together with them: atomic accesses conflict with nobody, and yet their
 * sequences can. Exports that only the host could make conflict are left out.
 */
export function conflictComponents(
  { analysis }: Pick<Subject, 'analysis'>,
  positions: readonly number[],
  shownTogether: readonly ReadonlySet<string>[],
): number[][] {
  const { exports, groups } = analysis;
  const counts = (position: number): boolean => exports[position].class !== 'host-dependent';
  if (groups.length > MAX_GROUPS) {
    const all = exports.flatMap((e, position) => (e.conflictCount > 0 && counts(position) ? [position] : []));
    return positions.length === 0 ? [] : [[...new Set([...positions, ...all])].sort((a, b) => a - b)];
  }
  const seen = new Set<number>();
  const components: number[][] = [];
  for (const start of positions) {
    if (seen.has(start)) continue;
    const found = [start];
    seen.add(start);
    const doneGroups = new Set<number>();
    for (const position of found) {
      // Members of a group have the same partners.
      const alike = doneGroups.has(exports[position].group);
      doneGroups.add(exports[position].group);
      const companies = shownTogether.filter((names) => names.has(exports[position].name));
      const linked =
        companies.length === 0
          ? []
          : positions.filter((other) => companies.some((names) => names.has(exports[other].name)));
      for (const partner of [...linked, ...(alike ? [] : partners({ analysis }, position))]) {
        if (seen.has(partner) || !counts(partner)) continue;
        seen.add(partner);
        found.push(partner);
      }
    }
    components.push(found.sort((a, b) => a - b));
  }
  return components;
}
