/** What locks keep from being conflicts: state that several calls touch, and that all of them touch under one lock. */
import { HOST_PROFILES } from '../../hosts/index.ts';
import { hasBit, uniteInto } from '../bits.ts';
import type { Cell, HeldLock } from '../cells.ts';
import { conflictWithoutLocks, type Sharing } from '../conflicts.ts';
import type { Analysis } from '../model.ts';
import { guardOf } from './guarded.ts';

/** A lock, and what is done under it that would be a conflict without it. */
export interface LockedState {
  lock: HeldLock;
  /** State that calls touch under the lock, each once. */
  cells: Cell[];
}

/** A lock, and the effects that it keeps from conflicts. */
interface Guarded {
  lock: HeldLock;
  effects: number[];
}

const known = new WeakMap<Analysis, Guarded[]>();

/** Computed once for each analysis. */
function guardedIn(analysis: Analysis): Guarded[] {
  let found = known.get(analysis);
  if (found === undefined) {
    found = find(analysis);
    known.set(analysis, found);
  }
  return found;
}

/** The locks of a module that guard something under the sharing model of the analysis. */
export const lockedStates = (analysis: Analysis): LockedState[] =>
  guardedIn(analysis).map(({ lock, effects }) => ({ lock, cells: cellsOf(analysis, effects) }));

/** What locks guard in what one export reaches. */
export function lockedStatesOf(analysis: Analysis, position: number): LockedState[] {
  const reached = analysis.groups[analysis.exports[position].group].effects;
  return guardedIn(analysis).flatMap(({ lock, effects }) => {
    const own = effects.filter((effect) => hasBit(reached, 0, effect));
    return own.length === 0 ? [] : [{ lock, cells: cellsOf(analysis, own) }];
  });
}

function find({ effects, groups, words, host, model, sharing: module }: Analysis): Guarded[] {
  const locked = [...effects.keys()].filter((id) => effects[id].locks !== undefined);
  if (locked.length === 0) return [];
  const sharing: Sharing = { model, profile: HOST_PROFILES[host], module };
  const everything = new Uint32Array(words);
  for (const group of groups) uniteInto(everything, group.effects);
  const states = new Map<string, { lock: HeldLock; effects: Set<number> }>();
  const reached = locked.filter((id) => hasBit(everything, 0, id));
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
  return [...states.values()].map((state) => ({ lock: state.lock, effects: [...state.effects] }));
}

/** Cells of effects, each once. */
function cellsOf(analysis: Analysis, effects: readonly number[]): Cell[] {
  const found = new Map<string, Cell>();
  for (const effect of effects) {
    const { cell } = analysis.effects[effect];
    const key = JSON.stringify([cell.kind, cell.index, cell.segment, cell.address]);
    if (!found.has(key)) found.set(key, cell);
  }
  return [...found.values()];
}
