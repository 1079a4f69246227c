/**
 * The conflicting pairs of a module, bounded: n exports have n²/2 pairs. The queries of the
 * analysis answer for one pair; here thousands are asked for at once, so effects are compared once
 * per module and pairs once per group.
 */
import { bitsOf, hasBit, intersects, setBit } from '../../../server/src/analysis/bits.ts';
import { conflictOfEffects } from '../../../server/src/analysis/conflicts.ts';
import { HOST_PROFILES } from '../../../server/src/analysis/hosts/index.ts';
import type { Analysis, Cell, Confidence, EffectGroup } from '../../../server/src/analysis/model.ts';
import { conflictsWithItself } from '../../../server/src/analysis/partners.ts';
import { partnersOf } from '../../../server/src/analysis/queries.ts';

export interface ListedConflict {
  /** Names of the two exports; the same one twice when an export conflicts with itself. */
  a: string;
  b: string;
  confidence: Confidence;
  /** What they conflict on, surest first, each once. Where the two sides differ, it is the written one. */
  cells: Cell[];
}

export interface ConflictList {
  conflicts: ListedConflict[];
  /** Number of conflicting pairs in all, an export with itself included. */
  total: number;
}

/** The first `limit` conflicts in the order of the exports, each with at most `cells` cells. */
export function listConflicts(analysis: Analysis, limit: number, cells: number): ConflictList {
  const conflicts: ListedConflict[] = [];
  const { exports, groups } = analysis;
  const levels = sureness(analysis);
  const known = new Map<number, Pick<ListedConflict, 'confidence' | 'cells'>>();
  for (let a = 0; a < exports.length && conflicts.length < limit; a++) {
    for (const b of partnersOf(analysis, a)) {
      if (b < a) continue;
      if (conflicts.length === limit) break;
      const key = exports[a].group * groups.length + exports[b].group;
      let found = known.get(key);
      if (found === undefined) {
        found = conflictOfGroups(analysis, levels, groups[exports[a].group], groups[exports[b].group], cells);
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

/** Bit matrices over pairs of effects, like `conflictMask`: those that conflict for certain, and at least likely. */
interface Sureness {
  definite: Uint32Array;
  likely: Uint32Array;
}

function sureness({ effects, conflictMask, words, model, host, memories }: Analysis): Sureness {
  const sharing = { model, memories, profile: HOST_PROFILES[host] };
  const definite = new Uint32Array(conflictMask.length);
  const likely = new Uint32Array(conflictMask.length);
  for (let a = 0; a < effects.length; a++) {
    for (const b of bitsOf(conflictMask.subarray(a * words, (a + 1) * words))) {
      const confidence = conflictOfEffects(effects[a], effects[b], sharing);
      if (confidence === 'definite') setBit(definite, a * words, b);
      if (confidence === 'definite' || confidence === 'likely') setBit(likely, a * words, b);
    }
  }
  return { definite, likely };
}

/** The surest conflict of two groups that conflict. Indirect calls make a definite one likely. */
function conflictOfGroups(
  analysis: Analysis,
  { definite, likely }: Sureness,
  left: EffectGroup,
  right: EffectGroup,
  limit: number,
): Pick<ListedConflict, 'confidence' | 'cells'> {
  const cells = new Map<string, Cell>();
  const collect = (mask: Uint32Array, ours: Uint32Array, theirs: Uint32Array): boolean => {
    const { effects, words } = analysis;
    for (const e of bitsOf(ours)) {
      if (cells.size >= limit) break;
      const row = mask.subarray(e * words, (e + 1) * words);
      if (!intersects(row, theirs)) continue;
      for (const f of bitsOf(theirs)) {
        if (cells.size >= limit) break;
        if (!hasBit(row, 0, f)) continue;
        const [own, other] = [effects[e], effects[f]];
        // The two sides may name one memory by different addresses: the writer's tells more.
        const { cell } = other.access.endsWith('write') && !own.access.endsWith('write') ? other : own;
        cells.set(JSON.stringify(cell), cell);
      }
    }
    return cells.size > 0;
  };
  const sure = collect(definite, left.direct, right.direct);
  const fair = collect(likely, left.effects, right.effects);
  collect(analysis.conflictMask, left.effects, right.effects);
  return { confidence: sure ? 'definite' : fair ? 'likely' : 'possible', cells: [...cells.values()] };
}
