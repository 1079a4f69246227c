/** A trace as a table: a column for each caller, a row for each step, in the order of the schedule. */
import { shorten } from '../../../server/src/wasm/displayNames.ts';
import type { TraceRow } from './engine/result.ts';
import { callerName } from './engine/scenario.ts';
import type { Painted } from './outcomesText.ts';

export interface TraceTableOptions {
  columns: number | undefined;
  paint: Painted;
  place(row: TraceRow): string;
}

const DEFAULT_COLUMNS = 120;
const MIN_WIDTH = 24;

export function traceTable(rows: readonly TraceRow[], callers: number, options: TraceTableOptions): string[] {
  const room = Math.max((options.columns ?? DEFAULT_COLUMNS) - 6, 60);
  const steps = rows.map((row) => ({ row, text: stepText(row, options) }));
  const wanted = Array.from({ length: callers }, (_, caller) =>
    Math.max(MIN_WIDTH, ...steps.filter(({ row }) => row.caller === caller).map(({ text }) => text.length)),
  );
  const most = Math.floor((room - 3 * (callers - 1)) / callers);
  const widths = wanted.map((width) => Math.max(MIN_WIDTH, Math.min(width, most)));
  const line = (cells: readonly string[]): string =>
    cells
      .map((cell, i) => shorten(cell, widths[i]).padEnd(widths[i]))
      .join(' | ')
      .trimEnd();
  const lines = [
    options.paint.bold(line(widths.map((_, i) => callerName(i)))),
    line(widths.map((width) => '-'.repeat(width))),
  ];
  for (const { row, text } of steps) {
    if (row.switched) lines.push(options.paint.dim(line(widths.map((_, i) => (i === row.caller ? 'switch' : '')))));
    const plain = line(widths.map((_, i) => (i === row.caller ? text : '')));
    lines.push(row.op === 'trap' ? options.paint.red(plain) : plain);
  }
  return lines;
}

/** `inc()`, `  global.get $n -> 0  $inc 0x29`, `  return 1`. */
function stepText(row: TraceRow, { place }: TraceTableOptions): string {
  if (row.op === 'call') return row.cell;
  if (row.op === 'gap') return `  ... ${row.cell} more steps`;
  if (row.op === 'return') return `return ${row.read ?? ''}`.trimEnd();
  if (row.op === 'trap') return `trap: ${row.read ?? ''}`;
  const read = row.read === undefined ? '' : ` -> ${row.read}`;
  const written = row.written === undefined ? '' : ` = ${row.written}`;
  const times = row.times > 1 ? ` (${row.times} times)` : '';
  return `  ${row.op} ${row.cell}${read}${written}${times}  ${place(row)}`.trimEnd();
}
