/** Exports that an export conflicts with, by the analysis. */

import type { Analysis } from '../../analysis/model.ts';
import { partnersOf } from '../../analysis/queries.ts';

const remembered = new WeakMap<Analysis, Map<number, readonly number[]>>();

/**
 * Positions of the exports that the one at `position` conflicts with, itself included where two of its calls do.
 * Members of a group have the same partners, so they are worked out once for each group of an analysis.
 */
export function conflictPartners(analysis: Analysis, position: number): readonly number[] {
  const known = remembered.get(analysis) ?? new Map<number, readonly number[]>();
  remembered.set(analysis, known);
  const { group } = analysis.exports[position];
  const found = known.get(group) ?? partnersOf(analysis, position);
  known.set(group, found);
  return found;
}
