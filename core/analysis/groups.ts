/** Exports with equal effects, and what they conflict with. */
import { intersects } from './bits.ts';
import type { Effect } from './cells.ts';
import type { Sharing } from './conflicts.ts';
import { type EffectClasses, FNV_OFFSET, hashOf, sameSets } from './effectClasses.ts';
import type { EffectGroup, Settled } from './model.ts';
import { facing } from './settled.ts';
import { suspensions } from './suspension.ts';

/** Groups functions by their rows in both matrices; `positions` are positions in `Analysis.exports`. */
export function groupByEffects(
  functions: readonly number[],
  reached: Uint32Array,
  direct: Uint32Array,
  words: number,
  classes: EffectClasses,
  interrupted: (effects: Uint32Array) => boolean,
  settled: { sets: readonly Settled[]; of(func: number): number },
): { groups: EffectGroup[]; groupOf: Uint32Array } {
  const groups: EffectGroup[] = [];
  const groupOf = new Uint32Array(functions.length);
  const known = new Map<number, number[]>();
  const byFunction = new Map<number, number>();
  functions.forEach((func, position) => {
    let group = byFunction.get(func);
    if (group === undefined) {
      const row = func * words;
      const hash = hashOf(direct, row, words, hashOf(reached, row, words, FNV_OFFSET));
      const set = settled.of(func);
      const alike = known.get(hash) ?? [];
      known.set(hash, alike);
      group = alike.find(
        (g) =>
          groups[g].settled === set &&
          sameBits(groups[g].effects, reached, row) &&
          sameBits(groups[g].direct, direct, row),
      );
      if (group === undefined) {
        const effects = reached.slice(row, row + words);
        const open = facing(effects, settled.sets, classes);
        const interruptible = interrupted(effects);
        group =
          groups.push({
            effects,
            direct: direct.slice(row, row + words),
            hostile: open[0].hostile,
            exports: [],
            settled: set,
            facing: open,
            interruptible,
          }) - 1;
        alike.push(group);
      }
      byFunction.set(func, group);
    }
    groupOf[position] = group;
    groups[group].exports.push(position);
  });
  return { groups, groupOf };
}

/** Whether a set equals the row of a matrix. */
function sameBits(set: Uint32Array, matrix: Uint32Array, row: number): boolean {
  for (let w = 0; w < set.length; w++) if (set[w] !== matrix[row + w]) return false;
  return true;
}

/**
 * Whether calls of two groups conflict: they reach conflicting accesses, and one of them can run between two accesses of
 * the other.
 */
export const meet = (a: EffectGroup, b: EffectGroup): boolean =>
  (a.interruptible || b.interruptible) && intersects(a.facing[b.settled].hostile, b.facing[a.settled].effects);

/** Whether calls of two groups conflict whatever their arguments are; implies `meet`. */
export const meetAlways = (a: EffectGroup, b: EffectGroup): boolean =>
  (a.interruptible || b.interruptible) && intersects(a.facing[b.settled].always, b.facing[a.settled].effects);

/** Whether exports that reach a set of effects can be interrupted by another call, under a sharing model. */
export function interruptions(
  effects: readonly Effect[],
  { model, module }: Sharing,
  words: number,
): (reached: Uint32Array) => boolean {
  if (model !== 'cooperative') return () => true;
  const points = suspensions(effects, module, words);
  return (reached) => intersects(points, reached);
}

/** Groups that meet the same ones, and how many exports these have. */
interface AlikeGroups {
  group: EffectGroup;
  /** By position in `Analysis.settled`: classes of the effects that count, and those that conflict with them. */
  sides: { own: Uint32Array; hostile: Uint32Array }[];
  exports: number;
  conflicts: number;
}

/** For each group, how many exports its members conflict with, themselves included. */
export function conflictCounts(groups: readonly EffectGroup[], classes: EffectClasses): Uint32Array {
  const known = new Map<number, AlikeGroups[]>();
  const all: AlikeGroups[] = [];
  const kinds = groups.map((group) => {
    const own = group.facing.map(({ effects }) => classes.of(effects));
    const first = 2 * group.settled + (group.interruptible ? 1 : 0);
    const hash = own.reduce((value, set) => hashOf(set, 0, classes.words, value), FNV_OFFSET ^ first);
    const candidates = known.get(hash) ?? [];
    known.set(hash, candidates);
    let kind = candidates.find(
      ({ group: { settled, interruptible }, sides }) =>
        settled === group.settled &&
        interruptible === group.interruptible &&
        sides.every((side, set) => sameSets(side.own, own[set])),
    );
    if (kind === undefined) {
      const sides = own.map((set) => ({ own: set, hostile: classes.against(set) }));
      kind = { group, sides, exports: 0, conflicts: 0 };
      candidates.push(kind);
      all.push(kind);
    }
    kind.exports += group.exports.length;
    return kind;
  });
  for (let i = 0; i < all.length; i++) {
    for (let k = i; k < all.length; k++) {
      const [a, b] = [all[i], all[k]];
      if (!a.group.interruptible && !b.group.interruptible) continue;
      if (!intersects(a.sides[b.group.settled].hostile, b.sides[a.group.settled].own)) continue;
      a.conflicts += b.exports;
      if (i !== k) b.conflicts += a.exports;
    }
  }
  return Uint32Array.from(kinds, ({ conflicts }) => conflicts);
}
