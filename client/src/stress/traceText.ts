/** The schedule of the worst finding: what happens under it, how to read that, how to replay it. */
import type { StressResult, TraceRow } from './engine/result.ts';
import { counted, labelled, type TextForm } from './textForm.ts';
import { traceTable } from './traceTable.ts';

/** Rows of the trace around each switch and each end of a call that it shows, when there are more than twice as many. */
const NEAR = 6;
const LEGEND = '-> read, = written; switch: the caller before could have gone on; A2B1: two steps of A, then one of B';

export function traceText(result: StressResult, form: TextForm, replay: string): string[] {
  const { schedule, scenario, trace } = result;
  if (schedule === null) return [];
  if (trace.length === 0) return [`  Schedule ${schedule}`, replayLine(replay, schedule), ''];
  const matters = form.full ? trace : trace.filter((row) => row.matters);
  const hidden = trace.length - matters.length;
  const table = traceTable(form.full ? matters : nearSwitches(matters), scenario.callers.length, {
    room: form.columns - 4,
    paint: form.paint,
    place: (row) => form.short(row),
  });
  return [
    `  Schedule ${schedule}`,
    ...table.map((line) => `    ${line}`),
    ...(hidden > 0 ? [`    ${counted(hidden, 'step')} on cells of one caller alone left out; --full`] : []),
    ...labelled('Legend', LEGEND, { columns: form.columns, wraps: true }).map((line) => form.paint.dim(line)),
    replayLine(replay, schedule),
    '',
  ];
}

/** Never broken into lines: it is there to be copied. */
const replayLine = (replay: string, schedule: string): string => `  Replay: ${replay} --schedule ${schedule}`;

/** Rows around switches and ends of calls; a row `gap` stands for what is left out between them. */
function nearSwitches(rows: readonly TraceRow[]): TraceRow[] {
  const keep = new Set<number>();
  rows.forEach((row, i) => {
    const edge =
      row.switched ||
      row.op === 'call' ||
      row.op === 'return' ||
      row.op === 'trap' ||
      rows[i - 1]?.caller !== row.caller;
    if (edge) for (let k = i - NEAR; k <= i + NEAR; k++) keep.add(k);
  });
  const shown: TraceRow[] = [];
  let gap = 0;
  const close = (before: TraceRow): void => {
    if (gap > 0) shown.push({ ...before, op: 'gap', cell: String(gap), switched: false });
    gap = 0;
  };
  rows.forEach((row, i) => {
    if (!keep.has(i)) {
      gap++;
      return;
    }
    if (i > 0) close(rows[i - 1]);
    shown.push(row);
  });
  if (rows.length > 0) close(rows[rows.length - 1]);
  return shown;
}
