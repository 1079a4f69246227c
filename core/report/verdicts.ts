/** Verdicts in one line, as every format and the editor word them. */

import { HOST_PROFILES } from '../hosts/index.ts';
import { trappingCallers } from '../stress/explore/alwaysTraps.ts';
import { causeName } from '../stress/explore/hang/causeText.ts';
import { type Headline, headlinesOf } from '../stress/explore/headlines.ts';
import type { PrivateState, StressResult, SuspendedRun } from '../stress/explore/result.ts';
import { type HammerResult, isWrongKind, LEAST_FOR_SHARES } from '../stress/hammer/hammerResult.ts';
import { FAILS } from '../stress/scenario/comparison.ts';
import { withGuesses } from '../stress/scenario/guessedText.ts';
import { callerName } from '../stress/scenario/scenario.ts';
import { divisionText } from '../stress/scenario/units.ts';
import { t } from '../text/l10n.ts';
import { listOf, number, plural, quoted } from '../text/phrases.ts';

/** What exploration found: the worst of it. */
export const verdictText = (result: StressResult): string =>
  withGuesses(headlineText(result, headlinesOf(result)[0]), result.scenario);

/** What else it found, a line each, the worse first. */
export const furtherVerdicts = (result: StressResult): string[] =>
  headlinesOf(result)
    .slice(1)
    .map((headline) => headlineText(result, headline));

function headlineText(result: StressResult, headline: Headline): string {
  const here = (text: string): string => (result.replayed ? t('{0} under this schedule', text) : text);
  switch (headline) {
    case 'host-hazard':
      return t('host hazard: {0}', here(hazardNames(result).join('; ')));
    case 'hang':
      return t('hang: {0}', here(result.hang === null ? '' : causeName(result.hang)));
    case 'wrong-outcome':
      return result.races.length === 0
        ? t('wrong outcome: no data race, yet {0}', here(wrongText(result)))
        : t('wrong outcome: {0}', here(wrongText(result)));
    case 'race':
      return t('race: {0}', `${here(plural(result.races.length, 'data race'))}${withoutWrong(result)}`);
    case 'private-state':
      return t('not built for an instance per thread: {0}', privateStateSentence(result.privateState));
    case 'safe':
      return safeText(result);
    case 'inconclusive':
      return t('inconclusive: {0}', inconclusiveText(result));
  }
}

/** The worst of the wrong outcomes. */
function wrongText({ scenario, outcomes: { wrong, examples } }: StressResult): string {
  const failed = wrong
    .flatMap(({ results, probe }) => [...results, probe].flat())
    .find((text) => text.startsWith(FAILS));
  if (failed !== undefined) {
    const already = examples.find(({ results, probe }) => [...results, probe].flat().includes(failed));
    const what = failed.slice(FAILS.length);
    return already === undefined
      ? t('{0} does not hold', what)
      : t('{0} does not hold, in the serial order {1} too', what, already.order);
  }
  const orders = wrong.map(({ order }) => order);
  const [order] = orders;
  // An outcome that no order of the calls gives comes before one that only divides sequences.
  return order === undefined || order === null || orders.includes(null)
    ? t('an outcome that no serial order gives')
    : t('an outcome that is correct call by call; {0}', divisionText(scenario, order));
}

/** What each instance keeps of its own although all of them share a memory. */
export function privateStateSentence(found: PrivateState | null): string {
  const cells = found?.cells ?? [];
  const what = cells.length === 0 ? t('state') : listOf(cells, 4);
  return t('it keeps {0} outside the shared memory, and each instance has its own', what);
}

/** What the host hazards of a result are, each kind once. */
function hazardNames({ host, hostHazards }: StressResult): string[] {
  const kinds = new Set(hostHazards.map(({ kind }) => kind));
  return [...kinds].map((kind) => HOST_PROFILES[host].hostHazards[kind]?.name ?? kind);
}

