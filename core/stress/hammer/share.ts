/**
 * Rewrites a module so that threads of a JavaScript engine, with an instance each, behave as threads of a host that call
 * one instance: its memories are shared and imported, its mutable globals of number types are cells of one more shared
 * memory, active data is written once. Tables and references stay what JavaScript makes them: an instance's own.
 */
import type { Global, Memory, Module } from '../../wasm/module.ts';
import { isRef, type Limits } from '../../wasm/types.ts';
import { ModuleVariant } from './shareSections.ts';

/** Most pages of a memory whose own maximum is higher or missing: 1 GiB. */
export const MAX_PAGES = 16_384;
/** Bytes from one cell to the next, as far apart as hosts keep globals. */
export const CELL_BYTES = 16;

/** Which of the modules is written. */
export type Variant = 'first' | 'plain' | 'serial';

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

/** @throws DecodeFailure where a reachable body is malformed */
export function shareModule(module: Module, options: ShareOptions): SharedModule {
  const cellOf = module.globals.map((g, i) => (options.wholeInstance && hasCell(g) ? i * CELL_BYTES : undefined));
  const lowest = module.globals.length * CELL_BYTES;
  const names = shareNames(module);
  const shared: SharedModule = {
    first: new Uint8Array(),
    plain: new Uint8Array(),
    serial: new Uint8Array(),
    names,
    limits: module.memories.map((memory) => sharedLimits(memory, options.wholeInstance)),
    cellOf,
    lowest,
    cellBytes: lowest + CELL_BYTES,
  };
  const write = (variant: Variant): Uint8Array => new ModuleVariant(module, options, shared, variant).bytes();
  return {
    ...shared,
    first: write('first'),
    plain: write('plain'),
    serial: write('serial'),
  };
}

/** Numbers, which memories can hold. */
const hasCell = ({ mutable, type }: Global): boolean => mutable && !isRef(type);

function sharedLimits({ limits, imported }: Memory, wholeInstance: boolean): Limits | undefined {
  if (!wholeInstance) return imported && limits.shared ? bounded(limits) : undefined;
  return bounded({ ...limits, shared: true });
}

function bounded(limits: Limits): Limits {
  const most = BigInt(MAX_PAGES) > limits.min ? BigInt(MAX_PAGES) : limits.min;
  return { ...limits, max: limits.max === undefined || limits.max > most ? most : limits.max };
}

function shareNames(module: Module): ShareNames {
  let prefix = 'hazards:';
  const taken = [...module.exports.map((e) => e.name), ...module.imports.map((i) => i.module)];
  while (taken.some((name) => name.startsWith(prefix))) prefix = `_${prefix}`;
  return {
    imports: prefix,
    memory: 'memory',
    cells: 'cells',
    begin: `${prefix}begin`,
    start: `${prefix}start`,
    fuel: `${prefix}fuel`,
    global: `${prefix}global`,
  };
}
