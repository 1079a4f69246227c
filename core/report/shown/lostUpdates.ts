/** Whether the trace of a wrong outcome shows a lost update. */
import type { TraceRow } from '../../stress/run/traceRows.ts';

/** What happened to one cell so far. */
interface Cell {
  /** Writes so far. */
  version: number;
  /** By caller: the version that its current call read last. */
  read: Map<number, { call: number; version: number }>;
  /** Of each version: the version that its writer had read before it wrote; -1 if it had read none. */
  builtOn: number[];
}

/**
 * Whether two callers read the same contents of a cell and then both wrote it, so that the later write dropped the
 * earlier one. Rows of different widths are taken for different cells, which can only hide a lost update.
 */
export function losesUpdates(
  trace: readonly Pick<TraceRow, 'caller' | 'call' | 'cell' | 'read' | 'written'>[],
): boolean {
  const cells = new Map<string, Cell>();
  for (const { caller, call, cell: name, read, written } of trace) {
    if (name === '' || (read === undefined && written === undefined)) continue;
    const cell = cells.get(name) ?? { version: 0, read: new Map(), builtOn: [-1] };
    cells.set(name, cell);
    if (read !== undefined) cell.read.set(caller, { call, version: cell.version });
    if (written === undefined) continue;
    const last = cell.read.get(caller);
    const based = last?.call === call ? last.version : -1;
    // Every version since was written by another caller: this one would have read its own again.
    if (based >= 0 && cell.builtOn.slice(based + 1).some((other) => other === based)) return true;
    cell.version += 1;
    cell.builtOn.push(based);
    cell.read.delete(caller);
  }
  return false;
}
