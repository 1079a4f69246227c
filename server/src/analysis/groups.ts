/** Exports with equal effects, and what they conflict with. */
import { intersects } from './bits.ts';
import type { EffectGroup } from './model.ts';

/** Groups functions by their rows in both matrices; `positions` are positions in `Analysis.exports`. */
export function groupByEffects(
  functions: readonly number[],
  reached: Uint32Array,
  direct: Uint32Array,
  words: number,
  mask: Uint32Array,
): { groups: EffectGroup[]; groupOf: Uint32Array } {
  const groups: EffectGroup[] = [];
  const groupOf = new Uint32Array(functions.length);
  const known = new Map<number, number[]>();
  const byFunction = new Map<number, number>();
  functions.forEach((func, position) => {
    let group = byFunction.get(func);
    if (group === undefined) {
      const effects = reached.slice(func * words, (func + 1) * words);
      const own = direct.slice(func * words, (func + 1) * words);
      const hash = hashOf(effects, own);
      const alike = known.get(hash) ?? [];
      known.set(hash, alike);
      group = alike.find((g) => sameBits(groups[g].effects, effects) && sameBits(groups[g].direct, own));
      if (group === undefined) {
        group = groups.push({ effects, direct: own, hostile: hostileTo(effects, mask, words), exports: [] }) - 1;
        alike.push(group);
      }
      byFunction.set(func, group);
    }
    groupOf[position] = group;
    groups[group].exports.push(position);
  });
  return { groups, groupOf };
}

/** FNV-1a over words. */
function hashOf(...sets: Uint32Array[]): number {
  let hash = 0x811c9dc5;
  for (const set of sets) for (const word of set) hash = Math.imul(hash ^ word, 0x01000193);
  return hash;
}

const sameBits = (a: Uint32Array, b: Uint32Array): boolean => a.every((word, w) => word === b[w]);

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

/** For each group, how many exports its members conflict with, themselves included. */
export function conflictCounts(groups: readonly EffectGroup[]): Uint32Array {
  const counts = new Uint32Array(groups.length);
  for (let a = 0; a < groups.length; a++) {
    for (let b = a; b < groups.length; b++) {
      if (!intersects(groups[a].hostile, groups[b].effects)) continue;
      counts[a] += groups[b].exports.length;
      if (a !== b) counts[b] += groups[a].exports.length;
    }
  }
  return counts;
}