/** What is known of the outcomes beside races: as much as was run. */
function withoutWrong(result: StressResult): string {
  const { wrongOutcome, replayed, hang, outcomes } = result;
  if (wrongOutcome || hang !== null) return '';
  if (!outcomes.serialComplete || outcomes.serial === 0) return t('; the outcomes were not judged');
  const buffered = bufferedText(result);
  if (replayed && buffered !== undefined) return t('; an outcome that needs stores that hardware reorders');
  if (replayed) return t('; the outcome is that of a serial order');
  return `; ${noWrongOutcomeText(result)}`;
}

/** What only executions with store buffers show; undefined where that is nothing. */
function bufferedText({ storeBuffers, exhaustive }: Buffered): string | undefined {
  if (storeBuffers === undefined) return undefined;
  const { hang, wrong } = storeBuffers;
  if (hang !== null)
    return exhaustive
      ? t('a hang only where hardware reorders stores')
      : t('a hang seen only where hardware reorders stores');
  if (wrong.length === 0) return undefined;
  return exhaustive
    ? t('a wrong outcome only where hardware reorders stores')
    : t('a wrong outcome seen only where hardware reorders stores');
}

type Buffered = Pick<StressResult, 'storeBuffers' | 'exhaustive'>;

/** How far it goes that no outcome was wrong: `no wrong outcome found in 14 schedules (...)`, and what store buffers change. */
export function noWrongOutcomeText(result: Pick<StressResult, 'explored'> & Buffered): string {
  const schedules = plural(result.explored.schedules, 'schedule');
  const buffered = bufferedText(result);
  return buffered === undefined
    ? t('no wrong outcome found in {0} (sequentially consistent, these arguments)', schedules)
    : t('{0}; none found in {1} (sequentially consistent, these arguments)', buffered, schedules);
}

function safeText(result: StressResult): string {
  const { replayed, exhaustive, explored, outcomes } = result;
  // Outcomes are no part of the verdict where there is no serial order to compare them with.
  const nothing =
    outcomes.serial === 0
      ? t('no race and no hang (no serial order of these calls completes, so only races and hangs are judged)')
      : t('no race, and every outcome is that of a serial order');
  if (replayed && outcomes.serial === 0) return t('nothing wrong under this schedule: {0}', nothing);
  if (replayed) return t('nothing wrong under this schedule: no race, and the outcome is that of a serial order');
  const apart = isApart(result);
  if (exhaustive) return apart ? t('safe with an instance for each caller: {0}', nothing) : t('safe: {0}', nothing);
  return apart
    ? t('safe with an instance for each caller as far as explored, {0}: {1}', boundOf(explored), nothing)
    : t('safe as far as explored, {0}: {1}', boundOf(explored), nothing);
}

/** On hosts whose embedders also use one instance for all callers: that the result is not about that. */
const isApart = ({ model, host, ifSuspended }: StressResult): boolean =>
  model === 'isolated' && HOST_PROFILES[host].models.includes('cooperative') && ifSuspended?.run?.verdict !== 'safe';

/** What the calls do on one instance if imports suspend them. */
export function suspendedText({ imports, run }: SuspendedRun): string {
  const names = listOf(imports.map(quoted), 3, 'or');
  const condition =
    imports.length === 1 ? t('if {0} suspends its caller', names) : t('if {0} suspend their callers', names);
  if (run === null) return t('too little could be run on one instance to say what happens {0}', condition);
  if (run.verdict === 'safe') return t('the calls are also safe on one instance {0}', condition);
  if (run.verdict === 'hang') return t('on one instance, calls hang {0}', condition);
  return t('on one instance, an outcome that no serial order gives {0}', condition);
}

const boundOf = ({ preemptionBound }: StressResult['explored']): string =>
  preemptionBound === null || preemptionBound === 0
    ? t('without preemptions')
    : t('with at most {0}', plural(preemptionBound, 'preemption'));

const isRefused = ({ host, model }: StressResult): boolean =>
  ['forbidden', 'unavailable'].includes(HOST_PROFILES[host].stance[model].status);

