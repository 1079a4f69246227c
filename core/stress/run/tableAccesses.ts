/** Accesses of table slots, one at a time, and the extents that they read. */
import { Access } from '../../wasm/instructions.ts';
import { HookAnswer } from '../instrument/hooks.ts';
import type { Accesses } from './accesses.ts';
import type { Caller } from './caller.ts';
import { cellTouch, type Operation, operationAt } from './operation.ts';
import { keepSlot, type TableState } from './tableState.ts';
import { TrackedCell } from './trackedCell.ts';
import { TABLE_BOUNDS, trapOp } from './traps.ts';

/** The part of the hooks before accesses that is about tables. */
export class TableAccesses {
  private readonly accesses: Accesses;
  /** Growth of a table moves it: every access reads where it is. */
  private readonly moves: boolean;

  constructor(accesses: Accesses, moves: boolean) {
    this.accesses = accesses;
    this.moves = moves;
  }

  /** `table.get`, `table.set` and `call_indirect`. */
  slot(site: number, index: number): number {
    const { accesses } = this;
    const { scheduler, sites } = accesses;
    const table = scheduler.instance.tables[sites.index[site]];
    if (table === undefined) return HookAnswer.Perform;
    const caller = scheduler.current;
    const write = sites.access[site] === Access.TableSet;
    const moves = this.readsExtent(table, caller, index + 1);
    const extent = cellTouch(table.extent, false);
    const performed = (): Operation => {
      const cell = this.slotCell(table, index);
      accesses.note(cell, write);
      // A growth may have copied the table while the caller stood here.
      if (write) keepSlot(table, index);
      return operationAt(site, moves ? [cellTouch(cell, write), extent] : [cellTouch(cell, write)]);
    };
    if (index >= table.length)
      return accesses.beyond(moves, site, [extent], TABLE_BOUNDS, () =>
        index < table.length ? performed() : undefined,
      );
    const operation = performed();
    if (!accesses.isDecision(this.slotCell(table, index).visible || moves, true)) return accesses.passed(caller);
    const settle = () => (index < table.length ? performed() : trapOp(site, [extent], TABLE_BOUNDS));
    return scheduler.ask({ ...operation, settle });
  }

  /** The cell of one slot. */
  slotCell(table: TableState, index: number): TrackedCell {
    let cell = table.slots.get(index);
    if (cell === undefined) {
      cell = new TrackedCell('table', `${table.name} slot ${index}`, this.accesses.scheduler.callers.length);
      table.slots.set(index, cell);
    }
    return cell;
  }

  /** Whether an access of slots below `end` depends on growth by somebody else. Notes that the caller reads the extent. */
  readsExtent(table: TableState, caller: Caller, end: number): boolean {
    if (!this.accesses.learns || (!this.moves && end <= table.baseLength)) return false;
    this.accesses.note(table.extent, false);
    return (table.extent.writers & ~(1 << caller.index)) !== 0;
  }
}
