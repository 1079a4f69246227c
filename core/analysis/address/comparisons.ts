/** Comparisons of integers, and the ends of what is left of an interval where one holds. */

/** Comparisons of WebAssembly. The suffix is the reading of both operands. */
export type Relation = 'eq' | 'ne' | 'lt_s' | 'lt_u' | 'le_s' | 'le_u' | 'gt_s' | 'gt_u' | 'ge_s' | 'ge_u';

/** The comparison that holds where the other does not. */
export const NEGATED: Record<Relation, Relation> = {
  eq: 'ne',
  ne: 'eq',
  lt_s: 'ge_s',
  lt_u: 'ge_u',
  le_s: 'gt_s',
  le_u: 'gt_u',
  gt_s: 'le_s',
  gt_u: 'le_u',
  ge_s: 'lt_s',
  ge_u: 'lt_u',
};

/** Lowest and highest integer, in the signed reading. */
interface Ends {
  low: number;
  high: number;
}

const ANY: Ends = { low: Number.NEGATIVE_INFINITY, high: Number.POSITIVE_INFINITY };

/** Between which ends an integer of `left` is that compares so with some integer of `right`. */
export function endsWhere(relation: Exclude<Relation, 'eq' | 'ne'>, left: Ends, right: Ends): Ends {
  // With `le` and `ge`, equal integers count as well.
  const least = /^[lg]e/.test(relation) ? 0 : 1;
  const below = { ...ANY, high: right.high - least };
  const above = { ...ANY, low: right.low + least };
  switch (relation) {
    case 'lt_s':
    case 'le_s':
      return below;
    case 'gt_s':
    case 'ge_s':
      return above;
    // To an unsigned comparison, negative integers are the large ones.
    case 'lt_u':
    case 'le_u':
      if (right.low >= 0) return { ...below, low: 0 };
      return right.high < 0 && left.high < 0 ? below : ANY;
    case 'gt_u':
    case 'ge_u':
      if (right.high < 0) return { ...above, high: -1 };
      return right.low >= 0 && left.low >= 0 ? above : ANY;
  }
}
