/** Which exports conflict with an effect or with an export as a whole, read from the bitsets of an analysis. */
import { bitsOf, hasBit, intersects, setBit, uniteInto } from './bits.ts';
import { isExtent, isGrowth, isWrite } from './cells.ts';
import { anyOf, type ObjectCondition } from './conditions/condition.ts';
import { effectsMeet } from './conflicts.ts';
import { meet } from './groups.ts';
import type { Analysis } from './model.ts';
import { sharingUnder } from './queries.ts';
import { excluding } from './settled.ts';

/** Exports, as positions in `Analysis.exports` in order, that conflict with an access. */
export interface Against {
  all: readonly number[];
  /** Members of `all` that only read what the access writes, and the others. */
  readers: readonly number[];
  rivals: readonly number[];
  /** Whether nothing but the growth of the memory or table conflicts with the access. */
  onlyGrowth: boolean;
  /**
   * On what the conflicts depend, growth aside; the first parameters of the conditions are those of the access's export.
   */
  condition: 'always' | ObjectCondition[];
  /** Members of `all` that grow the memory or table. */
  growers: readonly number[];
}

const NOBODY: Against = { all: [], readers: [], rivals: [], onlyGrowth: false, condition: 'always', growers: [] };

const byEffect = new WeakMap<Analysis, Map<string, Against>>();

/**
 * Exports that conflict with effect `effect`, none for -1. Cached, since thousands of findings may have the same
 * effect.
 */
export function against(analysis: Analysis, effect: number, position?: number): Against {
  if (effect < 0) return NOBODY;
  let known = byEffect.get(analysis);
  if (known === undefined) {
    known = new Map();
    byEffect.set(analysis, known);
  }
  const own = position === undefined ? undefined : analysis.groups[analysis.exports[position].group];
  const all = own?.interruptible ?? true;
  const settled = own?.settled ?? 0;
  const key = `${effect} ${all} ${settled}`;
  let found = known.get(key);
  if (found === undefined) {
    found = findAgainst(analysis, effect, all, settled);
    known.set(key, found);
  }
  return found;
}

/**
 * `interruptible`: the access is of an export that others can interrupt; else only such exports conflict with it.
 * `settled`: position in `Analysis.settled` of what that export is ordered with.
 */
function findAgainst(analysis: Analysis, effect: number, interruptible: boolean, settled: number): Against {
  const { words, conflictMask, effects } = analysis;
  const groups = analysis.groups.filter(
    (group) => (interruptible || group.interruptible) && !hasBit(analysis.settled[group.settled].sure, 0, effect),
  );
  const hostile = excluding(
    conflictMask.subarray(effect * words, (effect + 1) * words),
    analysis.settled[settled].sure,
  );
  const all = exportsReaching(analysis, hostile, groups);
  const { cell, access } = effects[effect];
  const rivals = hostile.slice();
  for (const other of bitsOf(hostile)) {
    const reads = effects[other].cell.kind === cell.kind && !isWrite(effects[other]);
    if (access === 'write' && reads) rivals[other >> 5] &= ~(1 << (other & 31));
  }
  const rivalExports = exportsReaching(analysis, rivals, groups);
  const isRival = new Set(rivalExports);
  const reached = new Uint32Array(words);
  for (const group of groups) if (intersects(group.effects, hostile)) uniteInto(reached, group.effects);
  const met = bitsOf(hostile).filter((other) => hasBit(reached, 0, other));
  const sharing = sharingUnder(analysis, analysis.model);
  const own = effects[effect];
  const conditions = met
    .filter((other) => isGrowth(own) || !isGrowth(effects[other]))
    .map((other) => effectsMeet(own, effects[other], sharing)?.condition ?? 'always');
  const growth = new Uint32Array(words);
  for (const other of met) if (isGrowth(effects[other])) setBit(growth, 0, other);
  return {
    all,
    readers: all.filter((position) => !isRival.has(position)),
    rivals: rivalExports,
    onlyGrowth: met.length > 0 && met.every((other) => isExtent(effects[other].cell)),
    condition: conditions.length === 0 ? 'always' : anyOf(conditions),
    growers: exportsReaching(analysis, growth, groups),
  };
}

/** Positions of the exports that conflict with an access of effect `effect`. */
export const exportsAgainst = (analysis: Analysis, effect: number): readonly number[] => against(analysis, effect).all;

const reachedByExports = new WeakMap<Analysis, Uint32Array>();

/** Whether any export conflicts with an access of effect `effect`; cheaper than `exportsAgainst`. */
export function hasOpponent(analysis: Analysis, effect: number): boolean {
  const { words, conflictMask, groups } = analysis;
  let reached = reachedByExports.get(analysis);
  if (reached === undefined) {
    reached = new Uint32Array(words);
    // What nothing interrupts conflicts only with what can be interrupted.
    for (const group of groups) if (group.interruptible) uniteInto(reached, group.effects);
    for (const group of groups)
      if (!group.interruptible && intersects(group.hostile, reached)) uniteInto(reached, group.effects);
    reachedByExports.set(analysis, reached);
  }
  return intersects(conflictMask.subarray(effect * words, (effect + 1) * words), reached);
}

/** Whether two calls of export `position` conflict with each other. */
export function conflictsWithItself(analysis: Analysis, position: number): boolean {
  const group = analysis.groups[analysis.exports[position].group];
  return meet(group, group);
}

/** Positions of the exports that reach one of `effects`, in order. */
export function exportsReaching(analysis: Analysis, effects: Uint32Array, groups = analysis.groups): number[] {
  // Most rows have few bits: look only at the words that are not zero.
  const used: number[] = [];
  for (let word = 0; word < effects.length; word++) if (effects[word] !== 0) used.push(word);
  // Marks and one walk instead of a sort: this runs hundreds of times with thousands of exports.
  const marked = new Uint8Array(analysis.exports.length);
  for (const group of groups) {
    if (used.some((word) => (effects[word] & group.effects[word]) !== 0))
      for (const member of group.exports) marked[member] = 1;
  }
  const found: number[] = [];
  for (let position = 0; position < marked.length; position++) if (marked[position] === 1) found.push(position);
  return found;
}

/** Whether ascending `positions` contain `position`. */
export function contains(positions: readonly number[], position: number): boolean {
  let low = 0;
  let high = positions.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (positions[middle] < position) low = middle + 1;
    else high = middle;
  }
  return positions[low] === position;
}
