/** Questions about cells and accesses that the rest of the product asks: nobody looks into their names for an answer. */
import type { Cell, CellKind, Effect } from './model.ts';

/** Whether the access changes its cell, atomically or not. */
export const isWrite = ({ access }: Pick<Effect, 'access'>): boolean => access === 'write' || access === 'atomic-write';

/** Whether the access is one atomic operation. */
export const isAtomic = ({ access }: Pick<Effect, 'access'>): boolean =>
  access === 'atomic-read' || access === 'atomic-write';

/** Whether the cell is the extent of a memory or table, which growth writes and every access reads. */
export const isExtent = ({ kind }: Pick<Cell, 'kind'>): boolean => kind === 'memory.grow' || kind === 'table.grow';

/** Whether the cell is state of the host, outside of the module. */
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

/** A cell; what is not given does not apply to its kind, or is not known. */
export const cellOf = (kind: CellKind, given: Partial<Omit<Cell, 'kind'>> = {}): Cell => ({
  kind,
  index: given.index,
  name: given.name,
  address: given.address,
  segment: given.segment,
});
