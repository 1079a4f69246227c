/** Operations on ranges of table slots. */
import { Access } from '../../wasm/instructions.ts';
import type { Module } from '../../wasm/module.ts';
import { HookAnswer } from '../instrument/hooks.ts';
import type { Sites } from '../instrument/sites.ts';
import type { Accesses } from './accesses.ts';
import { ExecutionMode } from './mode.ts';
import { cellTouch, type Operation, operationAt, type Touch } from './operation.ts';
import { elementLength } from './segments.ts';
import type { TableAccesses } from './tableAccesses.ts';
import { keepSlot, type TableState } from './tableState.ts';
import { TABLE_BOUNDS, trapOp } from './traps.ts';

/** Table slots that are tracked one by one. */
const MAX_SLOTS = 100_000;

/** `table.fill`, `table.copy` and `table.init`. */
export class TableRanges {
  private readonly accesses: Accesses;
  private readonly tables: TableAccesses;
  private readonly sites: Sites;
  private readonly module: Module;

  constructor(accesses: Accesses, tables: TableAccesses, sites: Sites, module: Module) {
    this.accesses = accesses;
    this.tables = tables;
    this.sites = sites;
    this.module = module;
  }

  /** The hook before one; the module performs it, or `Ranges.bulk` what is left of one on a dropped segment. */
  slots(site: number, destination: number, source: number, count: number): number {
    const { sites, accesses, tables } = this;
    const { scheduler } = accesses;
    const kind = sites.access[site];
    const caller = scheduler.current;
    const to = scheduler.instance.tables[sites.index[site]] as TableState;
    const from = kind === Access.TableCopy ? scheduler.instance.tables[sites.other[site]] : undefined;
    const segment =
      kind === Access.TableInit ? scheduler.instance.dropped.get(`element ${sites.other[site]}`) : undefined;
    const length = kind === Access.TableInit ? elementLength(this.module, sites.other[site]) : undefined;
    const traps = () =>
      destination + count > to.length ||
      (from !== undefined && source + count > from.length) ||
      (length !== undefined && source + count > (segment?.dropped === true ? 0 : length));
    if (scheduler.mode !== ExecutionMode.Off && segment !== undefined) accesses.note(segment.cell, false);
    const movesTo = tables.readsExtent(to, caller, destination + count);
    const movesFrom = from !== undefined && tables.readsExtent(from, caller, source + count);
    const checked: Touch[] = [];
    if (movesTo) checked.push(cellTouch(to.extent, false));
    if (from !== undefined && movesFrom && from !== to) checked.push(cellTouch(from.extent, false));
    if (segment !== undefined) checked.push(cellTouch(segment.cell, false));
    let visible = movesTo || movesFrom || segment?.cell.visible === true;
    const touches: Touch[] = [];
    const touchAll = (table: TableState, start: number, write: boolean): void => {
      for (let slot = start; slot < start + count; slot++) {
        if (write) keepSlot(table, slot);
        if (scheduler.mode === ExecutionMode.Off || slot >= start + MAX_SLOTS) continue;
        const cell = tables.slotCell(table, slot);
        accesses.note(cell, write);
        touches.push(cellTouch(cell, write));
        visible ||= cell.visible;
      }
    };
    const performed = (): Operation => {
      touches.length = 0;
      touchAll(to, destination, true);
      if (from !== undefined) touchAll(from, source, false);
      touches.push(...checked);
      return operationAt(site, touches.slice(), { parts: segment?.dropped === true });
    };
    if (traps()) {
      if (scheduler.mode !== ExecutionMode.Off)
        return accesses.beyond(visible, site, checked, TABLE_BOUNDS, () => (traps() ? undefined : performed()));
      caller.trap = TABLE_BOUNDS;
      return HookAnswer.Abort;
    }
    const operation = performed();
    if (scheduler.mode === ExecutionMode.Off) return segment?.dropped ? HookAnswer.Parts : HookAnswer.Perform;
    if (!accesses.isDecision(visible, true)) {
      accesses.passed(caller);
      return segment?.dropped ? HookAnswer.Parts : HookAnswer.Perform;
    }
    // Whether the segment is still there, and whether a growth has copied the table, is known when it is performed.
    const settle = (): Operation => (traps() ? trapOp(site, checked, TABLE_BOUNDS) : performed());
    return scheduler.ask({ ...operation, settle });
  }
}
