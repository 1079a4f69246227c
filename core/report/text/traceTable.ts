/** A trace as a table: a column for each caller, a row for each step, in the order of the schedule. */

import { shorten } from '../../harmless/names.ts';
import type { TraceRow } from '../../stress/run/traceRows.ts';
import { callerName } from '../../stress/scenario/scenario.ts';
import { number } from '../../text/phrases.ts';
import { countText, wokenText } from './notifyText.ts';
import { widthOf } from './style.ts';
import { type Painted, padded } from './textForm.ts';

/** How a trace is laid out; `place` is empty for rows without a known place. */
export interface TraceTableOptions {
  /** Characters of a line. */
  room: number;
  paint: Painted;
  place(row: TraceRow): string;
}

/** Narrowest column that still shows steps well. With less room, callers have a mark each instead of a column. */
const MIN_WIDTH = 32;
const HANGING = '      ';

/** A step as pieces, between which a line may be broken. */
interface Step {
  row: TraceRow;
  pieces: string[];
}

/**
 * Lines without indentation. If the columns of all callers do not fit, the steps share one column, and a mark beside it
 * tells whose they are.
 */
export function traceTable(rows: readonly TraceRow[], callers: number, options: TraceTableOptions): string[] {
  const steps = rows.map((row): Step => ({ row, pieces: piecesOf(row, options) }));
  const widths = widthsOf(steps, callers, options.room);
  return widths === undefined ? markedTable(steps, callers, options) : columnTable(steps, widths, options);
}

/** Widths of the columns; undefined when they do not fit side by side. */
function widthsOf(steps: readonly Step[], callers: number, room: number): number[] | undefined {
  const wanted = Array.from({ length: callers }, () => 16);
  for (const { row, pieces } of steps) wanted[row.caller] = Math.max(wanted[row.caller], widthOf(pieces.join('')));
  let rest = room - 3 * (callers - 1);
  const widths = new Array<number>(callers).fill(0);
  // Narrow columns first: what they do not need goes to the others.
  const order = wanted.map((_, i) => i).sort((a, b) => wanted[a] - wanted[b]);
  for (const [done, i] of order.entries()) {
    widths[i] = Math.min(wanted[i], Math.floor(rest / (callers - done)));
    if (widths[i] < Math.min(wanted[i], MIN_WIDTH)) return undefined;
    rest -= widths[i];
  }
  return widths;
}

function columnTable(steps: readonly Step[], widths: readonly number[], { paint }: TraceTableOptions): string[] {
  const line = (cells: readonly string[]): string =>
    cells
      .map((cell, i) => padded(cell, widths[i]))
      .join(' | ')
      .trimEnd();
  const at = (caller: number, text: string): string => line(widths.map((_, i) => (i === caller ? text : '')));
  const lines = [paint.bold(line(widths.map((_, i) => callerName(i)))), line(widths.map((width) => '-'.repeat(width)))];
  for (const { row, pieces } of steps) {
    if (row.switched) lines.push(paint.dim(at(row.caller, 'switch')));
    for (const text of broken(pieces, widths[row.caller])) lines.push(painted(row, at(row.caller, text), paint));
  }
  return lines;
}

/** For many callers: a mark in the caller's column, and the step beside it. */
function markedTable(steps: readonly Step[], callers: number, { paint, room }: TraceTableOptions): string[] {
  const names = Array.from({ length: callers }, (_, i) => callerName(i));
  const marks = (caller: number): string => names.map((name, i) => (i === caller ? name : '.')).join(' ');
  const blank = ' '.repeat(2 * callers - 1);
  const width = Math.max(room - blank.length - 3, 20);
  const lines = [
    paint.bold(names.join(' ')),
    `${'-'.repeat(blank.length)} | ${'-'.repeat(Math.min(width, MIN_WIDTH))}`,
  ];
  for (const { row, pieces } of steps) {
    if (row.switched) lines.push(paint.dim(`${marks(row.caller)} | switch`));
    broken(pieces, width).forEach((text, i) => {
      lines.push(painted(row, `${i === 0 ? marks(row.caller) : blank} | ${text}`.trimEnd(), paint));
    });
  }
  return lines;
}

const painted = ({ op }: TraceRow, line: string, paint: Painted): string => (op === 'trap' ? paint.red(line) : line);

/**
 * What a step did: `i32.store memory[0] 0x448..0x44c`; `lib.rs:31 counter::COUNTER` where the source is known. A plain load
 * or store of a variable goes without saying.
 */
function deedOf({ op, cell, place: site, variable }: TraceRow): string[] {
  const line = site === undefined ? [] : [` ${fileOf(site.file)}:${site.line}`];
  const what = variable?.name ?? cell;
  const deed = variable !== undefined && PLAIN.test(op) ? [] : [` ${op}`];
  const [first, ...more] = [...line, ...deed, ...(what === '' ? [] : [` ${what}`])];
  return [` ${first}`, ...more];
}

const PLAIN = /^(?:(?:[if](?:32|64)|v128)\.(?:load|store)(?:\d+(?:_[su])?)?|global\.[gs]et)$/;
/** A column has no room for folders. */
const fileOf = (path: string): string => path.slice(path.search(/[^\\/]*$/));

/** The pieces of a step: `inc()`, `  global.get $n`, ` -> 0`, `  $inc 0x29`. */
function piecesOf(row: TraceRow, { place }: Pick<TraceTableOptions, 'place'>): string[] {
  if (row.op === 'call') return [row.cell];
  if (row.op === 'told') return [row.read ?? ''];
  if (row.op === 'gap') return [`  ... ${row.cell}`];
  if (row.op === 'return') return [`return ${row.read ?? ''}`.trimEnd()];
  const at = place(row);
  const where = at === '' ? [] : [`  ${at}`];
  if (row.op === 'trap') return [`trap: ${row.read ?? ''}`, ...where];
  const read = row.read === undefined ? [] : [` -> ${row.read}`];
  const written = row.written === undefined ? [] : [` = ${row.written}`];
  const notify = row.notify === undefined ? [] : [` (count ${countText(row.notify)}: ${wokenText(row.notify)})`];
  const buffer = row.buffer === undefined ? [] : [row.buffer === 'waits' ? ' (buffered)' : ' (reaches memory)'];
  const times = row.times > 1 ? [` (first of ${number(row.times)})`] : [];
  return [...deedOf(row), ...read, ...written, ...notify, ...buffer, ...times, ...where];
}

/** A step in one line, without its place: `global.get $n -> 0`. */
export const stepLine = (row: TraceRow): string =>
  piecesOf(row, { place: () => '' })
    .join('')
    .trim();

/** Pieces in lines of at most `width` characters; a longer piece is shortened in the middle. */
function broken(pieces: readonly string[], width: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const piece of pieces) {
    if (line !== '' && widthOf(line) + widthOf(piece) > width) {
      lines.push(line);
      line = `${HANGING}${piece.trimStart()}`;
    } else line += piece;
    line = shorten(line, width);
  }
  return [...lines, line];
}
