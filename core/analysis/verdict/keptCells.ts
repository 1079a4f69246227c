/** The state that a module keeps, cell by cell, with the exports that touch each: for lists that lead from state to code. */
import type { Module } from '../../wasm/module.ts';
import { bitsOf, hasBit, setBit, uniteInto } from '../bits.ts';
import { type AccessKind, type Cell, isWrite } from '../cells.ts';
import type { Analysis } from '../model.ts';
import { hasOpponent } from '../partners.ts';
import { staticStart } from '../staticData.ts';
import { allocatorState } from './allocatorState.ts';
import { KEPT_ORDER, type KeptKind, keptKey, keptKind } from './kept.ts';

/** A cell, or a variable of the source, that some export writes. */
export interface KeptCell {
  kind: KeptKind;
  /** The same in every analysis of the same module; unique among the cells of a kind. */
  key: string;
  /** One of the cells that the key stands for. */
  cell: Cell;
  /** Bitset over effect ids: all accesses of it. */
  effects: Uint32Array;
  /** Whether some export conflicts on it under the sharing model. */
  contested: boolean;
}

const known = new WeakMap<Analysis, readonly KeptCell[]>();

/**
 * In the order in which a verdict names kinds. What no export writes is not kept, and what only functions in a table
 * touch is not listed. Computed once for each analysis; never throws.
 */
export function keptCells(module: Module, analysis: Analysis): readonly KeptCell[] {
  const found = known.get(analysis) ?? find(module, analysis);
  known.set(analysis, found);
  return found;
}

function find(module: Module, analysis: Analysis): KeptCell[] {
  const { effects, words, groups } = analysis;
  const allocator = allocatorState(module, analysis);
  const staticFrom = staticStart(module);
  const reached = new Uint32Array(words);
  for (const group of groups) uniteInto(reached, group.effects);
  const cells = new Map<string, KeptCell & { isWritten: boolean }>();
  for (const id of bitsOf(reached)) {
    const effect = effects[id];
    const kind = keptKind(analysis, effect, allocator.owns(effect), staticFrom);
    if (kind === undefined) continue;
    // The allocator is one state, whatever it keeps it in.
    const key = kind === 'allocator' || kind === 'stack' ? kind : keptKey(module, effect.cell);
    const cell = cells.get(`${kind} ${key}`) ?? {
      kind,
      key,
      cell: effect.cell,
      effects: new Uint32Array(words),
      contested: false,
      isWritten: false,
    };
    cells.set(`${kind} ${key}`, cell);
    setBit(cell.effects, 0, id);
    cell.isWritten ||= isWrite(effect);
    cell.contested ||= hasOpponent(analysis, id);
  }
  const all = [...cells.values()].filter(({ isWritten }) => isWritten);
  return KEPT_ORDER.flatMap((kind) =>
    all.filter((cell) => cell.kind === kind).map(({ isWritten: _, ...cell }) => cell),
  );
}

/** Exports that do the same to a cell: positions in `Analysis.exports`, in order. */
export interface CellUsers {
  exports: readonly number[];
  access: ReadonlySet<AccessKind>;
}

/** The exports that access a cell, by groups: a module can have thousands that reach the same. */
export function usersOfCell({ effects, groups }: Analysis, { effects: wanted }: KeptCell): CellUsers[] {
  const ids = bitsOf(wanted);
  return groups.flatMap((group) => {
    const reached = ids.filter((id) => hasBit(group.effects, 0, id));
    if (reached.length === 0) return [];
    return [{ exports: group.exports, access: new Set(reached.map((id) => effects[id].access)) }];
  });
}
