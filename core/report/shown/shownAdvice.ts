/** What to do about an export: what follows from a finding of a stress run, or else what the host says about its kind. */

import { exportAdvice } from '../../analysis/exportText.ts';
import type { AdviceKind } from '../../hosts/profile.ts';
import { exportStanding, type KnownModule, runsOf } from './standing.ts';

/** Advice that permits calls, which no finding leaves standing. */
const PERMITS: readonly AdviceKind[] = ['pure', 'reads-only', 'synchronised'];

/** One or two sentences each, the most important first; `stress`: what follows from a run. */
export function adviceNow(evidence: KnownModule, position: number): { kind: AdviceKind | 'stress'; text: string }[] {
  const supposed = exportAdvice(evidence, position);
  const { found } = exportStanding(evidence, position);
  if (found === undefined) return supposed;
  const { name } = evidence.analysis.exports[position];
  const run = runsOf(evidence.shown, name).find(
    ({ headlines, advice }) => headlines.includes(found) && advice.length > 0,
  );
  if (run !== undefined) return run.advice.map((text) => ({ kind: 'stress', text }));
  return supposed.filter(({ kind }) => !PERMITS.includes(kind));
}
