/** Outcomes: the wrong ones that were seen, beside those of serial orders. */

import type { StressResult, WrongOutcome } from '../../stress/explore/result.ts';
import { callerName } from '../../stress/scenario/scenario.ts';
import { stepText } from '../../stress/scenario/steps.ts';
import { toldResults } from '../../stress/scenario/toldResults.ts';
import { callerText } from '../../stress/scenario/units.ts';
import type { Results } from '../../stress/session/job.ts';
import { number, plural } from '../../text/phrases.ts';
import { widthOf } from './style.ts';
import { labelled, padded, type TextForm } from './textForm.ts';

/** Most rows of serial and of wrong outcomes in the short form. */
const MAX_SERIAL = 6;
const MAX_WRONG = 3;
const INDENT = '    ';

/** An outcome of the table. */
interface Row {
  label: string;
  results: Results;
  probe: readonly string[];
  wrong: boolean;
}

/** A table of outcomes, wrong ones first; empty for a safe result with at most one serial outcome. */
export function outcomesText(result: StressResult, form: TextForm): string[] {
  const { outcomes, verdict, unit } = result;
  const { serial, serialComplete, serialMore, seen } = outcomes;
  const wrong = form.full ? outcomes.wrong : outcomes.wrong.slice(0, MAX_WRONG);
  const examples = form.full ? outcomes.examples : outcomes.examples.slice(0, MAX_SERIAL);
  const rows: Row[] = [
    ...wrong.map((one) => ({
      ...one,
      label: `${labelOf(one)}${form.full ? `, ${one.schedule}` : ''}`,
      wrong: true,
    })),
    ...examples.map((one) => ({ ...one, label: `serial order ${one.order}`, wrong: false })),
  ];
  if (rows.length === 0 || (verdict === 'safe' && serial <= 1)) return [];
  const moreWrong = outcomes.wrong.length - wrong.length;
  const moreSerial = serial - examples.length;
  const least = serialMore ? 'more than ' : '';
  return [
    `  Outcomes: ${number(seen)} seen; ${serialComplete ? 'all serial orders' : 'serial orders so far'}${unit === 'sequence' ? ' of whole sequences' : ''} give ${least}${number(serial)}`,
    ...tableOf(result, rows, form),
    ...(moreWrong > 0 ? [`${INDENT}and ${plural(moreWrong, 'more wrong outcome')}`] : []),
    ...(moreSerial > 0 ? [`${INDENT}and ${least}${plural(moreSerial, 'more serial outcome')}`] : []),
    ...wrong.flatMap(({ state }) => state.map((text) => `${INDENT}${text}`)),
    '',
  ];
}

function labelOf({ state, order }: WrongOutcome): string {
  if (order !== null) return `seen, calls in order ${order}`;
  return state.length > 0 ? 'seen, wrong state' : 'seen, wrong';
}

/** The widest form that fits: headings are calls, or headings are callers, or each outcome is a line of its own. */
function tableOf({ scenario }: StressResult, rows: readonly Row[], form: TextForm): string[] {
  const probes = scenario.probe.length > 0;
  const cells = rows.map(({ label, results, probe }) => [
    label,
    ...results.map((list, i) => toldResults(scenario.callers[i], list).join(', ')),
    ...(probes ? [toldResults(scenario.probe, probe).join(', ')] : []),
  ]);
  const names = scenario.callers.map((_, i) => callerName(i));
  const calls = scenario.callers.map((_, i) => `${names[i]}: ${callerText(scenario, i)}`);
  const heads = [
    ['', ...calls, ...(probes ? [`then ${scenario.probe.map(stepText).join('; ')}`] : [])],
    ['', ...names, ...(probes ? ['then'] : [])],
  ];
  for (const head of heads) {
    const lines = aligned([head, ...cells]);
    if (Math.max(...lines.map(widthOf)) > form.columns) continue;
    return lines.map((line, i) => (i > 0 && rows[i - 1].wrong ? form.paint.red(line) : line));
  }
  return cells.flatMap(([label, ...results], r) => {
    const text = results.map((list, i) => `${heads[1][i + 1]} ${list}`).join(' | ');
    const lines = labelled(`  ${label}`, text, { columns: form.columns, wraps: true });
    return rows[r].wrong ? lines.map(form.paint.red) : lines;
  });
}

function aligned(table: readonly string[][]): string[] {
  const widths = table[0].map((_, i) => Math.max(...table.map((row) => widthOf(row[i] ?? ''))));
  return table.map((row) => `${INDENT}${row.map((cell, i) => padded(cell, widths[i])).join('  ')}`.trimEnd());
}
