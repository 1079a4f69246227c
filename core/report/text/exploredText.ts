/** What a result rests on: how much was explored, the grain, the imports, what a pool changes. */

import type { AdvisedResult } from '../../advice/advised.ts';
import { boundText } from '../../advice/evidence.ts';
import type { StressResult } from '../../stress/explore/result.ts';
import { t } from '../../text/l10n.ts';
import { number, plural } from '../../text/phrases.ts';
import { suspendedText } from '../verdicts.ts';
import { labelled, type TextForm } from './textForm.ts';

/** Most imports that the short form names. */
const MAX_NAMES = 8;

/** Whether instances can be reused, under the isolated model. Under other models, and where the advice says it already, nothing. */
export function poolText({ pool, poolCheck, model, advice }: AdvisedResult, form: TextForm): string[] {
  if (model !== 'isolated' || poolCheck === null) return [];
  if (advice.some(({ remedy }) => remedy === 'pool' || remedy === 'no-pool')) return [];
  if (pool.length === 0 && !poolCheck.complete)
    return [...labelled('Pool', 'not all calls could be compared on fresh and used instances', form), ''];
  if (pool.length === 0)
    return [
      ...labelled(
        'Pool',
        'instances can be reused for these calls: a used one gives the same results as a fresh one',
        form,
      ),
      '',
    ];
  return [
    '  Pool: a reused instance gives other results:',
    ...pool.map(({ call, fresh, used }) => `    ${call}: ${fresh} on a fresh instance, ${used} on a used one`),
    '',
  ];
}

/**
 * How far the exploration went: its bound, executions, steps and time, and for random schedules the probability that
 * they missed a bug.
 */
export function exploredText(result: StressResult, form: TextForm): string[] {
  const lines = labelled('Explored', boundsSentence(result), form);
  const { pct } = result.explored;
  if (result.replayed || pct === null || pct.schedules === 0) return lines;
  return [...lines, ...labelled('Random schedules', randomSentence(pct), form)];
}

/** How far an exploration went. */
export function boundsSentence({ explored, exhaustive, replayed }: StressResult): string {
  const { schedules, steps, preemptionBound, seconds, schedulesPerSecond } = explored;
  if (replayed) return t('only this schedule; wasm-hazards stress explores the others');
  const bound = exhaustive
    ? t('all schedules up to equivalence')
    : preemptionBound === null
      ? t('no preemption bound was completed')
      : preemptionBound === 0
        ? t('all schedules without preemptions')
        : t('all schedules with at most {0}', plural(preemptionBound, 'preemption'));
  return t(
    '{0}; {1}, {2}, {3} s ({4}/s)',
    bound,
    plural(schedules, 'execution'),
    plural(steps, 'step'),
    seconds.toFixed(2),
    number(schedulesPerSecond),
  );
}

/** How far executions with store buffers went; empty where there were none, or only that of a replay. */
export function buffersSentence({ storeBuffers, replayed }: StressResult): string {
  if (storeBuffers === undefined || replayed) return '';
  const { schedules, exhaustive, wrong, hang } = storeBuffers;
  const count = plural(schedules, 'execution');
  const found = wrong.length > 0 || hang !== null;
  if (exhaustive)
    return found
      ? t('With store buffers: {0}, all up to equivalence.', count)
      : t('With store buffers: {0}, all up to equivalence; no further wrong outcome.', count);
  return found
    ? t('With store buffers: {0}, not all.', count)
    : t('With store buffers: {0}, not all; no further wrong outcome.', count);
}

/** What random schedules are worth. */
export const randomSentence = ({ schedules, depth, steps, missProbability }: RandomSchedules): string =>
  t(
    '{0}; a bug of depth {1} in {2} was missed with p <= {3}',
    number(schedules),
    depth,
    plural(steps, 'step'),
    missProbability.toPrecision(2),
  );

type RandomSchedules = NonNullable<StressResult['explored']['pct']>;

/** The grain of host operations, the imports that were stubbed or modelled, and the notes, each with its label. */
export function noteLines(
  result: Pick<StressResult, 'grain' | 'imports' | 'notes'> & Partial<Judged>,
  form: Pick<TextForm, 'full' | 'columns' | 'wraps'>,
): string[] {
  const { grain, imports, notes, ifSuspended } = result;
  const lines = grain.flatMap((text) => labelled('Grain', text, form));
  if (imports.stubbed.length > 0 && !isRestTold(result))
    lines.push(...labelled('Imports stubbed to return zero', namesOf(imports.stubbed, form), form));
  if (imports.wasi.length > 0)
    lines.push(...labelled('WASI without files, clock or randomness', namesOf(imports.wasi, form), form));
  if (ifSuspended?.run?.verdict === 'safe') {
    const explored = `${suspendedText(ifSuspended)} (${boundText(ifSuspended.run)})`;
    lines.push(...labelled('One instance', explored, form));
  }
  return [...lines, ...notes.flatMap((text) => labelled('Note', text, form))];
}

/** A list of names, cut after the first few. */
function namesOf(list: readonly string[], { full }: Pick<TextForm, 'full'>): string {
  if (full || list.length <= MAX_NAMES) return list.join(', ');
  return `${list.slice(0, MAX_NAMES).join(', ')} and ${list.length - MAX_NAMES} more`;
}

/** Below a verdict that nothing is wrong: what it takes for granted, the stubs of imports included. */
export const restsOnLines = (result: StressResult, form: TextForm): string[] =>
  isRestTold(result) ? labelled('Rests on', result.restsOn.join('; '), form) : [];

type Judged = Pick<StressResult, 'verdict' | 'restsOn' | 'ifSuspended'>;

const isRestTold = ({ verdict, restsOn = [], ifSuspended = null }: Partial<Judged>): boolean =>
  (verdict === 'safe' || ifSuspended !== null) && restsOn.length > 0;
