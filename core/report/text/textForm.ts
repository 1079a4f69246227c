/** What all parts of a text share: how much, how wide, which colours, how places are written. */

import type { Place } from '../../stress/run/traceRows.ts';
import { shorten } from '../../wasm/displayNames.ts';
import { type palette, widthOf, wrap } from './style.ts';

export type Painted = ReturnType<typeof palette>;

export interface TextForm {
  /** Everything: all races, all outcomes, all rows of the trace. */
  full: boolean;
  paint: Painted;
  /** Characters of a line. */
  columns: number;
  /** Whether sentences are broken into lines: the reader's window has an end. */
  wraps: boolean;
}

/** For results with places in the module. */
export interface PlacedForm extends TextForm {
  /** Function and place within the module, `$add 13:34`. */
  short(place: Place): string;
  /** The same so that an editor's terminal can follow it, `$add counter.wat:13:34`. */
  long(place: Place): string;
}

const DEFAULT_COLUMNS = 120;
/** Lines are not made narrower than that. */
const MIN_COLUMNS = 60;

/** Characters of a line, for a window of so many columns or of none. */
export const columnsOf = (columns: number | undefined): number => Math.max(columns ?? DEFAULT_COLUMNS, MIN_COLUMNS);

/** A sentence behind a label, its further lines under its first. */
export function labelled(
  label: string,
  text: string,
  { columns, wraps }: Pick<TextForm, 'columns' | 'wraps'>,
): string[] {
  const head = `  ${label}: `;
  if (!wraps) return [`${head}${text}`];
  const room = Math.max(columns - 4, 20);
  const [first, ...more] = wrap(`${head.trimStart()}${text}`, room);
  return [`  ${first}`, ...more.map((line) => `    ${line}`)];
}

/** A sentence below a heading, `depth` spaces to the right, its further lines two more. */
export function indented(text: string, { columns, wraps }: Pick<TextForm, 'columns' | 'wraps'>, depth = 4): string[] {
  const space = ' '.repeat(depth);
  if (!wraps) return [`${space}${text}`];
  const [first, ...more] = wrap(text, Math.max(columns - depth - 2, 20));
  return [`${space}${first}`, ...more.map((line) => `${space}  ${line}`)];
}

/** A schedule that is there to be read; a long one is whole in the full form, and in the command that replays. */
export const scheduleIn = (schedule: string, { full, columns }: Pick<TextForm, 'full' | 'columns'>): string =>
  full ? schedule : shorten(schedule, columns - 30);

/** Spaces to the right, up to `width` characters. */
export const padded = (text: string, width: number): string => text + ' '.repeat(Math.max(width - widthOf(text), 0));
