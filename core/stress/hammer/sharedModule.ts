/** The result of rewriting a module for threads: its variants, the names that they use, and the layout of the cells. */

import type { Limits } from '../../wasm/types.ts';

/** Bytes from one cell to the next, the distance at which hosts keep globals. */
export const CELL_BYTES = 16;

/** The variants of the rewritten module. */
export type SharedVariant = 'first' | 'plain' | 'serial';

/** What to share. */
export interface ShareOptions {
  /** Whether callers share globals and all memories, not only imported shared memories. */
  wholeInstance: boolean;
  /** 1 for each function that calls can reach. */
  reachable: Uint8Array;
  /** Global index of the shadow stack pointer, -1 if there is none. */
  stackPointer: number;
}

/** Names of the imports and exports that the rewritten modules add. */
export interface ShareNames {
  /** Import module of what is added. */
  imports: string;
  /** Prefix of the index of a memory that is imported under `imports`. */
  memory: string;
  cells: string;
  /** Exported by the first module: writes the initial values of globals into the cells. */
  begin: string;
  start: string;
  /**
   * Exported by the serial variant: loop iterations left, a mutable i32. Below zero after a trap, the call would not
   * have returned.
   */
  fuel: string;
  /** Exported by the plain variant if there is a stack pointer: the lowest value that this instance gave it. */
  depth: string;
  /** Prefix of the index of a global. */
  global: string;
}

/** A rewritten module. */
export interface SharedModule {
  /** Instantiated once, and `begin` called: writes active data and first values of globals. */
  first: Uint8Array;
  /** Instantiated by every thread. Its start function is only exported. */
  plain: Uint8Array;
  /**
   * The same for calls while no other caller runs: records the lowest stack pointer, and ends calls that would not
   * return.
   */
  serial: Uint8Array;
  names: ShareNames;
  /** By memory index: limits to create it with; undefined if each instance has its own. */
  limits: (Limits | undefined)[];
  /** By global index: offset of its cell, undefined if it has none. */
  cellOf: (number | undefined)[];
  /** Offset of the cell of the lowest stack pointer. */
  lowest: number;
  /** Bytes of all cells. */
  cellBytes: number;
}
