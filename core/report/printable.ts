/** Names of a module may contain anything, terminal escape sequences included. What is printed must not. */
import { displayable } from '../harmless/names.ts';

/** Most characters of one text: sentences fit, names of a megabyte are cut. */
const LIMIT = 400;

/** A copy of plain data with every string in it made printable. Keys stay as they are. */
export function printable<T>(data: T, limit = LIMIT): T {
  return mapped(data, limit) as T;
}

function mapped(data: unknown, limit: number): unknown {
  if (typeof data === 'string') return displayable(data, limit);
  if (Array.isArray(data)) return data.map((item) => mapped(item, limit));
  if (typeof data !== 'object' || data === null) return data;
  return Object.fromEntries(Object.entries(data).map(([key, value]) => [key, mapped(value, limit)]));
}
