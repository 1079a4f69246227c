/** What parallel calls have shown of one scenario, for the report. */

import type { HammerOutcome, HammerResult, RemedyCost } from '../../stress/hammer/hammerResult.ts';
import { toldResults } from '../../stress/scenario/toldResults.ts';
import { t, translated } from '../../text/l10n.ts';
import { number, plural } from '../../text/phrases.ts';
import { printable } from '../printable.ts';
import {
  costMeaning,
  instanceCost,
  latencyText,
  rateText,
  spreadText,
  unmeasuredTexts,
  VARIANT_NAME,
} from '../text/costsText.ts';
import { type CountedOutcomes, concurrentTrapText, outcomeCounts, outcomeMeaning } from '../text/hammerOutcomes.ts';
import { hammerVerdict, shareOf } from '../verdicts.ts';
import type { CostView, CountedView, HammerView, OutcomeView, RemedyView } from './runModel.ts';
import { scenarioView } from './scenarioText.ts';

/** Outcomes that a view has. */
const MAX_OUTCOMES_COUNTED = 20;
/** Characters of a sentence. */
const SENTENCE_LENGTH = 800;

/** `title`: the name of the scenario in its plan. */
export function hammerView(result: HammerResult, title = ''): HammerView {
  const shown = printable(result, SENTENCE_LENGTH);
  const { rounds, threads, roundsPerSecond, verdict, costs, scenario } = shown;
  const rate = t(
    '{0} on {1} ({2} rounds/s)',
    plural(rounds, 'round'),
    plural(threads, 'thread'),
    number(roundsPerSecond),
  );
  return {
    scenario: scenarioView(result.scenario, title),
    verdict,
    text: hammerVerdict(shown),
    threads,
    counted: countedView(shown, rounds, rate),
    traps: shown.traps.map((trap) => concurrentTrapText(trap, scenario)),
    costs: remedyViews(shown),
    perInstance: costs === null || costs.rows.length === 0 ? undefined : instanceCost(costs),
    unmeasured: unmeasuredTexts(shown),
    notes: shown.notes,
  };
}

/** Outcomes as they were counted, the most important first. `rate`: how many rounds there were, in words. */
export function countedView(result: CountedOutcomes, rounds: number, rate: string): CountedView {
  const { outcomes, seen, notJudged } = result;
  const shown = outcomes.slice(0, MAX_OUTCOMES_COUNTED);
  return {
    text: `${rate}: ${outcomeCounts(result)}`,
    rounds,
    outcomes: shown.map((one) => outcomeView(one, result)),
    more: Math.max(0, seen + notJudged - shown.length),
  };
}

function outcomeView(outcome: HammerOutcome, { scenario }: CountedOutcomes): OutcomeView {
  const { kind, results, probe, samples, frequency, state, found } = outcome;
  return {
    kind,
    results: [
      ...results.map((list, caller) => toldResults(scenario.callers[caller], list).join(', ')),
      ...(scenario.probe.length > 0 ? [toldResults(scenario.probe, probe).join(', ')] : []),
    ],
    text: outcomeMeaning(outcome, scenario, true),
    samples,
    ...(frequency === null ? {} : { share: frequency, shareText: shareOf(frequency) }),
    state,
    ...(found?.how === 'schedule' ? { schedule: found.schedule } : {}),
  };
}

function remedyViews(result: HammerResult): RemedyView[] {
  const rows = result.costs?.rows ?? [];
  const remedies = [...new Set(rows.map(({ remedy }) => remedy))];
  return remedies.map((remedy) => {
    const own = rows.filter((row) => row.remedy === remedy);
    return {
      remedy,
      label: translated(VARIANT_NAME[remedy]),
      text: costMeaning(own, result),
      rows: own.map((row) => costView(row, result.costs?.clock ?? 0)),
    };
  });
}

const costView = ({ threads, callsPerSecond, spread, p50, p99 }: RemedyCost, clock: number): CostView => ({
  threads,
  speed: callsPerSecond,
  speedText: t('{0} calls/s', rateText(callsPerSecond)),
  ...(spread === undefined ? {} : { spread: { least: spread.least, most: spread.most, text: spreadText(spread) } }),
  latency: `p50 ${latencyText(p50, clock)}, p99 ${latencyText(p99, clock)}`,
});
