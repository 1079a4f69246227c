/** Verdicts in one line, as every format and the editor word them. */

import { HOST_PROFILES } from '../hosts/index.ts';
import { trappingCallers } from '../stress/explore/alwaysTraps.ts';
import { causeName } from '../stress/explore/hang/causeText.ts';
import { type Headline, headlinesOf } from '../stress/explore/headlines.ts';
import type { PrivateState, StressResult, SuspendedRun } from '../stress/explore/result.ts';
import { type HammerResult, isWrongKind, LEAST_FOR_SHARES } from '../stress/hammer/hammerResult.ts';
import { FAILS } from '../stress/scenario/comparison.ts';
import { callerName } from '../stress/scenario/scenario.ts';
import { divisionText } from '../stress/scenario/units.ts';
import { listOf, number, plural, quoted } from '../text/phrases.ts';

/** What exploration found: the worst of it. */
export const verdictText = (result: StressResult): string => headlineText(result, headlinesOf(result)[0]);

/** What else it found, a line each, the worse first. */
export const furtherVerdicts = (result: StressResult): string[] =>
  headlinesOf(result)
    .slice(1)
    .map((headline) => headlineText(result, headline));

function headlineText(result: StressResult, headline: Headline): string {
  const here = result.replayed ? ' under this schedule' : '';
  switch (headline) {
    case 'host-hazard':
      return `host hazard: ${hazardNames(result).join('; ')}${here}`;
    case 'hang':
      return `hang: ${result.hang === null ? '' : causeName(result.hang)}${here}`;
    case 'wrong-outcome':
      return `wrong outcome: ${result.races.length === 0 ? 'no data race, yet ' : ''}${wrongText(result)}${here}`;
    case 'race':
      return `race: ${plural(result.races.length, 'data race')}${here}${withoutWrong(result)}`;
    case 'private-state':
      return `not built for an instance per thread: ${privateStateSentence(result.privateState)}`;
    case 'safe':
      return safeText(result);
    case 'inconclusive':
      return `inconclusive: ${inconclusiveText(result)}`;
  }
}

/** The worst of the wrong outcomes. */
function wrongText({ scenario, outcomes: { wrong, examples } }: StressResult): string {
  const failed = wrong
    .flatMap(({ results, probe }) => [...results, probe].flat())
    .find((text) => text.startsWith(FAILS));
  if (failed !== undefined) {
    const already = examples.find(({ results, probe }) => [...results, probe].flat().includes(failed));
    const order = already === undefined ? '' : `, in the serial order ${already.order} too`;
    return `${failed.slice(FAILS.length)} does not hold${order}`;
  }
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
  return `it keeps ${what} outside the shared memory, and each instance has its own`;
}

/** What the host hazards of a result are, each kind once. */
function hazardNames({ host, hostHazards }: StressResult): string[] {
  const kinds = new Set(hostHazards.map(({ kind }) => kind));
  return [...kinds].map((kind) => HOST_PROFILES[host].hostHazards[kind]?.name ?? kind);
}

/** What is known of the outcomes beside races: as much as was run. */
function withoutWrong({ wrongOutcome, replayed, hang, outcomes, explored }: StressResult): string {
  if (wrongOutcome || hang !== null) return '';
  if (!outcomes.serialComplete || outcomes.serial === 0) return '; the outcomes were not judged';
  if (replayed) return '; the outcome is that of a serial order';
  return `; ${noWrongOutcomeText({ explored })}`;
}

/** How far it goes that no outcome was wrong: `no wrong outcome found in 14 schedules (...)`. */
export const noWrongOutcomeText = ({ explored }: Pick<StressResult, 'explored'>): string =>
  `no wrong outcome found in ${plural(explored.schedules, 'schedule')} (sequentially consistent, these arguments)`;

/** Outcomes are no part of the verdict where there is no serial order to compare them with. */
const NOT_ORDERED = 'no serial order of these calls completes, so only races and hangs are judged';

function safeText(result: StressResult): string {
  const { replayed, exhaustive, explored, outcomes } = result;
  const nothing =
    outcomes.serial === 0
      ? `no race and no hang (${NOT_ORDERED})`
      : 'no race, and every outcome is that of a serial order';
  if (replayed && outcomes.serial === 0) return `nothing wrong under this schedule: ${nothing}`;
  if (replayed) return 'nothing wrong under this schedule: no race, and the outcome is that of a serial order';
  const apart = apartText(result);
  if (exhaustive) return `safe${apart}: ${nothing}`;
  return `safe${apart} as far as explored, ${boundOf(explored)}: ${nothing}`;
}

/** On hosts whose embedders also use one instance for all callers: that the result is not about that. */
const apartText = ({ model, host, ifSuspended }: StressResult): string =>
  model === 'isolated' && HOST_PROFILES[host].models.includes('cooperative') && ifSuspended?.run?.verdict !== 'safe'
    ? ' with an instance for each caller'
    : '';

