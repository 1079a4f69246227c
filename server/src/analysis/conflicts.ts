/**
 * When two accesses conflict: they can touch one cell, one of them writes, and not both are atomic,
 * among what callers share under a sharing model.
 */
import type { Module } from '../wasm/module.ts';
import { setBit, wordsFor } from './bits.ts';
import { REF_FUNC } from './effectTable.ts';
import type { HostProfile, SharingModel } from './hosts/profile.ts';
import type { Address, Cell, Confidence, Effect, MemorySharing } from './model.ts';

export interface Sharing {
  model: SharingModel;
  memories: readonly MemorySharing[];
  profile: HostProfile;
}

export const memorySharing = (module: Module): MemorySharing[] =>
  module.memories.map((m) => ({ shared: m.limits.shared, common: m.limits.shared && m.imported }));

/** A memory that instances can have in common: what decides the default sharing model. */
export const hasCommonMemory = (memories: readonly MemorySharing[]): boolean => memories.some((m) => m.common);

const isWrite = (e: Effect): boolean => e.access === 'write' || e.access === 'atomic-write';
const isAtomic = (e: Effect): boolean => e.access === 'atomic-read' || e.access === 'atomic-write';
const isEverything = (cell: Cell): boolean => cell.kind === 'memory' && cell.index === -1 && cell.name === EVERYTHING;

/** Name of the cell that a function with unknown code touches: any cell. */
export const EVERYTHING = 'anything';

/** Whether callers share the cell at all under the model. */
function isCommon(cell: Cell, sharing: Sharing): boolean {
  if (cell.kind === 'host') return cell.index !== REF_FUNC || sharing.profile.refFuncUnsafe;
  switch (sharing.model) {
    case 'shared-instance':
      return true;
    case 'isolated':
      return false;
    case 'shared-memory':
      if (isEverything(cell)) return true;
      if (cell.kind !== 'memory' && cell.kind !== 'memory.grow') return false;
      return cell.index < 0 ? hasCommonMemory(sharing.memories) : sharing.memories[cell.index].common;
  }
}

/** How sure it is that two effects conflict; undefined when they do not. */
export function conflictOfEffects(a: Effect, b: Effect, sharing: Sharing): Confidence | undefined {
  if (!isWrite(a) && !isWrite(b)) return undefined;
  if (isAtomic(a) && isAtomic(b)) return undefined;
  if (!isCommon(a.cell, sharing) || !isCommon(b.cell, sharing)) return undefined;
  // Code that could not be read may call the host, too.
  if (isEverything(a.cell) || isEverything(b.cell)) return 'possible';
  if (a.cell.kind !== b.cell.kind) return extentConflict(a, b, sharing) ?? extentConflict(b, a, sharing);
  if (a.cell.segment !== b.cell.segment) return undefined;
  const known = a.cell.index >= 0 && b.cell.index >= 0;
  if (a.cell.index !== b.cell.index && (known || a.cell.index === REF_FUNC || b.cell.index === REF_FUNC))
    return undefined;
  if (a.cell.kind === 'memory' || a.cell.kind === 'table') return overlap(a.cell.address, b.cell.address, sharing);
  if (a.cell.kind === 'host') return 'possible';
  return known ? 'definite' : 'possible';
}

/** `grower` changes base or length, `other` uses them. Only growth that is not atomic moves. */
function extentConflict(grower: Effect, other: Effect, sharing: Sharing): Confidence | undefined {
  if (grower.access !== 'write') return undefined;
  const memory = grower.cell.kind === 'memory.grow' && other.cell.kind === 'memory';
  const table = grower.cell.kind === 'table.grow' && other.cell.kind === 'table';
  if (!memory && !table) return undefined;
  if (memory && !sharing.profile.growMovesMemory) return undefined;
  if (grower.cell.index < 0 || other.cell.index < 0) return 'possible';
  return grower.cell.index === other.cell.index ? 'definite' : undefined;
}

function overlap(a: Address | undefined, b: Address | undefined, sharing: Sharing): Confidence | undefined {
  if (a === undefined || b === undefined) return 'possible';
  if (a.base === 'static' && b.base === 'static') {
    if (a.global !== b.global) return 'possible';
    return a.start < b.end && b.start < a.end ? 'definite' : undefined;
  }
  if (a.base === 'stack' && b.base === 'stack') {
    // In model B every instance is given a stack of its own; on one instance there is one.
    return sharing.model === 'shared-memory' ? undefined : 'likely';
  }
  // Frames and static data are disjoint regions of every compiler's layout.
  if ((a.base === 'stack' && b.base === 'static') || (a.base === 'static' && b.base === 'stack')) return undefined;
  return 'possible';
}

/** Row of effect `e`: the effects that conflict with it. */
export function conflictMask(effects: readonly Effect[], sharing: Sharing): Uint32Array {
  const words = wordsFor(effects.length);
  const mask = new Uint32Array(effects.length * words);
  const mark = (a: number, b: number) => {
    if (conflictOfEffects(effects[a], effects[b], sharing) === undefined) return;
    setBit(mask, a * words, b);
    setBit(mask, b * words, a);
  };
  // Only effects on the same state can conflict: compare within buckets, not all with all.
  const buckets = new Map<string, number[]>();
  const wild: number[] = [];
  effects.forEach(({ cell }, e) => {
    if (cell.index === -1) {
      wild.push(e);
      return;
    }
    const key = `${cell.kind.split('.')[0]} ${cell.index} ${cell.segment}`;
    const bucket = buckets.get(key) ?? [];
    bucket.push(e);
    buckets.set(key, bucket);
  });
  for (const bucket of buckets.values())
    for (let i = 0; i < bucket.length; i++) for (let k = i; k < bucket.length; k++) mark(bucket[i], bucket[k]);
  for (const a of wild) for (let b = 0; b < effects.length; b++) mark(a, b);
  return mask;
}

export const SURENESS: readonly Confidence[] = ['definite', 'likely', 'possible'];

/** The less sure of two. */
export const weaker = (a: Confidence, b: Confidence): Confidence =>
  SURENESS.indexOf(a) >= SURENESS.indexOf(b) ? a : b;
