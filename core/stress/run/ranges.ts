/** Hooks of operations on ranges: bulk memory, tables and segments, and how they are performed in parts. */
import { Access } from '../../wasm/instructions.ts';
import type { Module } from '../../wasm/module.ts';
import { HookAnswer, LINE_LOG2 } from '../instrument/hooks.ts';
import type { Sites } from '../instrument/sites.ts';
import type { Accesses } from './accesses.ts';
import type { Caller } from './caller.ts';
import { extentTouches } from './extents.ts';
import type { MemoryState } from './memoryState.ts';
import { ExecutionMode } from './mode.ts';
import { cellTouch, isVisible, memoryTouch, type Operation, operationAt, type Touch } from './operation.ts';
import type { Scheduler } from './scheduler.ts';
import { dataLength } from './segments.ts';
import { type Part, Splits } from './splits.ts';
import type { TableAccesses } from './tableAccesses.ts';
import { TableRanges } from './tableRanges.ts';
import { OUT_OF_BOUNDS, TABLE_BOUNDS, trapOp } from './traps.ts';

/** The hooks of operations on ranges. */
export class Ranges {
  private readonly accesses: Accesses;
  readonly scheduler: Scheduler;
  private readonly sites: Sites;
  private readonly module: Module;
  private readonly splits = new Splits();
  private readonly tables: TableRanges;

  constructor(accesses: Accesses, tables: TableAccesses, sites: Sites, module: Module) {
    this.accesses = accesses;
    this.scheduler = accesses.scheduler;
    this.sites = sites;
    this.module = module;
    this.tables = new TableRanges(accesses, tables, sites, module);
  }

  /** Fixes where operations are split: at what is visible now. */
  fixSplits(memories: readonly MemoryState[]): void {
    this.splits.fix(memories);
  }

  range = (site: number, destination: number, source: number, count: number): number => {
    const { scheduler, sites } = this;
    if (scheduler.over || scheduler.meter.moves(count)) return HookAnswer.Abort;
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
        return this.tables.slots(site, destination, source, count);
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
    const traps = () => this.isBeyond(site, destination, source, count);
    if (scheduler.mode === ExecutionMode.Off) {
      if (!traps()) return segment?.dropped ? HookAnswer.Parts : HookAnswer.Perform;
      caller.trap = OUT_OF_BOUNDS;
      return HookAnswer.Abort;
    }
    const movesTo = accesses.readsExtent(to, caller, destination + count);
    const movesFrom = from !== undefined && accesses.readsExtent(from, caller, source + count);
    if (segment !== undefined) accesses.note(segment.cell, false);
    const checked = movesTo || movesFrom || segment?.cell.visible === true;
    if (traps()) {
      return accesses.beyond(checked, site, this.checkOf(site, destination, source, count), OUT_OF_BOUNDS, () => {
        if (traps()) return undefined;
        this.touch(to, destination, count, caller, true);
        if (from !== undefined) this.touch(from, source, count, caller, false);
        // `bulk` asks for each part.
        return operationAt(site, this.checkOf(site, destination, source, count), { parts: true });
      });
    }
    let visible = this.touch(to, destination, count, caller, true);
    if (from !== undefined && this.touch(from, source, count, caller, false)) visible = true;
    if (!accesses.isDecision(visible || checked, true)) {
      if (scheduler.mode === ExecutionMode.Count && this.splits.parts(to, destination, from, source, count).length > 1)
        return HookAnswer.Parts;
      accesses.passed(caller);
      return segment?.dropped ? HookAnswer.Parts : HookAnswer.Perform;
    }
    // Parts are decided by `bulk`, which asks for each of them.
    if (this.splits.parts(to, destination, from, source, count).length > 1) return HookAnswer.Parts;
    const operation = this.part(site, destination, source, count);
    return scheduler.ask({ ...operation, settle: () => this.checkedAgain(operation, destination, source, count) });
  }