/** What the calls do on one instance if imports suspend them. */
export function suspendedText({ imports, run }: SuspendedRun): string {
  const names = listOf(imports.map(quoted), 3, 'or');
  const condition = `if ${names} ${imports.length === 1 ? 'suspends its caller' : 'suspend their callers'}`;
  if (run === null) return `too little could be run on one instance to say what happens ${condition}`;
  if (run.verdict === 'safe') return `the calls are also safe on one instance ${condition}`;
  if (run.verdict === 'hang') return `on one instance, calls hang ${condition}`;
  return `on one instance, an outcome that no serial order gives ${condition}`;
}

const boundOf = ({ preemptionBound }: StressResult['explored']): string =>
  preemptionBound === null || preemptionBound === 0
    ? 'without preemptions'
    : `with at most ${plural(preemptionBound, 'preemption')}`;

const isRefused = ({ host, model }: StressResult): boolean =>
  ['forbidden', 'unavailable'].includes(HOST_PROFILES[host].stance[model].status);

function inconclusiveText(result: StressResult): string {
  const { outcomes, defects, exhaustive, explored, restsOn, ifSuspended } = result;
  if (defects.length > 0) return 'the engine has a defect, see below';
  if (ifSuspended !== null) return `safe with an instance for each caller; ${suspendedText(ifSuspended)}`;
  if (outcomes.serial === 0 && outcomes.serialComplete)
    return 'no serial order of the calls completes, so there is no outcome to compare with';
  const trapping = trappingCallers(outcomes.examples);
  if (trapping.length === 0 && isRefused(result))
    return `${HOST_PROFILES[result.host].label} does not allow the model ${result.model}, see the notes`;
  if (trapping.length === 0)
    return exhaustive || explored.preemptionBound !== null
      ? 'nothing wrong was found, but not everything that callers share was observed, see the notes'
      : restsOn.length > 0
        ? `too little could be run, or known of what callers share, to say more (${restsOn[0]})`
        : 'too little could be run in the time available';
  const [caller] = trapping;
  const [trap] = outcomes.examples[0].results[caller];
  return `no call of ${listOf(trapping.map(callerName), 4)} returns in any order (${trap}); other arguments or a setup may be needed`;
}

/** What parallel calls showed, and how often. */
export function hammerVerdict(result: HammerResult): string {
  const { verdict, rounds, wrongRounds, hang } = result;
  switch (verdict) {
    case 'wrong-outcome':
      return `wrong outcome in ${partOf(wrongRounds, rounds, plural(rounds, 'round'))}${howWrong(result)}`;
    case 'hang':
      return hang?.alone
        ? 'hang: no serial order of the calls returns, and no round does'
        : rounds === 0
          ? 'hang: calls did not return in the first round'
          : `hang: calls did not return in a round after ${plural(rounds, 'round')} that did`;
    case 'none-seen':
      return `no wrong outcome seen in ${plural(rounds, 'round')}, ${besideNothing(result)}`;
    default:
      return rounds > 0 ? `outcomes of ${plural(rounds, 'round')}, not judged` : 'no rounds were run';
  }
}

/** What the scenario expects and does not hold; else what is correct call by call, where no outcome is worse than that. */
function howWrong({ scenario, outcomes }: HammerResult): string {
  const wrong = outcomes.filter(isWrongKind);
  const failed = wrong
    .flatMap(({ results, probe }) => [...results, probe].flat())
    .find((text) => text.startsWith(FAILS));
  if (failed !== undefined) return `: ${failed.slice(FAILS.length)} does not hold`;
  const order = wrong.find(({ kind }) => kind === 'divided')?.order ?? null;
  return order === null || wrong.some(({ kind }) => kind !== 'divided')
    ? ''
    : `, correct call by call: ${divisionText(scenario, order)}`;
}

/** What rounds without a wrong outcome are worth. */
function besideNothing({ explored }: HammerResult): string {
  switch (explored?.verdict) {
    case 'host-hazard':
      return 'but exploration found a host hazard';
    case 'hang':
      return 'but exploration found a hang';
    case 'private-state':
      return 'but the module is not built for an instance per thread';
    case 'non-atomic':
    case 'race':
      return explored.wrongOutcome ? 'but one is possible' : 'but exploration found a data race';
    default:
      return 'which proves nothing';
  }
}

/** `35.3 % of 1,176,864 rounds`; of fewer than 1,000 just the numbers, `3 of 50 rounds`. `all` is the total in words. */
export const partOf = (count: number, total: number, all: string): string =>
  `${total < LEAST_FOR_SHARES ? number(count) : shareOf(count / total)} of ${all}`;

/** A share as a percentage with the digits that matter: `37.5 %`, `0.0001 %`. */
export function shareOf(share: number): string {
  const percent = share * 100;
  if (percent >= 10 || percent === 0) return `${percent.toFixed(1)} %`;
  return `${percent >= 0.01 ? percent.toFixed(2) : percent.toPrecision(1)} %`;
}
