/** Pairs of exports without a conflict, as far as the analysis, the runs and the host can tell. */

import { atomicPairs } from '../../analysis/atomicPairs.ts';
import { isWasi } from '../../analysis/host/hostFunctionOf.ts';
import type { Analysis } from '../../analysis/model.ts';
import { pairConfidence } from '../../analysis/pairConfidence.ts';
import { effectsOf } from '../../analysis/queries.ts';
import type { Module } from '../../wasm/module.ts';
import { type ExportPair, pairKey } from './exportPairs.ts';

/** Pairs that are kept. */
const MAX_PAIRS = 200;
/** Exports whose pairs are looked at. */
const MAX_PAIRED = 400;
/** With at most that many exports in scope, those that conflict with no other one are candidates, too. */
const FEW = 8;

/** Pairs without a conflict; `count` can be larger than the list, which ends at 200. */
export interface IndependentPairs {
  /** The first of them, an export with itself among them. */
  pairs: ExportPair[];
  /** How many there are. */
  count: number;
}

/**
 * Pairs of exports in scope that do not conflict, where at least one conflicts with another export.
 * `shownWrong`: keys of pairs; `free`: names of exports that conflict with nobody in scope, whose pairs need no
 * mention.
 */
export function independentPairs(
  module: Module,
  analysis: Analysis,
  { scope, shownWrong, free }: { scope: readonly number[]; shownWrong: ReadonlySet<string>; free: ReadonlySet<string> },
): IndependentPairs {
  const { of } = pairConfidence(analysis);
  const meetInAtomics = atomicPairs(analysis);
  const candidates = scope
    .filter((position) => analysis.exports[position].conflictCount > 0 || scope.length <= FEW)
    .slice(0, MAX_PAIRED);
  const pairs: ExportPair[] = [];
  let count = 0;
  for (const [i, a] of candidates.entries()) {
    for (const b of candidates.slice(i)) {
      const [x, y] = [analysis.exports[a], analysis.exports[b]];
      if (of(x.group, y.group) !== undefined || shownWrong.has(pairKey([x.name, y.name]))) continue;
      if (meetInAtomics(a, b) || hostDecides(module, analysis, a, b)) continue;
      if (x.conflictCount + y.conflictCount === 0 || (free.has(x.name) && free.has(y.name))) continue;
      count++;
      if (pairs.length < MAX_PAIRS) pairs.push([x.name, y.name]);
    }
  }
  return { pairs, count };
}

/** Two exports of which one calls into the host, which can change what the other one uses. */
function hostDecides(module: Module, analysis: Analysis, a: number, b: number): boolean {
  const exports = [a, b].map((position) => analysis.exports[position]);
  const imports = module.imports.filter(({ kind }) => kind === 'func');
  const callsOut = exports.some(({ func }) =>
    effectsOf(analysis, func).some((id) => {
      const { cell, access } = analysis.effects[id];
      const known = cell.kind === 'host' && cell.index !== undefined ? imports[cell.index] : undefined;
      return access === 'write' && known !== undefined && !isWasi(known);
    }),
  );
  return callsOut && !exports.some(({ class: kind }) => kind === 'pure');
}
