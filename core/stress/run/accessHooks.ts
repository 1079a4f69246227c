/**
 * The hooks before accesses: what is touched, by whom, and whether that is a decision. A private access leaves a tag
 * in the filter, so that its repetitions do not call the hook again in this execution.
 */
import { Access } from '../../wasm/instructions.ts';
import { HookAnswer, TAG_BYTES, TAG_HEADER } from '../instrument/hooks.ts';
import type { Sites } from '../instrument/sites.ts';
import type { Accesses } from './accesses.ts';
import { sizeTouches } from './extents.ts';
import { isVector } from './guestInstance.ts';
import { Sync } from './history.ts';
import { MemoryAccesses } from './memoryAccesses.ts';
import { ExecutionMode } from './mode.ts';
import { cellTouch, type Operation, operationAt } from './operation.ts';
import type { Scheduler } from './scheduler.ts';
import type { TableAccesses } from './tableAccesses.ts';
import type { TableState } from './tableState.ts';
import type { TrackedCell } from './trackedCell.ts';

/** What the hooks work on. */
export interface AccessOptions {
  accesses: Accesses;
  tables: TableAccesses;
  /** Global of the shadow stack pointer, or -1. */
  stackPointer: number;
  /** Host state behind imported functions, by function index; undefined where there is none. */
  hostCells: readonly (TrackedCell | undefined)[];
  /** Whether the host synchronises accesses of that state. */
  hostGuards: readonly boolean[];
  /** The host's account of references to functions; undefined where it keeps none that callers share. */
  references: TrackedCell | undefined;
}

/** The hooks before accesses of one run. */
export class AccessHooks {
  private readonly accesses: Accesses;
  private readonly scheduler: Scheduler;
  private readonly sites: Sites;
  private readonly options: AccessOptions;
  private readonly memories: MemoryAccesses;
  /** The last operation of each site. */
  private readonly operations: Operation[] = [];

  constructor(options: AccessOptions) {
    this.options = options;
    this.accesses = options.accesses;
    this.scheduler = options.accesses.scheduler;
    this.sites = options.accesses.sites;
    this.memories = new MemoryAccesses(options.accesses);
  }

  /** Before an access at an address of 32 bits, or of anything that has none. */
  access = (site: number, address: number): number => this.at(site, address >>> 0);
  /** Before one at an address of 64 bits. */
  access64 = (site: number, address: number): number => this.at(site, address);

  private at(site: number, address: number): number {
    const { scheduler, sites } = this;
    if (scheduler.mode === ExecutionMode.Off) return HookAnswer.Perform;
    if (scheduler.over) return HookAnswer.Abort;
    if ((++scheduler.accesses & 0xffff) === 0 && scheduler.meter.interrupted()) return HookAnswer.Abort;
    const caller = scheduler.current;
    caller.site = site;
    scheduler.settle(caller);
    switch (sites.access[site]) {
      case Access.GlobalGet:
      case Access.GlobalSet:
        return this.global(site);
      case Access.TableGet:
      case Access.TableSet:
      case Access.CallIndirect:
        return this.options.tables.slot(site, address);
      case Access.MemorySize:
        return this.memorySize(site);
      case Access.TableSize:
        return this.tableSize(site);
      case Access.Call:
        return this.host(site);
      case Access.RefFunc:
        return this.reference(site);
      default:
        return this.memories.access(site, address);
    }
  }

