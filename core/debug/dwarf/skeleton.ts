/**
 * Units of which one half is in a file of its own (clang's `-gsplit-dwarf`): the module keeps the lines and the addresses,
 * the file has functions, variables and types. Sources: DWARF 5, sections 3.1.2 and 7.3; gcc.gnu.org/wiki/DebugFission
 */
import type { Module } from '../../wasm/module.ts';

/** What the half in the module says of the other one, and for it. */
export interface Skeleton {
  /** Path of the file as the compiler wrote it, and the folder in which the compiler was called. */
  readonly file: string;
  readonly directory: string | undefined;
  /** Both halves have it; rounded to a number. Undefined where it is not known. */
  readonly id: number | undefined;
  /** Offset of the line program in `.debug_line`. */
  readonly lines: number | undefined;
  /** Where lists begin that indices of the other half count from. */
  readonly addressBase: number;
  readonly rangesBase: number;
  /** What lists of ranges count from. */
  readonly base: number;
}

/** Reads the other half of a unit, or says in one sentence why that is not possible. Never throws. */
export type ReadHalf = (
  skeleton: Pick<Skeleton, 'file' | 'directory' | 'id'>,
) => { half: Module } | { problem: string };

/** Sections that stay in the module: those that the linker has to write. */
const KEPT: readonly string[] = ['.debug_addr', '.debug_ranges', '.debug_line', '.debug_line_str'];

/** Name in the module of a section of the other half; undefined for sections without debug information. */
export const nameOfHalf = (name: string): string | undefined => /^(\.debug_\w+)\.dwo$/.exec(name)?.[1];

/** Sections that both halves share. */
export const isSharedByHalves = (name: string): boolean => KEPT.includes(name);
