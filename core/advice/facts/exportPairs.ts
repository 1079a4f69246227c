/** Pairs of exports whose calls run at the same time. */

import type { StressResult } from '../../stress/explore/result.ts';
import { callsOf } from '../../stress/scenario/steps.ts';

/** Names of two exports, or the same name twice. */
export type ExportPair = [string, string];

/** The same for both orders of a pair. */
export const pairKey = ([a, b]: readonly [string, string]): string => JSON.stringify([a, b].sort());

/** Pairs of exports that different callers of a scenario call, each once. */
export function pairsOf({ callers }: Pick<StressResult['scenario'], 'callers'>): ExportPair[] {
  const pairs = new Map<string, ExportPair>();
  callers.forEach((calls, i) => {
    for (const others of callers.slice(i + 1))
      for (const a of callsOf(calls)) for (const b of callsOf(others)) pairs.set(pairKey([a, b]), [a, b]);
  });
  return [...pairs.values()];
}
