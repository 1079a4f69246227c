/** Exports that need no remedy: no other export writes what they read. */

import type { Analysis, ExportClass } from '../../analysis/model.ts';
import { conflictPartners } from './partners.ts';

/** Classes of exports that share no state that changes. */
export const QUIET: readonly ExportClass[] = ['pure', 'reads-only'];

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
