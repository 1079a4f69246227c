/** A table of an instance as the engine keeps it: V8's tables never shrink, and what changes is restored slot by slot. */
import type { Module } from '../../wasm/module.ts';
import type { WasmTable } from '../../wasm/webAssembly.ts';
import { TrackedCell } from './trackedCell.ts';

/** Most slots of a table that the engine makes. Source: WebAssembly JavaScript Interface, implementation limits. */
const MAX_SLOTS = 10_000_000;

/** A table that code changes or copies from. */
export interface TableState {
  index: number;
  table: WasmTable;
  name: string;
  is64: boolean;
  max: number;
  /** Slots that it may grow to; set by the machine. */
  mostSlots: number;
  /** Slots as the guest sees them; V8's tables never shrink. */
  length: number;
  baseLength: number;
  extent: TrackedCell;
  slots: Map<number, TrackedCell>;
  /** Contents of changed slots in the base state, of those that it has there. */
  base: Map<number, unknown>;
  /** Growth in progress: contents of slots when they were copied. */
  growths: Map<number, unknown>[];
}

/** The state of table `index` of a module. `name`: as results have it; `callers`: how many may touch it. */
export function createTableState(
  module: Module,
  index: number,
  table: WasmTable,
  name: string,
  callers: number,
): TableState {
  const { limits } = module.tables[index];
  return {
    index,
    table,
    name,
    is64: limits.is64,
    max: limits.max === undefined ? MAX_SLOTS : Number(limits.max),
    mostSlots: Number(table.length),
    length: Number(table.length),
    baseLength: Number(table.length),
    extent: new TrackedCell('table.grow', `${name} size`, callers),
    slots: new Map(),
    base: new Map(),
    growths: [],
  };
}

/** What is in a slot. */
const referenceAt = ({ table, is64 }: TableState, slot: number): unknown => table.get(is64 ? BigInt(slot) : slot);

/** Slots whose contents are looked at in the base state. */
const MOST_LOOKED_AT = 10_000;

/** What the first slots of a table hold. */
export const firstReferences = (state: TableState): unknown[] =>
  Array.from({ length: Math.min(Number(state.table.length), MOST_LOOKED_AT) }, (_, slot) => referenceAt(state, slot));

/** Sets a slot of a table of either address type. */
export function setSlot({ table, is64 }: TableState, slot: number, value: unknown): void {
  table.set(is64 ? BigInt(slot) : slot, value);
}

/** Saves slots before they change. */
export function keepSlot(state: TableState, slot: number): void {
  if (slot >= Number(state.table.length)) return;
  for (const growth of state.growths) if (!growth.has(slot)) growth.set(slot, referenceAt(state, slot));
  // The module fills the slots that growth makes, each time.
  if (slot < state.baseLength && !state.base.has(slot)) state.base.set(slot, referenceAt(state, slot));
}

/** Back to the base state. */
export function restoreTable(state: TableState): void {
  state.length = state.baseLength;
  state.growths.length = 0;
  for (const [slot, value] of state.base) setSlot(state, slot, value);
}

/** What distinguishes the contents of a table from those in the base state; `reference` numbers what slots hold. */
export function tableDifference(state: TableState, reference: (value: unknown) => number): number[] {
  const parts = [state.length];
  for (const slot of [...state.base.keys()].sort((a, b) => a - b)) {
    const held = referenceAt(state, slot);
    if (held !== state.base.get(slot)) parts.push(slot, reference(held));
  }
  // Growth fills many slots with the same reference.
  let before: unknown;
  for (let slot = state.baseLength; slot < state.length; slot++) {
    const held = referenceAt(state, slot);
    if (slot === state.baseLength || held !== before) parts.push(slot, reference(held));
    before = held;
  }
  return parts;
}