function inconclusiveText(result: StressResult): string {
  const { outcomes, defects, exhaustive, explored, restsOn, ifSuspended } = result;
  if (defects.length > 0) return t('the engine has a defect, see below');
  if (ifSuspended !== null) return t('safe with an instance for each caller; {0}', suspendedText(ifSuspended));
  if (outcomes.serial === 0 && outcomes.serialComplete)
    return t('no serial order of the calls completes, so there is no outcome to compare with');
  const trapping = trappingCallers(outcomes.examples);
  if (trapping.length === 0 && isRefused(result))
    return t('{0} does not allow the model {1}, see the notes', HOST_PROFILES[result.host].label, result.model);
  if (trapping.length === 0)
    return exhaustive || explored.preemptionBound !== null
      ? t('nothing wrong was found, but not everything that callers share was observed, see the notes')
      : restsOn.length > 0
        ? t('too little could be run, or known of what callers share, to say more ({0})', restsOn[0])
        : t('too little could be run in the time available');
  const [caller] = trapping;
  const [trap] = outcomes.examples[0].results[caller];
  return t(
    'no call of {0} returns in any order ({1}); other arguments or a setup may be needed',
    listOf(trapping.map(callerName), 4),
    trap,
  );
}

/** What parallel calls showed, and how often. */
export const hammerVerdict = (result: HammerResult): string => withGuesses(roundsText(result), result.scenario);

function roundsText(result: HammerResult): string {
  const { verdict, rounds, wrongRounds, hang } = result;
  switch (verdict) {
    case 'wrong-outcome':
      return t('wrong outcome in {0}{1}', partOf(wrongRounds, rounds, plural(rounds, 'round')), howWrong(result));
    case 'hang':
      return hang?.alone
        ? t('hang: no serial order of the calls returns, and no round does')
        : rounds === 0
          ? t('hang: calls did not return in the first round')
          : t('hang: calls did not return in a round after {0} that did', plural(rounds, 'round'));
    case 'none-seen':
      return t('no wrong outcome seen in {0}, {1}', plural(rounds, 'round'), besideNothing(result));
    default:
      return rounds > 0 ? t('outcomes of {0}, not judged', plural(rounds, 'round')) : t('no rounds were run');
  }
}

/** What the scenario expects and does not hold; else what is correct call by call, where no outcome is worse than that. */
function howWrong({ scenario, outcomes }: HammerResult): string {
  const wrong = outcomes.filter(isWrongKind);
  const failed = wrong
    .flatMap(({ results, probe }) => [...results, probe].flat())
    .find((text) => text.startsWith(FAILS));
  if (failed !== undefined) return t(': {0} does not hold', failed.slice(FAILS.length));
  const order = wrong.find(({ kind }) => kind === 'divided')?.order ?? null;
  return order === null || wrong.some(({ kind }) => kind !== 'divided')
    ? ''
    : t(', correct call by call: {0}', divisionText(scenario, order));
}

/** What rounds without a wrong outcome are worth. */
function besideNothing({ explored }: HammerResult): string {
  switch (explored?.verdict) {
    case 'host-hazard':
      return t('but exploration found a host hazard');
    case 'hang':
      return t('but exploration found a hang');
    case 'private-state':
      return t('but the module is not built for an instance per thread');
    case 'non-atomic':
    case 'race':
      return explored.wrongOutcome ? t('but one is possible') : t('but exploration found a data race');
    default:
      return t('which proves nothing');
  }
}

/** `35.3 % of 1,176,864 rounds`; of fewer than 1,000 just the numbers, `3 of 50 rounds`. `all` is the total in words. */
export const partOf = (count: number, total: number, all: string): string =>
  t('{0} of {1}', total < LEAST_FOR_SHARES ? number(count) : shareOf(count / total), all);

/** A share as a percentage with the digits that matter: `37.5 %`, `0.0001 %`. */
export function shareOf(share: number): string {
  const percent = share * 100;
  if (percent >= 10 || percent === 0) return `${percent.toFixed(1)} %`;
  return `${percent >= 0.01 ? percent.toFixed(2) : percent.toPrecision(1)} %`;
}
