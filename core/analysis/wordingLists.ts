/** Numbers and lists in sentences. */
import { exportLabel } from '../wasm/displayNames.ts';
import type { Analysis } from './model.ts';
import { contains } from './partners.ts';
import { quoted } from './wordingCells.ts';

/** Offset as people and tools write it. */
export const hex = (offset: number): string => `0x${offset.toString(16)}`;

const FORMAT = new Intl.NumberFormat('en');

/** `1,234`. */
export const number = (count: number): string => FORMAT.format(count);

export const plural = (count: number, noun: string): string => `${number(count)} ${noun}${count === 1 ? '' : 's'}`;

/** `` `a`, `b` and 3 more ``; at most `limit` names. `total`: when `names` are only the first ones. */
export function listOf(names: readonly string[], limit: number, joiner = 'and', total = names.length): string {
  const shown = names.slice(0, limit);
  const left = total - shown.length;
  if (left > 0) return `${shown.join(', ')} ${joiner} ${number(left)} more`;
  return shown.length < 2 ? shown.join('') : `${shown.slice(0, -1).join(', ')} ${joiner} ${shown[shown.length - 1]}`;
}

/** Exports other than a given one: the first few, and how many there are. There may be thousands. */
export interface Others {
  first: readonly number[];
  count: number;
}

/** At most so many of `Others` are named. */
const NAMED = 3;

/** `positions`, ascending, without `position`. */
export function without(positions: readonly number[], position: number): Others {
  const first = positions.slice(0, NAMED + 1).filter((other) => other !== position);
  return { first: first.slice(0, NAMED), count: positions.length - (contains(positions, position) ? 1 : 0) };
}

const namesOf = (analysis: Analysis, positions: readonly number[]): string[] =>
  positions.map((position) => quoted(exportLabel(analysis.exports[position])));

/** `` `a`, `b` or 3 more ``; `limit` at most 3. */
export const othersText = (analysis: Analysis, { first, count }: Others, limit: number, joiner?: string): string =>
  listOf(namesOf(analysis, first.slice(0, limit)), limit, joiner, count);

/** The same of exports in full. */
export const exportList = (analysis: Analysis, positions: readonly number[], limit: number): string =>
  listOf(namesOf(analysis, positions.slice(0, limit)), limit, 'and', positions.length);
