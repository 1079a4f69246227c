/** Which exports a hammer test runs against each other. */

import { cellLabel } from '../analysis/cellText.ts';
import { confidenceRank } from '../analysis/confidence.ts';
import type { Analysis } from '../analysis/model.ts';
import { conflictOf, partnersOf } from '../analysis/queries.ts';
import type { Module } from '../wasm/module.ts';
import type { Surface, WrapExport } from './surface.ts';

/** An integer argument: 64 is an aligned address other than zero and a small number; exports that grow get one page. */
export const integerFor = ({ class: exportClass }: WrapExport): string => (exportClass === 'grows' ? '1' : '64');

/** Two exports that are called at the same time; `a` and `b` are the same object for an export with itself. */
export interface HammerPair {
  a: WrapExport;
  b: WrapExport;
  /** The cell that they conflict on, `global $count`; undefined if they do not conflict. */
  cell: string | undefined;
}

/** Pairs of one test, because each takes some seconds. */
const MAX_HAMMERED = 12;

/**
 * At most 12 pairs: those that conflict under the model of the analysis, the most certain first and among equals an
 * export with itself first; if there are none, each export with itself.
 */
export function hammerPairs(module: Module, analysis: Analysis, { exports }: Surface): HammerPair[] {
  const usable = exports.filter(({ name }) => name !== '_start').slice(0, MAX_HAMMERED * 4);
  const byPosition = new Map(usable.map((one) => [one.position, one]));
  const found: (HammerPair & { rank: number })[] = [];
  for (const a of usable) {
    for (const other of partnersOf(analysis, a.position)) {
      const b = byPosition.get(other);
      if (b === undefined || other < a.position) continue;
      const conflict = conflictOf(analysis, a.position, other, 1);
      if (conflict === undefined) continue;
      const effect = analysis.effects[conflict.effects[0][0]];
      const rank = confidenceRank(conflict.confidence) * 2 + (a === b ? 0 : 1);
      found.push({ a, b, cell: cellLabel(module, effect.cell), rank });
    }
  }
  if (found.length === 0) return usable.slice(0, MAX_HAMMERED).map((one) => ({ a: one, b: one, cell: undefined }));
  return found
    .sort((x, y) => x.rank - y.rank)
    .slice(0, MAX_HAMMERED)
    .map(({ a, b, cell }) => ({ a, b, cell }));
}
