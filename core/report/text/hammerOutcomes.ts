/** The table of outcomes of a hammer run: outcome, samples, frequency, meaning. */

import {
  type ConcurrentTrap,
  type Found,
  type HammerOutcome,
  type HammerResult,
  isWrongKind,
} from '../../stress/hammer/hammerResult.ts';
import { callerName } from '../../stress/scenario/scenario.ts';
import { stepText } from '../../stress/scenario/steps.ts';
import { toldResults } from '../../stress/scenario/toldResults.ts';
import { callerText, divisionText, unitOf } from '../../stress/scenario/units.ts';
import { t } from '../../text/l10n.ts';
import { number, plural } from '../../text/phrases.ts';
import { shareOf } from '../verdicts.ts';
import { widthOf } from './style.ts';
import { indented, labelled, padded, type TextForm } from './textForm.ts';

/** Most rows of the short form. */
const MAX_ROWS = 12;
const MAX_TRAPS = 5;
const INDENT = '    ';

/**
 * The table, then the traps that no serial order gives; empty if no round was run. The short form ends after 12
 * outcomes.
 */
export function hammerOutcomes(result: HammerResult, form: TextForm): string[] {
  const { rounds, threads, roundsPerSecond } = result;
  if (rounds === 0) return [];
  const rate = `${plural(rounds, 'round')} on ${plural(threads, 'thread')} (${number(roundsPerSecond)} rounds/s)`;
  return [...outcomeLines('Outcomes', rate, result, form), '', ...trapsOf(result, form)];
}

/** Outcomes of rounds as they are counted and judged, wherever they were run. */
export type CountedOutcomes = Pick<
  HammerResult,
  'scenario' | 'outcomes' | 'seen' | 'notJudged' | 'serial' | 'serialComplete'
>;

/** The table with a line above it that says how many rounds there were. */
export function outcomeLines(label: string, rate: string, result: CountedOutcomes, form: TextForm): string[] {
  const { outcomes, seen, notJudged } = result;
  const shown = form.full ? outcomes : outcomes.slice(0, MAX_ROWS);
  return [
    ...labelled(label, `${rate}: ${outcomeCounts(result)}`, form),
    ...tableOf(result, shown, form),
    ...moreOutcomes(seen + notJudged - shown.length),
  ];
}

/** How many outcomes there were; those that were not judged are not compared with serial ones. */
export function outcomeCounts({ seen, notJudged, serial, serialComplete }: CountedOutcomes): string {
  const judged = serialComplete
    ? t('{0} seen; all serial orders give {1}', number(seen), number(serial))
    : t('{0} seen; serial orders so far give {1}', number(seen), number(serial));
  if (notJudged === 0) return judged;
  const others = t('{0} not judged', plural(notJudged, 'outcome'));
  return seen === 0 ? others : `${judged}; ${others}`;
}

const moreOutcomes = (count: number): string[] => (count > 0 ? [`${INDENT}and ${plural(count, 'more outcome')}`] : []);

/** The widest form that fits: headings are calls, or headings are callers, or each outcome is a sentence. */
function tableOf({ scenario }: CountedOutcomes, outcomes: readonly HammerOutcome[], form: TextForm): string[] {
  const probes = scenario.probe.length > 0;
  const names = scenario.callers.map((_, i) => callerName(i));
  const calls = scenario.callers.map((_, i) => `${names[i]}: ${callerText(scenario, i)}`);
  const cells = outcomes.map(({ results, probe, samples, frequency }) => [
    ...results.map((list, i) => toldResults(scenario.callers[i], list).join(', ')),
    ...(probes ? [toldResults(scenario.probe, probe).join(', ')] : []),
    number(samples),
    ...(frequency === null ? [] : [shareOf(frequency)]),
  ]);
  const counts = outcomes.some(({ frequency }) => frequency !== null) ? ['samples', 'frequency'] : ['samples'];
  const heads = [
    [...calls, ...(probes ? [`then ${scenario.probe.map(stepText).join('; ')}`] : []), ...counts],
    [...names, ...(probes ? ['then'] : []), ...counts],
  ];
  const painted = (lines: readonly string[], outcome: HammerOutcome): string[] =>
    isWrongKind(outcome) ? lines.map(form.paint.red) : [...lines];
  const states = ({ state }: HammerOutcome): string[] => state.flatMap((text) => indented(text, form, 6));
  for (const head of outcomes.length === 0 ? [] : heads) {
    const lines = aligned([head, ...cells], counts.length);
    const meanings = outcomes.map((one) => outcomeMeaning(one, scenario));
    const width = Math.max(...lines.map(widthOf)) + 2;
    if (width > form.columns) continue;
    return [
      lines[0].trimEnd(),
      ...outcomes.flatMap((outcome, i) => {
        const line = padded(lines[i + 1], width);
        const beside = width + widthOf(meanings[i]) <= form.columns;
        const text = beside
          ? [line + meanings[i]]
          : [line.trimEnd(), ...indented(meanings[i], { ...form, wraps: true }, 6)];
        return painted([...text, ...states(outcome)], outcome);
      }),
    ];
  }
  return outcomes.flatMap((outcome) => {
    const { results, probe, samples, frequency } = outcome;
    const texts = results.map((list, i) => `${names[i]} ${toldResults(scenario.callers[i], list).join(', ')}`);
    if (probes) texts.push(`then ${toldResults(scenario.probe, probe).join(', ')}`);
    const share = frequency === null ? '' : ` (${shareOf(frequency)})`;
    const text = `${number(samples)}${share}: ${texts.join(' | ')}; ${outcomeMeaning(outcome, scenario)}`;
    return painted([...indented(text, { ...form, wraps: true }), ...states(outcome)], outcome);
  });
}

