/** Exports with equal effects, and what they conflict with. */
import { intersects } from './bits.ts';
import type { Effect } from './cells.ts';
import type { ConflictMasks, Sharing } from './conflicts.ts';
import type { EffectGroup, Settled } from './model.ts';
import { facing } from './settled.ts';
import { suspensions } from './suspension.ts';

/** Groups functions by their rows in both matrices; `positions` are positions in `Analysis.exports`. */
export function groupByEffects(
  functions: readonly number[],
  reached: Uint32Array,
  direct: Uint32Array,
  words: number,
  masks: ConflictMasks,
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
        const open = facing(effects, settled.sets, masks, (some, mask) => hostileTo(some, mask, words));
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

const FNV_OFFSET = 0x811c9dc5;

/** FNV-1a over the words of one row, starting from `hash`. */
function hashOf(matrix: Uint32Array, row: number, words: number, hash: number): number {
  let value = hash;
  for (let w = 0; w < words; w++) value = Math.imul(value ^ matrix[row + w], 0x01000193);
  return value;
}

/** Whether a set equals the row of a matrix. */
function sameBits(set: Uint32Array, matrix: Uint32Array, row: number): boolean {
  for (let w = 0; w < set.length; w++) if (set[w] !== matrix[row + w]) return false;
  return true;
}

/** Union of the rows of `mask` for the effects in `effects`. */
export function hostileTo(effects: Uint32Array, mask: Uint32Array, words: number): Uint32Array {
  const hostile = new Uint32Array(words);
  for (let w = 0; w < words; w++) {
    for (let word = effects[w]; word !== 0; word &= word - 1) {
      const row = ((w << 5) + (31 - Math.clz32(word & -word))) * words;
      for (let k = 0; k < words; k++) hostile[k] |= mask[row + k];
    }
  }
  return hostile;
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

/** For each group, how many exports its members conflict with, themselves included. */
export function conflictCounts(groups: readonly EffectGroup[]): Uint32Array {
  const counts = new Uint32Array(groups.length);
  for (let a = 0; a < groups.length; a++) {
    for (let b = a; b < groups.length; b++) {
      if (!meet(groups[a], groups[b])) continue;
      counts[a] += groups[b].exports.length;
      if (a !== b) counts[b] += groups[a].exports.length;
    }
  }
  return counts;
}
