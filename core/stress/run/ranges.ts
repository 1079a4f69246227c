/** Hooks of operations on ranges: bulk memory, tables and segments, and how they are performed in parts. */
import { Access } from '../../wasm/instructions.ts';
import type { Module } from '../../wasm/module.ts';
import { HookAnswer, LINE_LOG2 } from '../instrument/hooks.ts';
import type { Sites } from '../instrument/sites.ts';
import type { Accesses } from './accesses.ts';
import type { Caller } from './caller.ts';
import { keepSlot, type TableState } from './machine.ts';
import type { MemoryState } from './memoryState.ts';
import { cellTouch, isVisible, memoryTouch, type Operation, operationAt, type Touch } from './operation.ts';
import { ExecutionMode, type Scheduler } from './scheduler.ts';

/** Table slots that are tracked one by one. */
const MAX_SLOTS = 100_000;

/** The hooks of operations on ranges. */
export class Ranges {
  private readonly accesses: Accesses;
  private readonly scheduler: Scheduler;
  private readonly sites: Sites;
  private readonly module: Module;
  /** Lines that callers share in serial executions. Operations are split there, in every execution alike. */
  private readonly splitLines = new Map<MemoryState, Uint8Array>();

  constructor(accesses: Accesses, sites: Sites, module: Module) {
    this.accesses = accesses;
    this.scheduler = accesses.scheduler;
    this.sites = sites;
    this.module = module;
  }

  /** Fixes where operations are split: at what is visible now. */
  fixSplits(memories: readonly MemoryState[]): void {
    for (const memory of memories) this.splitLines.set(memory, memory.visible.slice());
  }

  range = (site: number, destination: number, source: number, count: number): number => {
    const { scheduler, sites } = this;
    if (scheduler.over) return HookAnswer.Abort;
    const caller = scheduler.current;
    if (scheduler.mode !== ExecutionMode.Off) {
      scheduler.accesses++;
      caller.site = site;
      scheduler.settle(caller);
    }
    switch (sites.access[site]) {
      case Access.DataDrop:
        return this.drops(site, `data ${sites.index[site]}`);
      case Access.ElemDrop:
        return this.drops(site, `element ${sites.index[site]}`);
      case Access.TableFill:
      case Access.TableCopy:
      case Access.TableInit:
        return this.slots(site, destination, source, count);
      default:
        return this.bytes(site, destination, source, count);
    }
  };

  /** The engine performs drops, because it can undo them; the module never does. */
  private drops(site: number, key: string): number {
    const { scheduler } = this;
    const segment = scheduler.instance.dropped.get(key);
    if (segment === undefined) return HookAnswer.Perform;
    const caller = scheduler.current;
    const drop = (): Operation => {
      segment.dropped = true;
      return operationAt(site, [cellTouch(segment.cell, true)]);
    };
    this.accesses.note(segment.cell, true);
    if (!this.accesses.isDecision(segment.cell.visible)) {
      drop();
      return this.accesses.passed(caller);
    }
    return scheduler.ask(operationAt(site, [cellTouch(segment.cell, true)], { settle: drop }));
  }

  private bytes(site: number, destination: number, source: number, count: number): number {
    const { scheduler, sites, accesses } = this;
    const kind = sites.access[site];
    const caller = scheduler.current;
    const to = scheduler.instance.memories[sites.index[site]];
    const from = kind === Access.MemoryCopy ? scheduler.instance.memories[sites.other[site]] : undefined;
    const segment =
      kind === Access.MemoryInit ? scheduler.instance.dropped.get(`data ${sites.other[site]}`) : undefined;
    if (destination + count > to.bytes || (from !== undefined && source + count > from.bytes)) {
      caller.trap = 'memory access out of bounds';
      return HookAnswer.Abort;
    }
    if (scheduler.mode === ExecutionMode.Off) return segment?.dropped ? HookAnswer.Parts : HookAnswer.Perform;
    let visible = this.touch(to, destination, count, caller, true);
    if (from !== undefined && this.touch(from, source, count, caller, false)) visible = true;
    const movesTo = accesses.readsExtent(to, caller);
    const movesFrom = from !== undefined && from !== to && accesses.readsExtent(from, caller);
    if (segment !== undefined) accesses.note(segment.cell, false);
    if (!accesses.isDecision(visible || movesTo || movesFrom || segment?.cell.visible === true)) {
      if (scheduler.mode === ExecutionMode.Count && this.parts(to, destination, from, source, count).length > 1)
        return HookAnswer.Parts;
      accesses.passed(caller);
      return segment?.dropped ? HookAnswer.Parts : HookAnswer.Perform;
    }
    // `bulk` asks for each part.
    if (segment?.dropped || this.parts(to, destination, from, source, count).length > 1) return HookAnswer.Parts;
    return scheduler.ask(this.part(site, destination, source, count));
  }