  /** Whether the check of an operation on bytes fails now. What traps has written nothing. */
  private isBeyond(site: number, destination: number, source: number, count: number): boolean {
    const { sites } = this;
    const { instance } = this.scheduler;
    if (destination + count > instance.memories[sites.index[site]].bytes) return true;
    switch (sites.access[site]) {
      case Access.MemoryCopy:
        return source + count > instance.memories[sites.other[site]].bytes;
      case Access.MemoryInit: {
        const segment = sites.other[site];
        // The instantiation is what copies active ones.
        if (sites.func[site] < 0) return false;
        const dropped = instance.dropped.get(`data ${segment}`)?.dropped === true;
        return source + count > (dropped ? 0 : dataLength(this.module, segment));
      }
      default:
        return false;
    }
  }

  /** What that check reads, as far as others may change it. */
  private checkOf(site: number, destination: number, source: number, count: number): Touch[] {
    const { scheduler, sites, accesses } = this;
    const { instance, current } = scheduler;
    const touches: Touch[] = [];
    const to = instance.memories[sites.index[site]];
    const from = sites.access[site] === Access.MemoryCopy ? instance.memories[sites.other[site]] : undefined;
    if (accesses.readsExtent(to, current, destination + count))
      touches.push(...extentTouches(to, destination + count, true));
    if (from !== undefined && accesses.readsExtent(from, current, source + count))
      touches.push(
        ...extentTouches(from, source + count, false).filter((t) => !touches.some((u) => u.state === t.state)),
      );
    const segment =
      sites.access[site] === Access.MemoryInit ? instance.dropped.get(`data ${sites.other[site]}`) : undefined;
    if (segment !== undefined) touches.push(cellTouch(segment.cell, false));
    return touches;
  }

  /** The operation, or the trap that it has become while its caller stood before it. */
  private checkedAgain(operation: Operation, destination: number, source: number, count: number): Operation {
    const { site } = operation;
    if (!this.isBeyond(site, destination, source, count)) return operation;
    return trapOp(site, this.checkOf(site, destination, source, count), OUT_OF_BOUNDS);
  }

  /** The operation on `[destination, destination + count)`. */
  private part(site: number, destination: number, source: number, count: number): Operation {
    const { scheduler, sites } = this;
    const to = scheduler.instance.memories[sites.index[site]];
    const touches: Touch[] = [memoryTouch(to, destination, destination + count, true)];
    if (sites.access[site] === Access.MemoryCopy) {
      const from = scheduler.instance.memories[sites.other[site]];
      touches.push(memoryTouch(from, source, source + count, false));
    }
    touches.push(...this.checkOf(site, destination, source, count));
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

  /** The parts of an access of the host to a range. */
  split(memory: MemoryState, start: number, count: number): Part[] {
    return this.splits.parts(memory, start, undefined, 0, count);
  }

  /** Performs an operation on bytes in parts, or what is left of one on a dropped segment. 1 traps. */
  bulk = async (site: number, destination: number, source: number, count: number): Promise<number> => {
    const { scheduler, sites, accesses } = this;
    const kind = sites.access[site];
    const caller = scheduler.current;
    if (kind === Access.TableInit || kind === Access.TableCopy)
      return this.emptyInit(caller, source, count, TABLE_BOUNDS);
    const { instance } = scheduler;
    const to = instance.memories[sites.index[site]];
    const from = kind === Access.MemoryCopy ? instance.memories[sites.other[site]] : undefined;
    const data = kind === Access.MemoryInit ? this.module.data[sites.other[site]] : undefined;
    const parts =
      scheduler.mode === ExecutionMode.Off
        ? [{ at: 0, size: count }]
        : this.splits.parts(to, destination, from, source, count);
    for (const [i, { at, size }] of parts.entries()) {
      const part = this.part(site, destination + at, source + at, size);
      // Bounds are those of the whole operation, checked before its first part.
      const settle = i === 0 ? () => this.checkedAgain(part, destination, source, count) : undefined;
      if (
        i === 0 &&
        this.isBeyond(site, destination, source, count) &&
        !accesses.isDecision(part.touches.some(isVisible))
      ) {
        caller.trap = OUT_OF_BOUNDS;
        return 1;
      }
      const go = await this.askFor({ ...part, settle });
      if (go === HookAnswer.Abort) return 1;
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
}
