/** Queries on a finished analysis. All are cheap enough for a hover unless a docstring says otherwise. */

import { HOST_PROFILES } from '../hosts/index.ts';
import type { SharingModel } from '../hosts/profile.ts';
import { bitsOf, hasBit, intersects } from './bits.ts';
import { anyOf, type Condition, ordered } from './conditions/condition.ts';
import { surestFirst, weaker } from './confidence.ts';
import { conflictMasks, effectsMeet, indirectConfidence, type Sharing } from './conflicts.ts';
import { EffectClasses } from './effectClasses.ts';
import { interruptions, meet, meetAlways } from './groups.ts';
import type { Analysis, Confidence, Conflict } from './model.ts';

/** What callers share of the analysed module under a sharing model. */
export const sharingUnder = (analysis: Pick<Analysis, 'host' | 'sharing'>, model: SharingModel): Sharing => ({
  model,
  profile: HOST_PROFILES[analysis.host],
  module: analysis.sharing,
});

/** Positions in `analysis.exports` of the exports that conflict with export `position`, itself included. */
export function partnersOf(analysis: Analysis, position: number): number[] {
  const group = analysis.groups[analysis.exports[position].group];
  return analysis.groups.flatMap((other) => (meet(group, other) ? other.exports : [])).sort((a, b) => a - b);
}

/** Two effects that conflict, one of each of two exports. */
export interface EffectPair {
  effects: [number, number];
  confidence: Confidence;
  condition: Condition;
}

/** The conflict of two exports, with at most `limit` pairs of effects; undefined if they do not conflict. */
export function conflictOf(analysis: Analysis, a: number, b: number, limit: number): Conflict | undefined {
  if (a > b) return conflictOf(analysis, b, a, limit);
  const all = conflictingEffects(analysis, a, b);
  if (all.length === 0) return undefined;
  // Of exports that reach the same effects the pair (f, e) is the pair (e, f).
  const alike = analysis.exports[a].group === analysis.exports[b].group;
  const pairs = all.filter(({ effects: [e, f] }) => !alike || e <= f);
  const open = ({ condition }: EffectPair): number => (condition === 'always' ? 0 : 1);
  pairs.sort((x, y) => surestFirst(x.confidence, y.confidence) || open(x) - open(y));
  return {
    a,
    b,
    confidence: pairs[0].confidence,
    condition: anyOf((a === b ? pairs : all).map(({ condition }) => (a === b ? ordered(condition) : condition))),
    effects: pairs.slice(0, limit).map((p) => p.effects),
  };
}

/** On what a conflict of two exports depends, as in `Conflict`; undefined if they do not conflict. */
export function conditionOf(analysis: Analysis, a: number, b: number): Conflict['condition'] | undefined {
  const [left, right] = [a, b].map((position) => analysis.groups[analysis.exports[position].group]);
  return meetAlways(left, right) ? 'always' : conflictOf(analysis, a, b, 0)?.condition;
}

/** All pairs of effects through which two exports conflict, one of `a` and one of `b`. */
export function conflictingEffects(analysis: Analysis, a: number, b: number): EffectPair[] {
  const left = analysis.groups[analysis.exports[a].group];
  const right = analysis.groups[analysis.exports[b].group];
  if (!meet(left, right)) return [];
  const sharing = sharingUnder(analysis, analysis.model);
  const indirectly = indirectConfidence(analysis);
  const pairs: EffectPair[] = [];
  const [mine, theirs] = [left.facing[right.settled], right.facing[left.settled]];
  const [byRight, byLeft] = [analysis.settled[right.settled].all, analysis.settled[left.settled].all];
  const hostile = bitsOf(theirs.effects.map((word, w) => word & mine.hostile[w]));
  for (const f of hostile) {
    for (const e of bitsOf(mine.effects)) {
      if (!hasBit(analysis.conflictMask, e * analysis.words, f)) continue;
      const cells = effectsMeet(analysis.effects[e], analysis.effects[f], sharing);
      if (cells === undefined) continue;
      const direct = hasBit(left.direct, 0, e) && hasBit(right.direct, 0, f);
      const guarded = hasBit(byRight, 0, e) || hasBit(byLeft, 0, f);
      pairs.push({
        effects: [e, f],
        confidence: guarded ? 'possible' : direct ? cells.confidence : weaker(indirectly, cells.confidence),
        condition: cells.condition,
      });
    }
  }
  return pairs;
}

/** Effect ids that `func` reaches (itself or through calls). */
export function effectsOf(analysis: Analysis, func: number): number[] {
  return bitsOf(analysis.reached.subarray(func * analysis.words, (func + 1) * analysis.words));
}

const classesOf = new WeakMap<Analysis, Map<SharingModel, EffectClasses>>();

/**
 * Number of exports (itself included) that export `position` conflicts with under sharing model `model`, which may
 * differ from that of the analysis. Computes the conflicts of a model once per analysis.
 */
export function conflictsUnder(analysis: Analysis, position: number, model: SharingModel): number {
  const known = classesOf.get(analysis) ?? new Map<SharingModel, EffectClasses>();
  classesOf.set(analysis, known);
  const sharing = sharingUnder(analysis, model);
  const classes = known.get(model) ?? new EffectClasses(conflictMasks(analysis.effects, sharing), analysis.words);
  known.set(model, classes);
  const own = analysis.groups[analysis.exports[position].group];
  const interrupted = interruptions(analysis.effects, sharing, analysis.words);
  const self = interrupted(own.effects);
  const hostile = own.facing.map(({ effects }) => classes.hostileTo(effects).hostile);
  return analysis.groups.reduce(
    (n, { effects, exports, settled, facing }) =>
      n +
      (intersects(hostile[settled], facing[own.settled].effects) && (self || interrupted(effects))
        ? exports.length
        : 0),
    0,
  );
}
