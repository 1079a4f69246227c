/** What locks keep from being conflicts: state that several calls touch, and that all of them touch under one lock. */
import { HOST_PROFILES } from '../../hosts/index.ts';
import { bitsOf } from '../bits.ts';
import type { Cell, HeldLock } from '../cells.ts';
import { conflictWithoutLocks, type Sharing } from '../conflicts.ts';
import type { Analysis } from '../model.ts';
import { guardOf } from './guarded.ts';

/** A lock, and what is done under it that would be a conflict without it. */
export interface LockedState {
  lock: HeldLock;
  /** State that a call touches under the lock, each once. */
  cells: Cell[];
  /** Positions in `Analysis.exports` of those that do so. */
  exports: number[];
}

const known = new WeakMap<Analysis, LockedState[]>();

/** The locks of a module that guard something under the sharing model of the analysis. Computed once for each analysis. */
export function lockedStates(analysis: Analysis): LockedState[] {
  let found = known.get(analysis);
  if (found === undefined) {
    found = find(analysis);
    known.set(analysis, found);
  }
  return found;
}

/** What locks guard in what one export reaches. */
export const lockedStatesOf = (analysis: Analysis, position: number): LockedState[] =>
  lockedStates(analysis).filter(({ exports }) => exports.includes(position));

function find({ effects, groups, host, model, sharing: module }: Analysis): LockedState[] {
  const locked = [...effects.keys()].filter((id) => effects[id].locks !== undefined);
  if (locked.length === 0) return [];
  const sharing: Sharing = { model, profile: HOST_PROFILES[host], module };
  const reachedBy = new Map<number, number[]>();
  for (const group of groups)
    for (const id of bitsOf(group.effects))
      if (effects[id].locks !== undefined) reachedBy.set(id, [...(reachedBy.get(id) ?? []), ...group.exports]);
  const states = new Map<string, { lock: HeldLock; effects: Set<number> }>();
  const reached = locked.filter((id) => reachedBy.has(id));
  reached.forEach((a, k) => {
    for (const b of reached.slice(k)) {
      const guard = guardOf(effects[a], effects[b], sharing);
      if (guard === undefined || conflictWithoutLocks(effects[a], effects[b], sharing) === undefined) continue;
      const { memory, start, end } = guard.lock;
      const key = `${memory} ${start} ${end}`;
      const state = states.get(key) ?? { lock: guard.lock, effects: new Set() };
      states.set(key, state);
      state.effects.add(a).add(b);
    }
  });
  return [...states.values()].map(({ lock, effects: ids }) => ({
    lock,
    cells: distinct([...ids].map((id) => effects[id].cell)),
    exports: [...new Set([...ids].flatMap((id) => reachedBy.get(id) ?? []))].sort((a, b) => a - b),
  }));
}

function distinct(cells: readonly Cell[]): Cell[] {
  const found = new Map<string, Cell>();
  for (const cell of cells) {
    const key = JSON.stringify([cell.kind, cell.index, cell.segment, cell.address]);
    if (!found.has(key)) found.set(key, cell);
  }
  return [...found.values()];
}
