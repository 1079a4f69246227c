/** Exports as sentences name them: the first few, and how many more. There may be thousands. */

import { listOf, quoted } from '../text/phrases.ts';
import { exportLabel } from '../wasm/displayNames.ts';
import type { Analysis } from './model.ts';
import { contains } from './partners.ts';

/** Exports other than a given one: the first few, and how many there are. There may be thousands. */
export interface Others {
  first: readonly number[];
  count: number;
}

/** Most exports that `Others` names. */
const NAMED = 3;

/** The ascending `positions` other than `position`. */
export function without(positions: readonly number[], position: number): Others {
  const first = positions.slice(0, NAMED + 1).filter((other) => other !== position);
  return { first: first.slice(0, NAMED), count: positions.length - (contains(positions, position) ? 1 : 0) };
}

const namesOf = (analysis: Analysis, positions: readonly number[]): string[] =>
  positions.map((position) => quoted(exportLabel(analysis.exports[position])));

/** `` `a`, `b` or 3 more ``; `limit` at most 3. */
export const othersText = (
  analysis: Analysis,
  { first, count }: Others,
  limit: number,
  joiner?: 'and' | 'or',
): string => listOf(namesOf(analysis, first.slice(0, limit)), limit, joiner, count);

/** The same for a complete list of positions. */
export const exportList = (analysis: Analysis, positions: readonly number[], limit: number): string =>
  listOf(namesOf(analysis, positions.slice(0, limit)), limit, 'and', positions.length);
