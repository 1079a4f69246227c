/** The short form of a trace: only rows that matter, near switches and ends of calls, without repetition. */

import type { TraceRow } from '../../stress/run/traceRows.ts';
import { plural } from '../../text/phrases.ts';

/** Rows kept around each switch and each end of a call. */
const NEAR = 6;
/** Longest repetition that is looked for, in rows, and how often it must occur to be folded. */
const LONGEST = 12;
const LEAST_TIMES = 3;
/** Most rows; of a longer trace the first and the last ones are shown. */
const MOST = 80;

/** Rows of the short form. A row with the `op` `gap` stands for omitted rows; its `cell` says which. */
export function shortTrace(trace: readonly TraceRow[]): TraceRow[] {
  return endsOf(nearEdges(withoutRepetition(trace.filter((row) => row.matters))));
}

const gap = (at: TraceRow, text: string): TraceRow => ({ ...at, op: 'gap', cell: text, switched: false });
const moreSteps = (count: number): string => plural(count, 'more step');

/** Folds what callers repeat, one of them or several in turn. */
function withoutRepetition(rows: readonly TraceRow[]): TraceRow[] {
  const keys = rows.map((row) =>
    [row.caller, row.call, row.op, row.offset, row.cell, row.read, row.written, row.notify?.woken, row.buffer].join(
      ' ',
    ),
  );
  const shown: TraceRow[] = [];
  for (let i = 0; i < rows.length; ) {
    const { length, times } = repetition(keys, i);
    if (times < LEAST_TIMES) {
      shown.push(rows[i++]);
      continue;
    }
    shown.push(...rows.slice(i, i + length));
    const above = length === 1 ? 'the step' : `these ${length} steps`;
    shown.push(gap(rows[i + length - 1], `${above} ${times - 1} more times`));
    i += length * times;
  }
  return shown;
}

/** The shortest sequence of rows at `at` that repeats often enough. */
function repetition(keys: readonly string[], at: number): { length: number; times: number } {
  for (let length = 1; length <= LONGEST; length++) {
    let same = 0;
    while (at + length + same < keys.length && keys[at + same] === keys[at + length + same]) same++;
    const times = 1 + Math.floor(same / length);
    if (times >= LEAST_TIMES) return { length, times };
  }
  return { length: 1, times: 1 };
}

function nearEdges(rows: readonly TraceRow[]): TraceRow[] {
  const keep = new Set<number>();
  rows.forEach((row, i) => {
    const ends = row.op === 'call' || row.op === 'return' || row.op === 'trap' || row.op === 'gap';
    if (row.switched || ends || rows[i - 1]?.caller !== row.caller)
      for (let k = i - NEAR; k <= i + NEAR; k++) keep.add(k);
  });
  const shown: TraceRow[] = [];
  let left = 0;
  rows.forEach((row, i) => {
    if (keep.has(i)) shown.push(row);
    else left++;
    if (left > 0 && (keep.has(i + 1) || i === rows.length - 1)) {
      shown.push(gap(row, moreSteps(left)));
      left = 0;
    }
  });
  return shown;
}

function endsOf(rows: TraceRow[]): TraceRow[] {
  if (rows.length <= MOST) return rows;
  const half = MOST / 2;
  const left = rows.length - 2 * half;
  return [...rows.slice(0, half), gap(rows[half], moreSteps(left)), ...rows.slice(-half)];
}
