/** Exports that need no remedy: no other export writes what they read, or their own atomic accesses order them. */

import { isAtomic } from '../../analysis/cells.ts';
import type { Analysis, ExportClass } from '../../analysis/model.ts';
import { effectsOf } from '../../analysis/queries.ts';
import type { ExploredRun } from './exploredRun.ts';
import { conflictPartners } from './partners.ts';

/** Classes of exports that share no state that changes. */
const QUIET: readonly ExportClass[] = ['pure', 'reads-only'];

/** Exports of one class that conflict with no export in scope, themselves included. */
export interface FreeExports {
  class: ExportClass;
  /** Positions in `Analysis.exports`, at least one. */
  positions: number[];
  /** Positions of exports out of scope that change what these read. */
  writers: number[];
}

/** Pure exports first, then those that only read. `shownWrong`: names of exports that go wrong in a run. */
export function freeExports(
  analysis: Analysis,
  scope: readonly number[],
  shownWrong: ReadonlySet<string>,
): FreeExports[] {
  if (analysis.partial !== undefined) return [];
  const inScope = new Set(scope);
  const free = scope.filter(
    (position) =>
      !shownWrong.has(analysis.exports[position].name) &&
      conflictPartners(analysis, position).every((partner) => !inScope.has(partner)),
  );
  return QUIET.flatMap((kind) => {
    const positions = free.filter((position) => analysis.exports[position].class === kind);
    if (positions.length === 0) return [];
    const groups = new Map(positions.map((position) => [analysis.exports[position].group, position]));
    const writers = new Set([...groups.values()].flatMap((position) => conflictPartners(analysis, position)));
    return [{ class: kind, positions, writers: [...writers].sort((a, b) => a - b) }];
  });
}

/** Runs that are safe under every schedule and whose exports all have atomic accesses. */
export function synchronisedRuns(
  analysis: Analysis,
  runs: readonly ExploredRun[],
  shownWrong: ReadonlySet<string>,
): ExploredRun[] {
  if (analysis.model === 'isolated') return [];
  const isSynchronised = (name: string): boolean => {
    const found = analysis.exports.find((e) => e.name === name);
    if (found === undefined || shownWrong.has(name) || QUIET.includes(found.class)) return false;
    return effectsOf(analysis, found.func).some((id) => isAtomic(analysis.effects[id]));
  };
  return runs.filter(
    ({ result, called }) => result.verdict === 'safe' && result.exhaustive && [...called].every(isSynchronised),
  );
}
