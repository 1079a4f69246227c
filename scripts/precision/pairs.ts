/** What the conflicting pairs of exports of a module rest on. */
import { bitsOf } from '../../core/analysis/bits.ts';
import type { Effect } from '../../core/analysis/cells.ts';
import { conflictMasks, effectsMeet, type Sharing } from '../../core/analysis/conflicts.ts';
import type { Analysis } from '../../core/analysis/model.ts';

/**
 * What the conflict of two accesses rests on, the strongest reason first.
 * - `state`: known state: globals, static data, frames of the shadow stack, the extent of a memory, tables, the host
 * - `unknown`: two accesses of memory, at least one of them at an unknown address
 * - `contents`: two accesses of memory, at least one of them where pointers kept in static data lead to
 * - `ranges`: it depends on arguments of one call, or on ranges that arguments of both give
 * - `object`: it depends on whether arguments of both calls point to the same object
 */
export const REASONS = ['state', 'unknown', 'contents', 'ranges', 'object'] as const;
/** One of `REASONS`. */
export type Reason = (typeof REASONS)[number];

/** Pairs `a <= b` of exports: all of them, and the conflicting ones by the strongest reason that they have. */
export interface PairCounts extends Record<Reason, number> {
  pairs: number;
  conflicting: number;
}

/** What the conflict of two effects rests on; undefined if they do not conflict. */
function reasonOf(a: Effect, b: Effect, sharing: Sharing): Reason | undefined {
  const condition = effectsMeet(a, b, sharing)?.condition;
  if (condition === undefined) return undefined;
  if (condition !== 'always') return condition.when === 'overlap' ? 'ranges' : 'object';
  if (a.cell.kind !== 'memory' || b.cell.kind !== 'memory') return 'state';
  const bases = [a, b].map(({ cell }) => cell.address?.base ?? 'unknown');
  return bases.includes('unknown') ? 'unknown' : bases.includes('contents') ? 'contents' : 'state';
}

/** Counts the pairs of exports of an analysis under `sharing`, which may differ from that of the analysis. */
export function countPairs(analysis: Analysis, sharing: Sharing): PairCounts {
  const { effects, groups, words } = analysis;
  const { mask } = conflictMasks(effects, sharing);
  const counts: PairCounts = { pairs: 0, conflicting: 0, state: 0, unknown: 0, contents: 0, ranges: 0, object: 0 };
  groups.forEach((left, a) => {
    for (const right of groups.slice(a)) {
      const others = left === right ? left.exports.length + 1 : 2 * right.exports.length;
      const pairs = (left.exports.length * others) / 2;
      counts.pairs += pairs;
      let best: number = REASONS.length;
      for (const [e, f] of conflictsOf(left.facing[right.settled].effects, right.facing[left.settled].effects)) {
        best = Math.min(best, REASONS.indexOf(reasonOf(effects[e], effects[f], sharing) ?? 'object'));
        if (best === 0) break;
      }
      if (best === REASONS.length) continue;
      counts.conflicting += pairs;
      counts[REASONS[best]] += pairs;
    }
  });
  return counts;

  /** The pairs of effects, one of each set, that conflict. */
  function* conflictsOf(mine: Uint32Array, theirs: Uint32Array): Generator<[number, number]> {
    for (const e of bitsOf(mine)) {
      const row = mask.subarray(e * words, (e + 1) * words);
      for (const f of bitsOf(theirs.map((word, w) => word & row[w]))) yield [e, f];
    }
  }
}
