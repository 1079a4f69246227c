/** The schedule of the worst finding: its trace, how to read it, how to replay it. */

import type { StressResult } from '../../stress/explore/result.ts';
import { plural } from '../../text/phrases.ts';
import { shortTrace } from './shortTrace.ts';
import { stepRows } from './stepRows.ts';
import { labelled, type PlacedForm, scheduleIn } from './textForm.ts';
import { traceTable } from './traceTable.ts';

const LEGEND = '-> read, = written; switch: preempts the previous caller; A2B1: two steps of A, then one of B';

const BUFFERED =
  '(buffered): the store waits in the store buffer of its caller; (reaches memory): the others see it now; a2: what A stored in its first two steps reaches memory';

/** What is shown: a schedule, and what happens under it. */
export type TracedSchedule = Pick<StressResult, 'schedule' | 'scenario' | 'trace'>;

/** Empty without a finding. `replay`: the command that replays a schedule, without the schedule. */
export function traceText(result: TracedSchedule, form: PlacedForm, replay: string): string[] {
  const { schedule, scenario, trace } = result;
  if (schedule === null) return [];
  const legend = trace.some(({ buffer }) => buffer !== undefined) ? `${LEGEND}; ${BUFFERED}` : LEGEND;
  if (trace.length === 0) return [`  Schedule ${scheduleIn(schedule, form)}`, replayLine(replay, schedule), ''];
  const hidden = form.full ? 0 : trace.filter((row) => !row.matters).length;
  const rows = stepRows(form.full ? trace : shortTrace(trace), scenario);
  const table = traceTable(rows, scenario.callers.length, {
    room: form.columns - 4,
    paint: form.paint,
    place: (row) => form.short(row),
  });
  return [
    `  Schedule ${scheduleIn(schedule, form)}`,
    ...table.map((line) => `    ${line}`),
    ...(hidden > 0 ? [`    ${plural(hidden, 'step')} on unshared cells omitted; --full shows them`] : []),
    ...labelled('Legend', legend, { columns: form.columns, wraps: true }).map((line) => form.paint.dim(line)),
    replayLine(replay, schedule),
    '',
  ];
}

/** Never broken into lines, so that it can be copied. */
const replayLine = (replay: string, schedule: string): string => `  Replay: ${replay} --schedule ${schedule}`;
