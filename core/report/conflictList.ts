/**
 * The conflicting pairs of a module, bounded: n exports have n²/2 pairs. The queries of the analysis
 * answer for one pair; a list needs thousands, so here each pair of groups is compared only once.
 */
import { type Cell, isWrite } from '../analysis/cells.ts';
import type { Analysis, Confidence, Conflict } from '../analysis/model.ts';
import { pairConfidence } from '../analysis/pairConfidence.ts';
import { conflictsWithItself } from '../analysis/partners.ts';
import { conditionOf, partnersOf } from '../analysis/queries.ts';

/** Two exports that conflict, and on what. */
export interface ListedConflict {
  /** Names of the two exports; the same one twice when an export conflicts with itself. */
  a: string;
  b: string;
  confidence: Confidence;
  condition: Conflict['condition'];
  /** What they conflict on, without repetition, the surest first. Where the two sides differ, the written cell. */
  cells: Cell[];
}

/** The first conflicts of a module; `total` tells how many there are. */
export interface ConflictList {
  conflicts: ListedConflict[];
  /** Number of all conflicting pairs, exports that conflict with themselves included. */
  total: number;
}

/** The first `limit` conflicts in the order of the exports, each with at most `cells` cells. */
export function listConflicts(analysis: Analysis, limit: number, cells: number): ConflictList {
  const conflicts: ListedConflict[] = [];
  const { exports, groups } = analysis;
  const pairs = pairConfidence(analysis);
  const known = new Map<number, Pick<ListedConflict, 'confidence' | 'condition' | 'cells'>>();
  for (let a = 0; a < exports.length && conflicts.length < limit; a++) {
    for (const b of partnersOf(analysis, a)) {
      if (b < a) continue;
      if (conflicts.length === limit) break;
      const key = exports[a].group * groups.length + exports[b].group;
      let found = known.get(key);
      if (found === undefined) {
        const [left, right] = [exports[a].group, exports[b].group];
        found = {
          confidence: pairs.of(left, right) ?? 'possible',
          condition: conditionOf(analysis, a, b) ?? 'always',
          cells: cellsOf(analysis, pairs.effects(left, right, MOST_PAIRS), cells),
        };
        known.set(key, found);
      }
      conflicts.push({ a: exports[a].name, b: exports[b].name, ...found });
    }
  }
  return { conflicts, total: countConflicts(analysis) };
}

/** Number of conflicting pairs, counted by group: `conflictCount` counts each pair of two exports twice. */
export function countConflicts(analysis: Analysis): number {
  let counted = 0;
  let alone = 0;
  for (const [position, { conflictCount }] of analysis.exports.entries()) {
    counted += conflictCount;
    if (conflictsWithItself(analysis, position)) alone++;
  }
  return (counted + alone) / 2;
}

/** Most pairs of effects that are compared for the cells of one conflict. */
const MOST_PAIRS = 64;

/** The cells of a conflict, each once, surest first. */
function cellsOf({ effects }: Analysis, pairs: readonly [number, number][], limit: number): Cell[] {
  const cells = new Map<string, Cell>();
  for (const [e, f] of pairs) {
    if (cells.size === limit) break;
    const [own, other] = [effects[e], effects[f]];
    // The two sides may name one memory by different addresses: the writer's tells more.
    const { cell } = isWrite(other) && !isWrite(own) ? other : own;
    cells.set(JSON.stringify(cell), cell);
  }
  return [...cells.values()];
}
