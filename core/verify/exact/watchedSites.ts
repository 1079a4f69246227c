/** Accesses that a watched module tells the host of, one by one: its sites. */

/** What a site accesses. `extent`: base and size of a memory, size of a table. */
export type WatchedKind = 'global' | 'memory' | 'memory.grow' | 'table' | 'table.grow' | 'data' | 'element' | 'fence';

/**
 * How. `load` and `change` are atomic: a load, and a store or read-modify-write. `grow` writes where the growth succeeded,
 * else reads. `order`: synchronisation without an access; `wait`: the same with an atomic load.
 */
export type WatchedHow = 'read' | 'write' | 'load' | 'change' | 'grow' | 'order' | 'wait';

/** One call of the host in a watched module. Its number is its position among the sites. */
export interface WatchedSite {
  /** Function index and byte offset of the instruction in the original module. */
  func: number;
  offset: number;
  /** `opId` of the instruction. */
  op: number;
  kind: WatchedKind;
  /** Of the memory, global, table or segment. */
  index: number;
  how: WatchedHow;
  /** The access looks at base and size, too, which growth changes. */
  extent: boolean;
}

/** Most sites of a module: each becomes a function in Go. */
export const MAX_SITES = 20_000;
