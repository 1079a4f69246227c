/** Names of a module may hold anything, escape sequences of terminals included: what is printed holds none. */
import { displayable } from '../../../../server/src/wasm/displayNames.ts';

/** Characters of one text; sentences fit, names of a megabyte are cut. */
const LIMIT = 400;

/** Plain data with every text in it made printable. Keys stay as they are. */
export function printable<T>(data: T): T {
  return mapped(data) as T;
}

function mapped(data: unknown): unknown {
  if (typeof data === 'string') return displayable(data, LIMIT);
  if (Array.isArray(data)) return data.map(mapped);
  if (typeof data !== 'object' || data === null) return data;
  return Object.fromEntries(Object.entries(data).map(([key, value]) => [key, mapped(value)]));
}
