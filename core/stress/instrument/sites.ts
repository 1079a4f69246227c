/**
 * Access sites of an instrumented module: the number that a hook gets identifies the instruction of the original
 * module. Parallel arrays, because hooks read them at every access.
 */
import { MNEMONIC } from '../../wasm/instructions.ts';

export interface Sites {
  /** Function index and byte offset in the original module. */
  func: number[];
  offset: number[];
  /** `opId` of the instruction. */
  op: number[];
  /** Class of access, a value of `Access`; `Access.None` for loops. */
  access: number[];
  /** Memory, global, table, segment or function index. */
  index: number[];
  /** Second index: source memory or table of a copy, memory or table of an init. */
  other: number[];
  /** Static offset of a memory access. */
  memarg: number[];
  /** Bytes touched by a load, store or atomic; else 0. */
  width: number[];
  /** What sites are called that are no instructions of the module: accesses of the host. */
  names: Map<number, string>;
}

/** Mnemonic of the instruction at a site, or what it is called; empty for sites that are not known. */
export const operationName = (sites: Pick<Sites, 'op' | 'names'>, site: number): string =>
  sites.names.get(site) ?? MNEMONIC[sites.op[site]] ?? '';

/** No sites. */
export const emptySites = (): Sites => ({
  func: [],
  offset: [],
  op: [],
  access: [],
  index: [],
  other: [],
  memarg: [],
  width: [],
  names: new Map(),
});
