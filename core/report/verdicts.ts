/** Verdicts in one line, as every format and the editor word them. */

import type { PrivateState, StressResult } from '../stress/explore/result.ts';
import type { HammerResult } from '../stress/hammer/hammerResult.ts';
import { divisionText } from '../stress/scenario/units.ts';
import { listOf, plural } from '../text/phrases.ts';

/** What exploration found. */
export function verdictText(result: StressResult): string {
  const races = plural(result.races.length, 'data race');
  const here = result.replayed ? ' under this schedule' : '';
  switch (result.verdict) {
    case 'race':
      if (result.wrongOutcome) return `race: ${races}, and ${wrongText(result)}`;
      if (result.benign) return `race, benign: ${races}, yet every outcome is that of a serial order`;
      return `race: ${races}; no wrong outcome was found${result.hang === null ? here : `, but a ${result.hang.kind}`}`;
    case 'non-atomic':
      return `non-atomic: no data race, yet ${wrongText(result)}`;
    case 'hang':
      return result.hang?.kind === 'no-return'
        ? 'hang: a call does not return'
        : `hang: a ${result.hang?.kind ?? 'deadlock'}`;
    case 'private-state':
      return `not built for an instance per thread: ${privateStateSentence(result.privateState)}`;
    case 'safe':
      if (result.outcomes.serial === 0) return `${safeUntil(result)}: no race and no hang (${NOT_ORDERED})`;
      if (result.replayed)
        return 'nothing wrong under this schedule: no race, and the outcome is that of a serial order';
      return result.exhaustive
        ? 'safe: no race, and every outcome is that of a serial order'
        : 'safe as far as explored: no race, and every outcome is that of a serial order';
    default:
      return result.outcomes.serial === 0 && result.outcomes.serialComplete
        ? 'inconclusive: no serial order of the calls completes, so there is no outcome to compare with'
        : 'inconclusive: too little could be run in the time available';
  }
}

/** The worst of the wrong outcomes. */
function wrongText({ scenario, outcomes: { wrong } }: StressResult): string {
  const orders = wrong.map(({ order }) => order);
  const [order] = orders;
  // An outcome that no order of the calls gives comes before one that only divides sequences.
  return order === undefined || order === null || orders.includes(null)
    ? 'an outcome that no serial order gives'
    : `an outcome that is correct call by call; ${divisionText(scenario, order)}`;
}

/** What each instance keeps of its own although all of them share a memory. */
export function privateStateSentence(found: PrivateState | null): string {
  const cells = found?.cells ?? [];
  const what = cells.length === 0 ? 'state' : listOf(cells, 4);
  return `it keeps ${what} outside of the shared memory, and each instance has its own`;
}

/** Outcomes are no part of the verdict where there is no serial order to compare them with. */
const NOT_ORDERED = 'no serial order of these calls completes, so only races and hangs are judged';

function safeUntil({ replayed, exhaustive }: StressResult): string {
  if (replayed) return 'nothing wrong under this schedule';
  return exhaustive ? 'safe' : 'safe as far as explored';
}

/** What parallel calls showed, and how often. */
export function hammerVerdict(result: HammerResult): string {
  const { verdict, rounds, outcomes, hang, explored } = result;
  switch (verdict) {
    case 'wrong-outcome':
      return `wrong outcome in ${shareOf(wrongShare(outcomes))} of ${plural(rounds, 'round')}`;
    case 'hang':
      return hang?.alone
        ? 'hang: no serial order of the calls returns, and no round does'
        : `hang: calls did not return in a round after ${plural(rounds, 'round')} that did`;
    case 'none-seen':
      return `no wrong outcome in ${plural(rounds, 'round')}, ${explored?.wrongOutcome ? 'but one is possible' : 'which proves nothing'}`;
    default:
      return rounds > 0 ? `outcomes of ${plural(rounds, 'round')}, not judged` : 'no rounds were run';
  }
}

/** Share of the rounds with a wrong outcome, 0 to 1. */
export const wrongShare = (outcomes: HammerResult['outcomes']): number =>
  outcomes.reduce((sum, { kind, frequency }) => sum + (kind === 'wrong' || kind === 'wrong-state' ? frequency : 0), 0);

/** A share as a percentage with the digits that matter: `37.5 %`, `0.0001 %`. */
export function shareOf(share: number): string {
  const percent = share * 100;
  if (percent >= 10 || percent === 0) return `${percent.toFixed(1)} %`;
  return `${percent >= 0.01 ? percent.toFixed(2) : percent.toPrecision(1)} %`;
}
