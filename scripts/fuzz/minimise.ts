/** Makes an input that fails smaller, as long as it fails in the same way. */
import type { FuzzKind } from './kind.ts';

/** Most inputs that are tried. */
const MOST_TRIES = 4000;

/** A problem without its numbers and names, so that a smaller input can have the same one. */
export const sortOf = (problem: string): string =>
  problem
    .split('\n')
    .slice(0, 2)
    .join(' ')
    .replace(/\d+/g, 'N')
    .replace(/(['"`]).*?\1/g, 'T')
    .slice(0, 160);

/** The smallest input found that has a problem of the same sort, and its problem. */
export async function minimised(
  { check, smaller }: Pick<FuzzKind, 'check' | 'smaller'>,
  input: Uint8Array,
  problem: string,
): Promise<{ input: Uint8Array; problem: string }> {
  const sort = sortOf(problem);
  let best = { input, problem };
  let tries = 0;
  for (let found = true; found; ) {
    found = false;
    for (const candidate of smaller(best.input)) {
      if (++tries > MOST_TRIES) return best;
      if (candidate.length >= best.input.length) continue;
      const other = await check(candidate);
      if (other === undefined || sortOf(other) !== sort) continue;
      best = { input: candidate, problem: other };
      found = true;
      break;
    }
  }
  return best;
}

/** All ways to leave out a stretch of `length` items: halves first, then ever shorter ones, as `[from, to)`. */
export function* stretches(length: number): Iterable<readonly [from: number, to: number]> {
  for (let size = Math.ceil(length / 2); size >= 1; size = size > 1 ? Math.ceil(size / 2) : 0) {
    for (let from = 0; from < length; from += size) yield [from, Math.min(length, from + size)];
  }
}
