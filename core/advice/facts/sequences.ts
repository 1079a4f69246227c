/** Sequences of calls that other callers came between, with outcomes that no order of whole sequences gives. */

import { callsOf } from '../../stress/scenario/steps.ts';
import { divisionOf, stepsOnce, unitLengths } from '../../stress/scenario/units.ts';
import { t } from '../../text/l10n.ts';
import { quoted } from '../../text/phrases.ts';
import { exportLabel } from '../../wasm/displayNames.ts';
import type { ExploredRun } from './exploredRun.ts';

/** The exports that a caller calls in order, those at the ends first and last; at least two calls. */
export type Sequence = readonly string[];

/** The sequences that some run shows divided, each once, in the order of the runs. */
export function dividedSequences(runs: readonly ExploredRun[]): Sequence[] {
  const found = new Map<string, Sequence>();
  for (const { result } of runs) {
    const lengths = unitLengths(result.scenario);
    for (const { order } of result.outcomes.wrong) {
      const division = order === null ? undefined : divisionOf(order, lengths);
      const names = division && callsOf(stepsOnce(result.scenario, division.caller));
      if (names !== undefined && names.length > 0) found.set(JSON.stringify(names), names);
    }
  }
  return [...found.values()];
}

/** `` from `handle_request` to `handle_response` of one caller ``. */
export function spanText(sequence: Sequence): string {
  const [first, last] = [sequence[0], sequence.at(-1) ?? sequence[0]].map((name) => quoted(exportLabel({ name })));
  return first === last
    ? t('for all calls of {0} by one caller', first)
    : t('from {0} to {1} of one caller', first, last);
}
