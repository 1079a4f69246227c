/** The result of rewriting a module for threads: its variants, the names that they use, and the layout of the cells. */

import type { Limits } from '../../wasm/types.ts';

/** Bytes from one cell to the next, the distance at which hosts keep globals. */
export const CELL_BYTES = 16;

/** The modules that are written. */
export type SharedVariant = 'first' | 'plain' | 'serial';

/** What to share. */
export interface ShareOptions {
  /** Callers share globals and all memories, not only memories that are imported and shared. */
  wholeInstance: boolean;
  /** 1 for each function that calls can reach. */
  reachable: Uint8Array;
  /** Global index of the shadow stack pointer, -1 where there is none. */
  stackPointer: number;
}

/** Names that the rewritten modules import and export beside their own. */
export interface ShareNames {
  /** Import module of what is added. */
  imports: string;
  /** Before the index of a memory that is imported under `imports`. */
  memory: string;
  cells: string;
  /** Exported by the first module: writes the first values of globals into the cells. */
  begin: string;
  start: string;
  /** Of the serial variant: loop iterations left, a mutable i32. Below zero: what trapped would not have returned. */
  fuel: string;
  /** Before the index of a global. */
  global: string;
}

/** A rewritten module. */
export interface SharedModule {
  /** Instantiated once, and `begin` called: writes active data and first values of globals. */
  first: Uint8Array;
  /** Of every thread. Its start function is only exported. */
  plain: Uint8Array;
  /** The same for calls that nobody else runs beside: keeps the lowest stack pointer, and ends what would not return. */
  serial: Uint8Array;
  names: ShareNames;
  /** By memory index: limits to make it with; undefined where each instance has its own. */
  limits: (Limits | undefined)[];
  /** By global index: offset of its cell, undefined where it has none. */
  cellOf: (number | undefined)[];
  /** Offset of the cell of the lowest stack pointer. */
  lowest: number;
  /** Bytes of all cells. */
  cellBytes: number;
}