  /** The operation on `[destination, destination + count)`. */
  private part(site: number, destination: number, source: number, count: number): Operation {
    const { scheduler, sites, accesses } = this;
    const caller = scheduler.current;
    const to = scheduler.instance.memories[sites.index[site]];
    const touches: Touch[] = [memoryTouch(to, destination, destination + count, true)];
    if (sites.access[site] === Access.MemoryCopy) {
      const from = scheduler.instance.memories[sites.other[site]];
      touches.push(memoryTouch(from, source, source + count, false));
      if (from !== to && accesses.readsExtent(from, caller)) touches.push(cellTouch(from.extent, false));
    }
    if (accesses.readsExtent(to, caller)) touches.push(cellTouch(to.extent, false));
    const segment =
      sites.access[site] === Access.MemoryInit
        ? scheduler.instance.dropped.get(`data ${sites.other[site]}`)
        : undefined;
    if (segment !== undefined) touches.push(cellTouch(segment.cell, false));
    return operationAt(
      site,
      touches.filter((t) => t.end > t.start),
    );
  }

  /** Records who touches the lines of a range; true when one of them is visible. */
  touch(memory: MemoryState, start: number, count: number, caller: Caller, write: boolean): boolean {
    if (count === 0) return false;
    let visible = false;
    const last = (start + count - 1) >>> LINE_LOG2;
    for (let line = start >>> LINE_LOG2; line <= last; line++) {
      this.accesses.touchLine(memory, line, caller, write);
      if (memory.visible[line] === 1) visible = true;
    }
    return visible;
  }

  /**
   * Offsets at which an operation is split: in the middle of what callers share of its destination, and at its ends;
   * else in quarters. Overlapping copies are left whole.
   */
  private parts(
    to: MemoryState,
    destination: number,
    from: MemoryState | undefined,
    source: number,
    count: number,
  ): number[] {
    if (count < 2 || (from === to && Math.abs(source - destination) < count)) return [0];
    const [low, high] = this.sharedRange(to, destination, count) ??
      (from && this.sharedRange(from, source, count)) ?? [0, count];
    const cuts = [low, Math.floor((low + high) / 2), high];
    if (low === 0 && high === count) cuts.push(Math.floor(count / 4), Math.floor((3 * count) / 4));
    return [...new Set([0, ...cuts.filter((cut) => cut > 0 && cut < count)])].sort((a, b) => a - b);
  }

  /** First and last offset of the part of a range that callers share in serial executions. */
  private sharedRange(memory: MemoryState, start: number, count: number): [number, number] | undefined {
    const split = this.splitLines.get(memory);
    if (split === undefined) return undefined;
    const first = start >>> LINE_LOG2;
    const last = (start + count - 1) >>> LINE_LOG2;
    let low = first;
    while (low <= last && split[low] !== 1) low++;
    if (low > last) return undefined;
    let high = last;
    while (split[high] !== 1) high--;
    return [Math.max(0, (low << LINE_LOG2) - start), Math.min(count, ((high + 1) << LINE_LOG2) - start)];
  }

