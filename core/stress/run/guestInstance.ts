/** An instance of an instrumented module, and its state that callers could share or leave behind. */
import type { WasmInstance, WasmMemory } from '../../wasm/webAssembly.ts';
import type { MemoryState } from './memoryState.ts';
import type { TableState } from './tableState.ts';
import type { TrackedCell } from './trackedCell.ts';

/** A mutable global of one instance. */
export interface GlobalState {
  cell: TrackedCell;
  index: number;
  get(): unknown;
  set(value: unknown): void;
  base: unknown;
  /** Code has written it since the base state was restored. */
  written: boolean;
}

/** Whether a global is a vector, whose two words are read and written one after the other. */
export const isVector = (global: GlobalState | undefined): boolean =>
  typeof global?.base === 'string' && global.base.includes(':');

/** An instance and its state. */
export interface GuestInstance {
  exports: WasmInstance['exports'];
  memories: MemoryState[];
  globals: (GlobalState | undefined)[];
  tables: (TableState | undefined)[];
  dropped: Map<string, { cell: TrackedCell; dropped: boolean; base: boolean }>;
  /** Exported functions by function index of the original module, run as callers. */
  functions: Map<number, (...args: unknown[]) => Promise<unknown>>;
  /** Begins the loop of a caller; see residents.ts. */
  resident(caller: number): Promise<unknown>;
  /** The memory of tags; see ../instrument/hooks.ts. */
  tags: Uint32Array<ArrayBufferLike>;
  tagMemory: WasmMemory;
}
