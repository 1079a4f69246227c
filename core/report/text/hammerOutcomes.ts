/** The table of outcomes of a hammer run: outcome, samples, frequency, meaning. */

import type { HammerOutcome, HammerResult } from '../../stress/hammer/hammerResult.ts';
import { callerName } from '../../stress/scenario/scenario.ts';
import { stepText } from '../../stress/scenario/steps.ts';
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
  const { rounds, threads, roundsPerSecond, outcomes, seen, serial, serialComplete } = result;
  if (rounds === 0) return [];
  const shown = form.full ? outcomes : outcomes.slice(0, MAX_ROWS);
  const of = serialComplete ? 'all serial orders' : 'serial orders so far';
  const rate = `${plural(rounds, 'round')} on ${plural(threads, 'thread')} (${number(roundsPerSecond)} rounds/s)`;
  return [
    ...labelled('Outcomes', `${rate}: ${number(seen)} seen; ${of} give ${number(serial)}`, form),
    ...tableOf(result, shown, form),
    ...(seen > shown.length ? [`${INDENT}and ${plural(seen - shown.length, 'more outcome')}`] : []),
    '',
    ...trapsOf(result, form),
  ];
}

/** The widest form that fits: headings are calls, or headings are callers, or each outcome is a sentence. */
function tableOf({ scenario }: HammerResult, outcomes: readonly HammerOutcome[], form: TextForm): string[] {
  const probes = scenario.probe.length > 0;
  const names = scenario.callers.map((_, i) => callerName(i));
  const calls = scenario.callers.map((list, i) => `${names[i]}: ${list.map(stepText).join('; ')}`);
  const cells = outcomes.map(({ results, probe, samples, frequency }) => [
    ...results.map((list) => list.join(', ')),
    ...(probes ? [probe.join(', ')] : []),
    number(samples),
    shareOf(frequency),
  ]);
  const heads = [
    [...calls, ...(probes ? [`then ${scenario.probe.map(stepText).join('; ')}`] : []), 'samples', 'frequency'],
    [...names, ...(probes ? ['then'] : []), 'samples', 'frequency'],
  ];
  const painted = (lines: readonly string[], outcome: HammerOutcome): string[] =>
    isWrong(outcome) ? lines.map(form.paint.red) : [...lines];
  const states = ({ state }: HammerOutcome): string[] => state.flatMap((text) => indented(text, form, 6));
  for (const head of outcomes.length === 0 ? [] : heads) {
    const lines = aligned([head, ...cells]);
    const meanings = outcomes.map(meaningOf);
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
    const texts = results.map((list, i) => `${names[i]} ${list.join(', ')}`);
    if (probes) texts.push(`then ${probe.join(', ')}`);
    const text = `${number(samples)} (${shareOf(frequency)}): ${texts.join(' | ')}; ${meaningOf(outcome)}`;
    return painted([...indented(text, { ...form, wraps: true }), ...states(outcome)], outcome);
  });
}

/** Columns of results are left-aligned, the two numbers at the end right-aligned. */
function aligned(table: readonly string[][]): string[] {
  const widths = table[0].map((_, i) => Math.max(...table.map((row) => widthOf(row[i]))));
  return table.map((row) => {
    const texts = row.map((cell, i) => (i < row.length - 2 ? padded(cell, widths[i]) : cell.padStart(widths[i])));
    return `${INDENT}${texts.join('  ')}`;
  });
}

const isWrong = ({ kind }: HammerOutcome): boolean => kind === 'wrong' || kind === 'wrong-state';

function meaningOf({ kind, order, found }: HammerOutcome): string {
  if (kind === 'serial') return `serial order ${order ?? ''}`;
  if (kind === 'not-judged') return 'not judged';
  const what =
    kind === 'wrong' ? 'wrong: no serial order gives it' : 'wrong: leaves a state that no serial order leaves';
  if (found === null) return what;
  if (found.how === 'schedule') return `${what}; schedule ${found.schedule}`;
  return found.how === 'not-sequential'
    ? `${what}, and no order of steps: memory is not sequentially consistent`
    : `${what}; no schedule found in ${plural(found.schedules, 'execution')}`;
}

function trapsOf({ traps, scenario }: HammerResult, form: TextForm): string[] {
  if (traps.length === 0) return [];
  const more = traps.length > MAX_TRAPS ? [`${INDENT}and ${plural(traps.length - MAX_TRAPS, 'more trap')}`] : [];
  return [
    '  Traps only under concurrency:',
    ...traps.slice(0, MAX_TRAPS).flatMap(({ caller, call, trap, samples }) => {
      const what = `${callerName(caller)} in ${stepText(scenario.callers[caller][call])}: ${trap}`;
      return indented(`${what}, in ${plural(samples, 'round')}`, form);
    }),
    ...more,
    '',
  ];
}