  /** Performs an operation on bytes in parts, or what is left of one on a dropped segment. 1 traps. */
  bulk = async (site: number, destination: number, source: number, count: number): Promise<number> => {
    const { scheduler, sites } = this;
    const kind = sites.access[site];
    const caller = scheduler.current;
    if (kind === Access.TableInit || kind === Access.TableCopy)
      return this.emptyInit(caller, source, count, 'table index is out of bounds');
    const { instance } = scheduler;
    const to = instance.memories[sites.index[site]];
    const from = kind === Access.MemoryCopy ? instance.memories[sites.other[site]] : undefined;
    const segment = kind === Access.MemoryInit ? instance.dropped.get(`data ${sites.other[site]}`) : undefined;
    const data = kind === Access.MemoryInit ? this.module.data[sites.other[site]] : undefined;
    const cuts = scheduler.mode === ExecutionMode.Off ? [0] : this.parts(to, destination, from, source, count);
    for (let i = 0; i < cuts.length; i++) {
      const at = cuts[i];
      const size = (cuts[i + 1] ?? count) - at;
      const go = await this.askFor(this.part(site, destination + at, source + at, size));
      if (go === HookAnswer.Abort) return 1;
      if (i === 0 && data !== undefined) {
        const length = segment?.dropped ? 0 : data.end - data.start;
        if (source + count > length) {
          caller.trap = 'memory access out of bounds';
          return 1;
        }
      }
      if (destination + count > to.bytes) continue; // The memory shrank: a copy of it was published.
      if (data !== undefined)
        to.view.set(
          this.module.bytes.subarray(data.start + source + at, data.start + source + at + size),
          destination + at,
        );
      else if (from !== undefined) to.view.set(from.view.slice(source + at, source + at + size), destination + at);
      else to.view.fill(source & 0xff, destination + at, destination + at + size);
    }
    return 0;
  };

  private emptyInit(caller: Caller, source: number, count: number, trap: string): number {
    if (source + count === 0) return 0;
    caller.trap = trap;
    return 1;
  }

  /** Asks the scheduler from an asynchronous hook. */
  async askFor(operation: Operation): Promise<number> {
    const { scheduler } = this;
    if (scheduler.over) return HookAnswer.Abort;
    if (!this.accesses.isDecision(operation.touches.some(isVisible))) return this.accesses.passed(scheduler.current);
    scheduler.settle(scheduler.current);
    const go = scheduler.ask(operation);
    return go === HookAnswer.Pause ? scheduler.pause() : go;
  }

  private slots(site: number, destination: number, source: number, count: number): number {
    const { scheduler, sites, accesses } = this;
    const kind = sites.access[site];
    const caller = scheduler.current;
    const to = scheduler.instance.tables[sites.index[site]] as TableState;
    const from = kind === Access.TableCopy ? scheduler.instance.tables[sites.other[site]] : undefined;
    const segment =
      kind === Access.TableInit ? scheduler.instance.dropped.get(`element ${sites.other[site]}`) : undefined;
    if (destination + count > to.length || (from !== undefined && source + count > from.length)) {
      caller.trap = 'table index is out of bounds';
      return HookAnswer.Abort;
    }
    const touches: Touch[] = [];
    let visible = segment?.cell.visible === true;
    const touchAll = (table: TableState, start: number, write: boolean): void => {
      for (let slot = start; slot < start + count; slot++) {
        if (write) keepSlot(table, slot);
        if (scheduler.mode === ExecutionMode.Off || slot >= start + MAX_SLOTS) continue;
        const cell = accesses.slotCell(table, slot);
        accesses.note(cell, write);
        touches.push(cellTouch(cell, write));
        visible ||= cell.visible;
      }
    };
    touchAll(to, destination, true);
    if (from !== undefined) touchAll(from, source, false);
    if (scheduler.mode === ExecutionMode.Off) return segment?.dropped ? HookAnswer.Parts : HookAnswer.Perform;
    if (segment !== undefined) {
      accesses.note(segment.cell, false);
      touches.push(cellTouch(segment.cell, false));
    }
    if (accesses.readsTableExtent(to, caller)) {
      touches.push(cellTouch(to.extent, false));
      visible = true;
    }
    if (!accesses.isDecision(visible)) {
      accesses.passed(caller);
      return segment?.dropped ? HookAnswer.Parts : HookAnswer.Perform;
    }
    const operation = operationAt(site, touches);
    // Only when the operation is performed is it known whether the segment still exists and whether growth has copied the table.
    const settle = (): Operation => {
      for (let slot = destination; slot < destination + count; slot++) keepSlot(to, slot);
      return { ...operation, parts: segment?.dropped === true };
    };
    return scheduler.ask({ ...operation, settle });
  }
}
