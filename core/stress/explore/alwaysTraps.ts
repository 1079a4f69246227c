/** Callers of which no call ever returns: nothing that they share was reached, so nothing can be said of it. */

import type { SerialOutcome } from './result.ts';

const isTrap = (result: string): boolean => result.startsWith('trap:');

/** Indices of the callers whose calls all trap in all of these outcomes; none where there is no outcome. */
export function trappingCallers(outcomes: readonly Pick<SerialOutcome, 'results'>[]): number[] {
  const [first] = outcomes;
  if (first === undefined) return [];
  return first.results.flatMap((_, caller) =>
    outcomes.every(({ results }) => results[caller].length > 0 && results[caller].every(isTrap)) ? [caller] : [],
  );
}