/** Columns of results are left-aligned, the numbers at the end right-aligned. */
function aligned(table: readonly string[][], numbers: number): string[] {
  const widths = table[0].map((_, i) => Math.max(...table.map((row) => widthOf(row[i]))));
  return table.map((row) => {
    const texts = row.map((cell, i) => (i < row.length - numbers ? padded(cell, widths[i]) : cell.padStart(widths[i])));
    return `${INDENT}${texts.join('  ')}`;
  });
}

/**
 * What an outcome means: which serial order gives it, or how it is wrong, and what exploration found about it; with its
 * schedule unless that is `linked`.
 */
export function outcomeMeaning(
  { kind, order, found }: HammerOutcome,
  scenario: HammerResult['scenario'],
  linked = false,
): string {
  if (kind === 'serial') return t('serial order {0}', order ?? '');
  if (kind === 'not-judged') return t('not judged');
  const what = wrongMeaning(kind, order, scenario);
  if (found === null) return what;
  if (found.how === 'schedule') {
    const told = withBuffers(what, found);
    return linked ? told : t('{0}; schedule {1}', told, found.schedule);
  }
  return found.how === 'not-sequential'
    ? t('{0}, and no order of steps: memory is not sequentially consistent', what)
    : t('{0}; no schedule found in {1}', what, plural(found.schedules, 'execution'));
}

/** What an outcome means, and that its schedule has store buffers. */
function withBuffers(what: string, { storeBuffers }: Extract<Found, { how: 'schedule' }>): string {
  if (storeBuffers === undefined) return what;
  return storeBuffers === 'only'
    ? t('{0}; only where hardware reorders stores', what)
    : t('{0}; found only where hardware reorders stores', what);
}

function wrongMeaning(
  kind: Exclude<HammerOutcome['kind'], 'serial' | 'not-judged'>,
  order: string | null,
  scenario: HammerResult['scenario'],
): string {
  switch (kind) {
    case 'divided':
      return t('correct call by call ({0}); {1}', String(order), divisionText(scenario, order ?? ''));
    case 'expectation':
      return order === null
        ? t('wrong: what the scenario expects does not hold')
        : t('wrong: what the scenario expects does not hold, not even in serial order {0}', order);
    case 'wrong':
      return unitOf(scenario) === 'sequence'
        ? t('wrong: no serial order of whole sequences gives it')
        : t('wrong: no serial order gives it');
    case 'wrong-state':
      return t('wrong: leaves a state that no serial order leaves');
  }
}

/** A trap that no serial order gives. */
export function concurrentTrapText(
  { caller, call, trap, samples }: ConcurrentTrap,
  { callers }: HammerResult['scenario'],
): string {
  return t(
    '{0} in {1}: {2}, in {3}',
    callerName(caller),
    stepText(callers[caller][call]),
    trap,
    plural(samples, 'round'),
  );
}

function trapsOf({ traps, scenario }: HammerResult, form: TextForm): string[] {
  if (traps.length === 0) return [];
  const more = traps.length > MAX_TRAPS ? [`${INDENT}and ${plural(traps.length - MAX_TRAPS, 'more trap')}`] : [];
  return [
    '  Traps only under concurrency:',
    ...traps.slice(0, MAX_TRAPS).flatMap((trap) => indented(concurrentTrapText(trap, scenario), form)),
    ...more,
    '',
  ];
}