  private global(site: number): number {
    const { accesses, scheduler, sites } = this;
    const index = sites.index[site];
    const write = sites.access[site] === Access.GlobalSet;
    const state = scheduler.instance.globals[index];
    if (state === undefined) return HookAnswer.Perform;
    const isStack = index === this.options.stackPointer;
    if (isStack) accesses.lowestStack = Math.min(accesses.lowestStack, Number(state.get()) || Number.POSITIVE_INFINITY);
    const caller = scheduler.current;
    accesses.note(state.cell, write);
    if (write) state.written = true;
    const { visible } = state.cell;
    if (accesses.isDecision(visible, true)) {
      const operation = this.operationOn(state.cell, site, write);
      if (!isVector(state)) return scheduler.ask(operation);
      caller.half = operation;
      return scheduler.ask({ ...operation, parts: true });
    }
    if (visible) accesses.shown(this.operationOn(state.cell, site, write));
    if (scheduler.mode === ExecutionMode.Count) {
      scheduler.count(caller);
      if (!isVector(state)) return HookAnswer.Perform;
      caller.half = undefined;
      return HookAnswer.Parts;
    }
    if (!visible && !(isStack && scheduler.mode === ExecutionMode.Serial)) {
      const { tags } = scheduler.instance;
      const at = (TAG_HEADER + index * TAG_BYTES) >> 2;
      tags[at] = caller.tag;
      if (write) tags[at + 1] = caller.tag;
    }
    return HookAnswer.Perform;
  }

  /** A plain access of a cell: always the same object for a site, while that accesses the same cell. */
  private operationOn(cell: TrackedCell, site: number, write: boolean): Operation {
    let operation = this.operations[site];
    if (operation?.touches[0].state !== cell) {
      operation = operationAt(site, [cellTouch(cell, write)]);
      this.operations[site] = operation;
    }
    return operation;
  }

  private memorySize(site: number): number {
    const { accesses, scheduler } = this;
    const memory = scheduler.instance.memories[this.sites.index[site]];
    accesses.note(memory.extent, false);
    if (!accesses.isDecision(memory.extent.visible, true)) return accesses.passed(scheduler.current);
    return scheduler.ask(operationAt(site, sizeTouches(memory), { sync: memory.shared ? Sync.Acquire : Sync.None }));
  }

  private tableSize(site: number): number {
    const { accesses, scheduler } = this;
    const { extent } = scheduler.instance.tables[this.sites.index[site]] as TableState;
    accesses.note(extent, false);
    if (!accesses.isDecision(extent.visible, true)) return accesses.passed(scheduler.current);
    return scheduler.ask(operationAt(site, [cellTouch(extent, false)]));
  }

  /** A call of an imported function. */
  private host(site: number): number {
    const { accesses, scheduler, sites, options } = this;
    const func = sites.index[site];
    const cell = options.hostCells[func];
    if (cell !== undefined) accesses.note(cell, true);
    const visible = cell?.visible === true || accesses.visibleImports.has(func);
    if (!accesses.isDecision(visible)) return accesses.passed(scheduler.current);
    const guarded = options.hostGuards[func];
    const touches = cell === undefined ? [] : [cellTouch(cell, true, guarded)];
    return scheduler.ask(
      operationAt(site, touches, {
        wild: accesses.visibleImports.has(func),
        sync: guarded && cell ? Sync.Both : Sync.None,
      }),
    );
  }

  /** `ref.func`, where it changes the host's account of references. */
  private reference(site: number): number {
    const { accesses, scheduler, options } = this;
    const { references } = options;
    if (references !== undefined) accesses.note(references, true);
    if (references === undefined || !accesses.isDecision(references.visible, true))
      return accesses.passed(scheduler.current);
    return scheduler.ask(operationAt(site, [cellTouch(references, true)]));
  }

  /** Before a fence, which does nothing but wait for the caller's store buffer. */
  fence = (site: number): number => {
    const { accesses, scheduler } = this;
    if (scheduler.dispatcher.buffers === undefined || !accesses.decides) return HookAnswer.Perform;
    if (scheduler.over) return HookAnswer.Abort;
    const caller = scheduler.current;
    scheduler.accesses++;
    caller.site = site;
    scheduler.settle(caller);
    return scheduler.ask(operationAt(site, []));
  };

  /** Between the halves of an access in parts. */
  middle = (_site: number): number => {
    const { accesses, scheduler } = this;
    if (scheduler.over) return HookAnswer.Abort;
    const caller = scheduler.current;
    const { half } = caller;
    caller.half = undefined;
    if (half === undefined || !accesses.decides) return accesses.passed(caller);
    scheduler.accesses++;
    scheduler.settle(caller);
    return scheduler.ask(half);
  };
}
