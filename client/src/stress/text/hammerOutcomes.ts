/** The table of outcomes of a hammer run: outcome, samples, frequency, what it means. */
import { widthOf } from '../../text/style.ts';
import type { HammerOutcome, HammerResult } from '../engine/hammer/hammerResult.ts';
import { callerName, callText } from '../engine/scenario.ts';
import type { HammerForm } from './hammerText.ts';
import { shareOf } from './hammerText.ts';
import { counted, inNumbers, padded } from './textForm.ts';

/** Rows of the short form. */
const MAX_ROWS = 12;
const MAX_TRAPS = 5;
const INDENT = '    ';

export function hammerOutcomes(result: HammerResult, form: HammerForm): string[] {
  const { rounds, threads, roundsPerSecond, outcomes, seen, serial, serialComplete } = result;
  if (rounds === 0) return [];
  const shown = form.full ? outcomes : outcomes.slice(0, MAX_ROWS);
  const of = serialComplete ? 'all serial orders' : 'serial orders so far';
  return [
    `  Outcomes of ${counted(rounds, 'round')} on ${counted(threads, 'thread')} (${inNumbers(roundsPerSecond)} rounds/s): ${inNumbers(seen)} seen; ${of} give ${inNumbers(serial)}`,
    ...tableOf(result, shown, form),
    ...(seen > shown.length ? [`${INDENT}and ${counted(seen - shown.length, 'more outcome')}`] : []),
    ...shown.flatMap(({ state }) => state.map((text) => `${INDENT}${text}`)),
    '',
    ...trapsOf(result),
  ];
}

function tableOf({ scenario }: HammerResult, outcomes: readonly HammerOutcome[], form: HammerForm): string[] {
  const probes = scenario.probe.length > 0;
  const names = scenario.callers.map((_, i) => callerName(i));
  const calls = scenario.callers.map((list, i) => `${names[i]}: ${list.map(callText).join('; ')}`);
  const numbers = outcomes.map(({ samples, frequency }) => [inNumbers(samples), shareOf(frequency)]);
  const widths = [0, 1].map((i) => Math.max(9 - 2 * (1 - i), ...numbers.map((row) => widthOf(row[i]))));
  const cells = outcomes.map(({ results, probe }) => [
    ...results.map((list) => list.join(', ')),
    ...(probes ? [probe.join(', ')] : []),
  ]);
  const heads = [
    [...calls, ...(probes ? [`then ${scenario.probe.map(callText).join('; ')}`] : [])],
    [...names, ...(probes ? ['then'] : [])],
  ];
  const lines = (head: readonly string[]): string[] => {
    const columns = head.map((text, i) => Math.max(widthOf(text), ...cells.map((row) => widthOf(row[i]))));
    const line = (row: readonly string[], [samples, share]: readonly string[], meaning: string): string =>
      `${INDENT}${row.map((cell, i) => padded(cell, columns[i])).join('  ')}  ${samples.padStart(widths[0])}  ${share.padStart(widths[1])}  ${meaning}`.trimEnd();
    return [
      line(head, ['samples', 'frequency'], ''),
      ...outcomes.map((one, i) => line(cells[i], numbers[i], meaningOf(one))),
    ];
  };
  const fitting = heads.map(lines).find((some) => Math.max(...some.map(widthOf)) <= form.columns) ?? lines(heads[1]);
  return fitting.map((line, i) => (i > 0 && isWrong(outcomes[i - 1]) ? form.paint.red(line) : line));
}

const isWrong = ({ kind }: HammerOutcome): boolean => kind === 'wrong' || kind === 'wrong-state';

function meaningOf({ kind, order, found }: HammerOutcome): string {
  if (kind === 'serial') return `serial order ${order ?? ''}`;
  if (kind === 'not-judged') return 'not judged';
  const what = kind === 'wrong' ? 'wrong: no serial order gives it' : 'wrong: another state than serial orders leave';
  if (found === null) return what;
  if (found.how === 'schedule') return `${what}; schedule ${found.schedule}`;
  return found.how === 'not-sequential'
    ? `${what}, and no order of steps: memory is not sequentially consistent`
    : `${what}; no schedule found in ${counted(found.schedules, 'execution')}`;
}

function trapsOf({ traps, scenario }: HammerResult): string[] {
  if (traps.length === 0) return [];
  const more = traps.length > MAX_TRAPS ? [`${INDENT}and ${counted(traps.length - MAX_TRAPS, 'more trap')}`] : [];
  return [
    '  Traps only under concurrency:',
    ...traps
      .slice(0, MAX_TRAPS)
      .map(
        ({ caller, call, trap, samples }) =>
          `${INDENT}${callerName(caller)} in ${callText(scenario.callers[caller][call])}: ${trap}, in ${counted(samples, 'round')}`,
      ),
    ...more,
    '',
  ];
}
