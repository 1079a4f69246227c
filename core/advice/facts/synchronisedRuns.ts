/** Exports that their own atomic accesses order, as safe runs show. */

import { atomicPairs } from '../../analysis/atomicPairs.ts';
import { isAtomic } from '../../analysis/cells.ts';
import type { Analysis } from '../../analysis/model.ts';
import { pairConfidence } from '../../analysis/pairConfidence.ts';
import { effectsOf } from '../../analysis/queries.ts';
import { calledBy, type ExploredRun } from './exploredRun.ts';
import { type ExportPair, pairKey } from './exportPairs.ts';
import { QUIET } from './freeExports.ts';

/**
 * Runs that are safe under every schedule and whose exports all have atomic accesses, without those of exports of which
 * some pair was not run: a pair that conflicts or meets in atomics, an export with itself among them.
 * `shownWrong`: names of exports that go wrong in a run.
 */
export function synchronisedRuns(
  analysis: Analysis,
  runs: readonly ExploredRun[],
  shownWrong: ReadonlySet<string>,
): ExploredRun[] {
  if (analysis.model === 'isolated') return [];
  const { exports } = analysis;
  const positions = new Map(exports.map(({ name }, position) => [name, position]));
  const isSynchronised = (name: string): boolean => {
    const position = positions.get(name);
    if (position === undefined || shownWrong.has(name) || QUIET.includes(exports[position].class)) return false;
    return effectsOf(analysis, exports[position].func).some((id) => isAtomic(analysis.effects[id]));
  };
  const safe = runs.filter(
    ({ result, called }) => result.verdict === 'safe' && result.exhaustive && [...called].every(isSynchronised),
  );
  const ran = new Set(safe.flatMap(({ pairs }) => pairs.map(pairKey)));
  const { of } = pairConfidence(analysis);
  const meetInAtomics = atomicPairs(analysis);
  const isShown = (pair: ExportPair): boolean => {
    if (ran.has(pairKey(pair))) return true;
    const [a, b] = pair.map((name) => positions.get(name) ?? -1);
    return of(exports[a].group, exports[b].group) === undefined && meetInAtomics(a, b) === undefined;
  };
  const names = new Set<string>();
  for (const name of calledBy(safe)) if ([...names, name].every((other) => isShown([other, name]))) names.add(name);
  return safe.filter(({ called }) => [...called].every((name) => names.has(name)));
}
