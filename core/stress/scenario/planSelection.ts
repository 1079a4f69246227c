/** Which scenarios of a plan are run where there are more than its limit, and how those that are not are told. */
import { t } from '../../text/l10n.ts';
import { listOf, plural } from '../../text/phrases.ts';

/** A scenario of a plan in the making. */
export interface Candidate {
  /** The pair that it is about, for texts: `increment with itself`. */
  pair: string;
  /** Order of its pair, the most valuable first. */
  rank: number;
  /** How many other scenarios of its pair are more valuable. */
  round: number;
}

/** Pairs that a note names. */
const MAX_NAMED = 5;

/**
 * At most `limit` of the candidates, in their order: one scenario for each pair, pairs of low rank first, then a second
 * one for each, and so on. `untested`: number of pairs that have none; notes say which.
 */
export function selected<One extends Candidate>(
  candidates: readonly One[],
  limit: number,
): { kept: One[]; untested: number; notes: string[] } {
  if (candidates.length <= limit) return { kept: [...candidates], untested: 0, notes: [] };
  const byValue = byValueOf(candidates);
  const chosen = new Set(byValue.slice(0, limit));
  const kept = candidates.filter((one) => chosen.has(one));
  const tested = new Set(kept.map(({ pair }) => pair));
  const untested = [...new Set(byValue.map(({ pair }) => pair))].filter((pair) => !tested.has(pair));
  const omitted = candidates.length - kept.length;
  const all = plural(candidates.length, 'scenario');
  const notes = [
    omitted === 1
      ? t(
          '{0} of {1} is omitted; name an export to get all scenarios for it, or raise the limit (option --all, setting wasmHazards.stress.scenarios).',
          omitted,
          all,
        )
      : t(
          '{0} of {1} are omitted; name an export to get all scenarios for it, or raise the limit (option --all, setting wasmHazards.stress.scenarios).',
          omitted,
          all,
        ),
  ];
  if (untested.length > 0)
    notes.push(
      t(
        'Not tested at all: {0} of exports ({1}).',
        plural(untested.length, 'pair'),
        listOf(untested.slice(0, MAX_NAMED), MAX_NAMED, 'and', untested.length),
      ),
    );
  return { kept, untested: untested.length, notes };
}

/**
 * At most `most` of the candidates that fit, the most valuable ones, and all others; in their order. `left`: the pairs of
 * which nothing is kept.
 */
export function withFewOf<One extends Candidate>(
  candidates: readonly One[],
  fits: (one: One) => boolean,
  most: number,
): { kept: One[]; left: string[] } {
  const few = new Set(byValueOf(candidates.filter(fits)).slice(0, most));
  const kept = candidates.filter((one) => few.has(one) || !fits(one));
  const pairs = new Set(kept.map(({ pair }) => pair));
  return { kept, left: [...new Set(candidates.map(({ pair }) => pair))].filter((pair) => !pairs.has(pair)) };
}

const byValueOf = <One extends Candidate>(candidates: readonly One[]): One[] =>
  [...candidates].sort((a, b) => a.round - b.round || a.rank - b.rank);
