/**
 * Confidence of the conflicts between groups of exports, for whole matrices: one pass over the pairs of effects, then
 * a few bitset operations for each pair of groups. Gives the same answers as `conflictOf`, which examines one pair.
 */
import { bitsOf, intersects, setBit, uniteInto } from './bits.ts';
import { conflictOfEffects, indirectConfidence } from './conflicts.ts';
import { meet, meetAlways } from './groups.ts';
import type { Analysis, Confidence, EffectGroup } from './model.ts';
import { sharingUnder } from './queries.ts';
import { excluding } from './settled.ts';

/** Answers about pairs of groups, given by their positions in `Analysis.groups`. */
export interface PairConfidence {
  /** Confidence of the conflict of two groups; undefined if they do not conflict. */
  of(a: number, b: number): Confidence | undefined;
  /** Whether two groups conflict whatever the arguments of the calls are. */
  always(a: number, b: number): boolean;
  /** Pairs of effects that conflict, surest first, at most `limit`. */
  effects(a: number, b: number, limit: number): [number, number][];
  /** Rows like those of `Analysis.conflictMask`: pairs on known cells, and pairs at least likely. */
  readonly masks: { definite: Uint32Array; likely: Uint32Array };
}

/** Prepares the answers for all pairs of groups of an analysis. */
export function pairConfidence(analysis: Analysis): PairConfidence {
  const { groups, words, settled } = analysis;
  const masks = confidenceMasks(analysis);
  const { definite, likely } = masks;
  const hostileTo = (mask: Uint32Array, effects: Uint32Array): Uint32Array => {
    const hostile = new Uint32Array(words);
    for (const effect of bitsOf(effects)) uniteInto(hostile, mask.subarray(effect * words, (effect + 1) * words));
    return hostile;
  };
  /** `set`: position in `Analysis.settled`, of what a guard orders and is at most possible. */
  const remembered = (
    mask: Uint32Array,
    effectsOf: (group: EffectGroup) => Uint32Array,
  ): ((group: number, set: number) => Uint32Array) => {
    const known = new Map<number, Uint32Array>();
    return (group, set) => {
      const key = group * settled.length + set;
      const found = known.get(key) ?? hostileTo(mask, excluding(effectsOf(groups[group]), settled[set].all));
      known.set(key, found);
      return found;
    };
  };
  const surely = remembered(definite, ({ direct }) => direct);
  const fairly = remembered(likely, ({ direct }) => direct);
  const probably = remembered(likely, ({ effects }) => effects);
  const indirectly = indirectConfidence(analysis);

  function of(a: number, b: number): Confidence | undefined {
    if (!meet(groups[a], groups[b])) return undefined;
    // `definite` needs a known cell and direct calls on both sides.
    const { all } = settled[groups[a].settled];
    const set = groups[b].settled;
    const direct = excluding(groups[b].direct, all);
    if (intersects(surely(a, set), direct)) return 'definite';
    if (intersects(fairly(a, set), direct)) return 'likely';
    return intersects(probably(a, set), excluding(groups[b].effects, all)) ? indirectly : 'possible';
  }

  function effects(a: number, b: number, limit: number): [number, number][] {
    const found: [number, number][] = [];
    const seen = new Set<string>();
    const collect = (mask: Uint32Array, left: Uint32Array, right: Uint32Array): void => {
      for (const e of bitsOf(left)) {
        const row = mask.subarray(e * words, (e + 1) * words);
        if (!intersects(row, right)) continue;
        for (const f of bitsOf(row.map((word, w) => word & right[w]))) {
          // Within one group the pair (f, e) is the pair (e, f).
          const key = a === b && f < e ? `${f} ${e}` : `${e} ${f}`;
          if (seen.has(key)) continue;
          if (found.length >= limit) return;
          seen.add(key);
          found.push(a === b && f < e ? [f, e] : [e, f]);
        }
      }
    };
    const [left, right] = [settled[groups[b].settled], settled[groups[a].settled]];
    const direct = [excluding(groups[a].direct, left.all), excluding(groups[b].direct, right.all)] as const;
    collect(definite, ...direct);
    if (found.length < limit) collect(likely, ...direct);
    if (found.length < limit)
      collect(likely, excluding(groups[a].effects, left.all), excluding(groups[b].effects, right.all));
    if (found.length < limit)
      collect(
        analysis.conflictMask,
        groups[a].facing[groups[b].settled].effects,
        groups[b].facing[groups[a].settled].effects,
      );
    return found;
  }

  return { of, always: (a, b) => meetAlways(groups[a], groups[b]), effects, masks };
}

function confidenceMasks(analysis: Analysis): PairConfidence['masks'] {
  const { effects, words, conflictMask, model } = analysis;
  const sharing = sharingUnder(analysis, model);
  const definite = new Uint32Array(conflictMask.length);
  const likely = new Uint32Array(conflictMask.length);
  for (let e = 0; e < effects.length; e++) {
    for (const f of bitsOf(conflictMask.subarray(e * words, (e + 1) * words))) {
      const confidence = conflictOfEffects(effects[e], effects[f], sharing);
      if (confidence === 'definite') setBit(definite, e * words, f);
      if (confidence === 'definite' || confidence === 'likely') setBit(likely, e * words, f);
    }
  }
  return { definite, likely };
}
