/** Which exports a hammer test runs against each other. */

import { cellLabel } from '../analysis/cellText.ts';
import { confidenceRank } from '../analysis/confidence.ts';
import type { Analysis } from '../analysis/model.ts';
import { conflictOf, partnersOf } from '../analysis/queries.ts';
import type { Module } from '../wasm/module.ts';
import type { Surface, WrapExport } from './surface.ts';

/** An argument that is an aligned address beyond zero as well as a small number; pages to grow by are fewer. */
export const integerFor = ({ class: exportClass }: WrapExport): string => (exportClass === 'grows' ? '1' : '64');

export interface HammerPair {
  a: WrapExport;
  b: WrapExport;
  /** The cell that they meet in, `global $count`; undefined: they do not conflict. */
  cell: string | undefined;
}

/** Pairs of one test: each takes a while. */
const MAX_HAMMERED = 12;

/** Conflicting pairs, an export with itself first, then the surest; where there are none, exports with themselves. */
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
