/** What all parts of a text share: amount, width, colours, how places are written. */

import { shorten } from '../../harmless/names.ts';
import type { Place } from '../../stress/run/traceRows.ts';
import { type palette, widthOf, wrap } from './style.ts';

/** The colours of `palette`, by name. */
export type Painted = ReturnType<typeof palette>;

/** How a text is laid out. */
export interface TextForm {
  /** Everything rather than the most important. */
  full: boolean;
  paint: Painted;
  /** Characters of a line. */
  columns: number;
  /** Whether sentences are broken into lines, because the width of the window is known. */
  wraps: boolean;
}

/** For results with places in the module. */
export interface PlacedForm extends TextForm {
  /** Function and place within the module, `$add 13:34`. */
  short(place: Place): string;
  /** The same in the form that terminals make a link of, `$add counter.wat:13:34`. */
  long(place: Place): string;
}

const DEFAULT_COLUMNS = 120;
/** Lines are never narrower, whatever the window is. */
const MIN_COLUMNS = 60;

/** Characters of a line, for a window with that many columns or of unknown width. */
export const columnsOf = (columns: number | undefined): number => Math.max(columns ?? DEFAULT_COLUMNS, MIN_COLUMNS);

/** A sentence behind a label, its other lines below the first. */
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

/** A sentence below a heading, indented by `depth` spaces, its other lines by two more. */
export function indented(text: string, { columns, wraps }: Pick<TextForm, 'columns' | 'wraps'>, depth = 4): string[] {
  const space = ' '.repeat(depth);
  if (!wraps) return [`${space}${text}`];
  const [first, ...more] = wrap(text, Math.max(columns - depth - 2, 20));
  return [`${space}${first}`, ...more.map((line) => `${space}  ${line}`)];
}

/** A schedule to be read. Long ones are shortened except in the full form; the replay command has them whole. */
export const scheduleIn = (schedule: string, { full, columns }: Pick<TextForm, 'full' | 'columns'>): string =>
  full ? schedule : shorten(schedule, columns - 30);

/** Spaces to the right, up to `width` characters. */
export const padded = (text: string, width: number): string => text + ' '.repeat(Math.max(width - widthOf(text), 0));
