/** Compares the texts that nobody marked with the list of those that stay English. */

import { type English, matches, NOT_YET, STAYS_ENGLISH } from './english.ts';
import type { Unwrapped } from './unwrapped.ts';

/** Faults by kind, one line each. */
interface UnwrappedFaults {
  /** Texts that are neither translated nor in the list. */
  readonly unwrapped: readonly string[];
  /** Entries of the list that no text needs. */
  readonly unneeded: readonly string[];
}

/** Faults of all literals that `allUnwrapped` found, by path. */
export function unwrappedFaults(
  found: ReadonlyMap<string, readonly Unwrapped[]>,
  kinds: readonly English[] = STAYS_ENGLISH,
  notYet: readonly string[] = NOT_YET,
): UnwrappedFaults {
  const all = [...found].flatMap(([path, texts]) => texts.map((literal) => ({ path, literal })));
  const left = all.filter(({ path, literal }) => !kinds.some((kind) => matches(kind, path, literal)));
  return {
    unwrapped: left
      .filter(({ path }) => !notYet.some((entry) => isIn(path, entry)))
      .map(({ path, literal: { line, text } }) => `${path}:${line}: ${text}`),
    unneeded: [
      ...kinds
        .filter((kind) => !all.some(({ path, literal }) => matches(kind, path, literal)))
        .map(({ path, reason }) => `${path.source}: ${reason}`),
      ...notYet.filter((entry) => !left.some(({ path }) => isIn(path, entry))),
    ],
  };
}

const isIn = (path: string, entry: string): boolean => (entry.endsWith('/') ? path.startsWith(entry) : path === entry);
