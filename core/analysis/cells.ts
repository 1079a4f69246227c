/**
 * Cells and accesses: the units of shared state, what is done to them, and the questions that the rest of the product
 * asks about both. Use these functions rather than comparing names of kinds.
 */

/**
 * Kinds of shared state.
 * - `memory`, `table`: bytes of a memory, slots of a table
 * - `memory.grow`, `table.grow`: the extent (base and length), which growth writes
 * - `global`, `stack-pointer`: a mutable global; the shadow stack pointer has its own kind
 * - `heap`: all structs and arrays of the garbage-collected heap
 * - `segment`: a passive data or element segment, which a drop writes
 * - `host`: what an imported function touches outside the module
 * - `host-unknown`: what unknown code touches that is called through a reference or a table
 * - `ref.func`: the runtime's list of function references, which `ref.func` writes
 * - `anything`: any cell: what a function with unreadable code touches
 */
export type CellKind =
  | 'memory'
  | 'memory.grow'
  | 'global'
  | 'stack-pointer'
  | 'heap'
  | 'table'
  | 'table.grow'
  | 'segment'
  | 'host'
  | 'host-unknown'
  | 'ref.func'
  | 'anything';

/**
 * Where in a memory (bytes) or a table (slots) an access goes. Parameters are those of the function whose effect it is;
 * for an effect of an export they are the arguments of the call.
 * - `static`: `[start, end)`, relative to the immutable global `global` when that is set. With `stride`, the places
 *   `start + k * stride` of `width` bytes each, as far as `end`. `loose`: somewhere in there, not all of it
 * - `stack`: in a frame of the shadow stack, the function's own or one of its callers'
 * - `parameter`: `scale` (1 if missing) times parameter `parameter`, plus `[start, end)`; anywhere in the object that it
 *   points to if these are missing. With `length`, the value of that parameter is added to `end`. `through`: in memory
 *   that pointers kept there lead to, at any depth
 * - `fresh`: in a block that the call itself allocated, before anybody else can know it
 * - `contents`: in memory that pointers kept in the static bytes `[start, end)` lead to, at any depth
 * - `unknown`: anything
 */
export type Address =
  | { base: 'static'; start: number; end: number; global?: number; stride?: number; width?: number; loose?: true }
  | { base: 'stack' }
  | {
      base: 'parameter';
      parameter: number;
      scale?: number;
      start?: number;
      end?: number;
      length?: number;
      through?: true;
    }
  | { base: 'fresh' }
  | { base: 'contents'; start: number; end: number }
  | { base: 'unknown' };

/** A unit of shared state. */
export interface Cell {
  kind: CellKind;
  /**
   * Index of the memory, global, table, segment or imported function; undefined: any one of the kind, or a kind that a
   * module has only once.
   */
  index: number | undefined;
  /** `$name` where the module names it, import `module.name` for a host cell. */
  name: string | undefined;
  /** Memory and table cells only. */
  address: Address | undefined;
  /** Segment cells only. */
  segment: 'data' | 'element' | undefined;
}

/** What an access does to its cell. A read-modify-write is an `atomic-write`. */
export type AccessKind = 'read' | 'write' | 'atomic-read' | 'atomic-write';

/** A lock that is held at an access. */
export interface HeldLock {
  /** Memory of the lock's word, and its bytes `[start, end)`. */
  memory: number;
  start: number;
  end: number;
  /** Held as one of several readers. */
  shared?: true;
  /** No access at an address that is not known could change the word. */
  proven: boolean;
}

/** An access of a cell, interned: its position in `Analysis.effects` is its id. */
export interface Effect {
  cell: Cell;
  access: AccessKind;
  /**
   * Atomic accesses of a memory: the sum of their widths in bytes, each counted once, for widths are powers of two.
   * Missing where none is known, as for `memory.atomic.notify`.
   */
  widths?: number;
  /** The access is a `memory.atomic.wait`, which can suspend the thread. */
  waits?: true;
  /** Locks that are held at all accesses that this effect stands for. */
  locks?: readonly HeldLock[];
}

/** Whether the access changes its cell, atomically or not. */
export const isWrite = ({ access }: Pick<Effect, 'access'>): boolean => access === 'write' || access === 'atomic-write';

/** Whether the access is one atomic operation. */
export const isAtomic = ({ access }: Pick<Effect, 'access'>): boolean =>
  access === 'atomic-read' || access === 'atomic-write';

/** Whether the cell is the extent of a memory or table, which growth writes and every access reads. */
export const isExtent = ({ kind }: Pick<Cell, 'kind'>): boolean => kind === 'memory.grow' || kind === 'table.grow';

/** Whether the access is growth of a memory or table. */
export const isGrowth = (effect: Effect): boolean => isExtent(effect.cell) && isWrite(effect);

/** Whether the cell is state of the host, outside the module. */
export const isHostCell = ({ kind }: Pick<Cell, 'kind'>): boolean =>
  kind === 'host' || kind === 'host-unknown' || kind === 'ref.func';

/** The memory, table or global that a cell belongs to, whichever part of it; undefined for other state. */
export function stateKind({ kind }: Pick<Cell, 'kind'>): 'memory' | 'global' | 'table' | undefined {
  switch (kind) {
    case 'memory':
    case 'memory.grow':
      return 'memory';
    case 'table':
    case 'table.grow':
      return 'table';
    case 'global':
    case 'stack-pointer':
      return 'global';
    default:
      return undefined;
  }
}

/** Whether a cell may be item `index` of one of `kinds`: it is, or the analysis does not know which one it is. */
export const mayBe = (cell: Cell, kinds: readonly CellKind[], index: number): boolean =>
  cell.kind === 'anything' || (kinds.includes(cell.kind) && (cell.index === undefined || cell.index === index));

/** Makes a cell. Omitted properties do not apply to its kind, or are unknown. */
export const cellOf = (kind: CellKind, given: Partial<Omit<Cell, 'kind'>> = {}): Cell => ({
  kind,
  index: given.index,
  name: given.name,
  address: given.address,
  segment: given.segment,
});
