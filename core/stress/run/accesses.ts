/**
 * The hooks before accesses: what is touched, by whom, and whether that is a decision. A private access leaves a tag
 * in the filter, so that its repetitions do not call the hook again in this execution.
 */

import { Access } from '../../wasm/instructions.ts';
import { hex } from '../../wasm/printer/numbers.ts';
import { HookAnswer, LINE_LOG2 } from '../instrument/hooks.ts';
import { isTorn } from '../instrument/parts.ts';
import type { Sites } from '../instrument/sites.ts';
import type { Caller } from './caller.ts';
import { Sync } from './history.ts';
import { keepSlot, type TableState } from './machine.ts';
import type { MemoryState } from './memoryState.ts';
import { cellTouch, memoryTouch, type Operation, operationAt, type Touch } from './operation.ts';
import { ExecutionMode, type Scheduler } from './scheduler.ts';
import { TrackedCell } from './trackedCell.ts';

/** What the hooks work on. */
export interface AccessOptions {
  scheduler: Scheduler;
  sites: Sites;
  /** Bytes of tags before those of memory 0, and whether memory 0 has tags. */
  tagBase: number;
  filtered: boolean;
  /** Growth of an unshared memory moves it: every access reads where it is. */
  growMoves: boolean;
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
export class Accesses {
  readonly scheduler: Scheduler;
  readonly sites: Sites;
  private readonly options: AccessOptions;
  /** Lowest stack pointer seen. */
  lowestStack = Number.POSITIVE_INFINITY;
  /** Imported functions that touch visible memory: calls of them are decisions. */
  readonly visibleImports = new Set<number>();

  constructor(options: AccessOptions) {
    this.options = options;
    this.scheduler = options.scheduler;
    this.sites = options.sites;
  }

  /** Whether accesses are attributed to callers now, and whether decisions are made. */
  get learns(): boolean {
    return this.scheduler.mode >= ExecutionMode.Serial && this.scheduler.mode <= ExecutionMode.Replay;
  }
  get decides(): boolean {
    return (
      !this.scheduler.cooperative &&
      this.scheduler.mode >= ExecutionMode.Explore &&
      this.scheduler.mode <= ExecutionMode.Replay
    );
  }

  /** Records that the running caller touches a cell. */
  note(cell: TrackedCell, write: boolean): void {
    const { scheduler } = this;
    if (write) scheduler.wrote = true;
    if (this.learns && cell.touch(1 << scheduler.current.index, write)) scheduler.discovered = true;
  }

  /** Whether an operation is a decision now: callers share what it touches, or everything is decided. */
  isDecision(visible: boolean): boolean {
    return this.decides && (visible || this.scheduler.mode === ExecutionMode.Replay);
  }

  access = (site: number, address: number): number => this.at(site, address >>> 0);
  access64 = (site: number, address: number): number => this.at(site, address);

  at(site: number, address: number): number {
    const { scheduler, sites } = this;
    if (scheduler.mode === ExecutionMode.Off) return HookAnswer.Perform;
    if (scheduler.over) return HookAnswer.Abort;
    scheduler.accesses++;
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
        return this.slot(site, address);
      case Access.MemorySize:
        return this.extent(site, scheduler.instance.memories[sites.index[site]].extent, true);
      case Access.TableSize:
        return this.extent(site, (scheduler.instance.tables[sites.index[site]] as TableState).extent, false);
      case Access.Call:
        return this.host(site);
      case Access.RefFunc:
        return this.reference(site);
      default:
        return this.memory(site, address);
    }
  }

  private memory(site: number, address: number): number {
    const { scheduler, sites } = this;
    const memory = scheduler.instance.memories[sites.index[site]];
    const width = sites.width[site];
    const caller = scheduler.current;
    const kind = sites.access[site];
    const atomic = kind >= Access.AtomicLoad && kind <= Access.AtomicNotify;
    if (atomic && address % width !== 0) return this.misaligned(kind);
    const end = address < sites.memarg[site] ? Number.POSITIVE_INFINITY : address + width;
    const moves = this.readsExtent(memory, caller, end);
    if (end > memory.bytes) {
      return this.beyond(moves, site, [extentTouch(memory)], OUT_OF_BOUNDS, () => {
        if (end > memory.bytes) return undefined;
        this.touchLines(memory, address, width, caller, isWrite(kind));
        return this.memoryOp(site, memory, address, width, moves);
      });
    }
    const write = isWrite(kind);
    this.touchLines(memory, address, width, caller, write);
    if (kind === Access.AtomicNotify) this.note(this.waitCell(memory, address), true);
    const first = address >>> LINE_LOG2;
    const last = (end - 1) >>> LINE_LOG2;
    const visible = memory.visible[first] === 1 || memory.visible[last] === 1 || moves || kind >= Access.AtomicWait;
    if (!this.isDecision(visible)) {
      if (visible) this.shown(operationAt(site, [memoryTouch(memory, address, address + width, write, atomic)]));
      if (!atomic && scheduler.mode !== ExecutionMode.Count && !visible)
        this.leaveTag(memory, first, last, write, caller);
      if (scheduler.mode === ExecutionMode.Count) return this.uncounted(caller, site, memory, address, width);
      return HookAnswer.Perform;
    }
    const operation = this.memoryOp(site, memory, address, width, moves);
    if (!moves) return scheduler.ask(operation);
    // A growth that had read an earlier size may have published it meanwhile.
    const settle = () => (end > memory.bytes ? trapOp(site, [extentTouch(memory)], OUT_OF_BOUNDS) : operation);
    return scheduler.ask({ ...operation, settle });
  }

  /** A misaligned atomic traps when it is performed, before it touches anything; the engine itself performs `notify`. */
  private misaligned(kind: number): number {
    if (kind !== Access.AtomicNotify) return HookAnswer.Perform;
    this.scheduler.current.trap = MISALIGNED;
    return HookAnswer.Abort;
  }

  /**
   * An operation whose check fails now. Where somebody may change what the check reads, it is a decision, and the
   * check is made again when it is performed; `otherwise` is what it is then, undefined while it still fails.
   */
  beyond(
    isVisible: boolean,
    site: number,
    checked: readonly Touch[],
    trap: string,
    otherwise: () => Operation | undefined,
  ): number {
    if (!this.isDecision(isVisible)) {
      this.passed(this.scheduler.current);
      this.scheduler.current.trap = trap;
      return HookAnswer.Abort;
    }
    const settle = () => otherwise() ?? trapOp(site, checked, trap);
    return this.scheduler.ask(operationAt(site, checked, { wild: true, settle }));
  }

  private touchLines(memory: MemoryState, address: number, width: number, caller: Caller, write: boolean): void {
    const first = address >>> LINE_LOG2;
    const last = (address + width - 1) >>> LINE_LOG2;
    this.touchLine(memory, first, caller, write);
    if (last !== first) this.touchLine(memory, last, caller, write);
  }

  /** An operation that is no decision, in an execution that counts all of them. */
  private uncounted(caller: Caller, site: number, memory: MemoryState, address: number, width: number): number {
    this.scheduler.count(caller);
    return this.tears(site, address, width)
      ? this.inParts(site, memory, address, width, caller, false)
      : HookAnswer.Perform;
  }

  private memoryOp(site: number, memory: MemoryState, address: number, width: number, moves: boolean): Operation {
    const kind = this.sites.access[site];
    const caller = this.scheduler.current;
    const write = isWrite(kind);
    const atomic = kind >= Access.AtomicLoad && kind <= Access.AtomicNotify;
    const parts = !atomic && this.tears(site, address, width);
    const end = parts ? address + width / 2 : address + width;
    const touches: Touch[] = [memoryTouch(memory, address, end, write, atomic)];
    if (moves) touches.push(extentTouch(memory));
    if (parts) this.inParts(site, memory, address, width, caller, true, write, moves);
    if (!atomic) return operationAt(site, touches, { parts });
    const sync = kind === Access.AtomicStore ? Sync.Release : kind === Access.AtomicRmw ? Sync.Both : Sync.Acquire;
    if (kind === Access.AtomicNotify) {
      // It reads nothing, but the order of waits and wakes matters.
      const order = cellTouch(this.waitCell(memory, address), true, true, true);
      return operationAt(site, moves ? [order, extentTouch(memory)] : [order], { effect: 'changes' });
    }
    return operationAt(site, touches, {
      sync,
      at: address,
      effect: kind === Access.AtomicRmw ? 'exchanges' : write ? 'changes' : 'reads',
    });
  }

  /** Remembers the second half of an access in parts. */
  private inParts(
    site: number,
    memory: MemoryState,
    address: number,
    width: number,
    caller: Caller,
    decided: boolean,
    write = false,
    moves = false,
  ): number {
    const touches = [memoryTouch(memory, address + width / 2, address + width, write)];
    if (moves) touches.push(extentTouch(memory));
    caller.half = decided ? operationAt(site, touches) : undefined;
    return HookAnswer.Parts;
  }

  /** Plain accesses that are misaligned or wider than four bytes may tear. */
  private tears(site: number, address: number, width: number): boolean {
    return (width > 4 || address % width !== 0) && width > 1 && isTorn(this.sites.op[site]);
  }

  /** A visible access that is no decision under the cooperative model: a row of the trace. */
  private shown(op: Operation): void {
    if (this.scheduler.cooperative) this.scheduler.recorder?.performed(this.scheduler.current, op);
  }

  /** Records who touches a line; saves it before a write. */
  touchLine(memory: MemoryState, line: number, caller: Caller, write: boolean): void {
    if (write) {
      memory.dirties(line, this.scheduler.run);
      this.scheduler.wrote = true;
    }
    if (!this.learns) return;
    const bit = 1 << caller.index;
    if (memory.touch(line, bit, write)) this.scheduler.discovered = true;
  }

  /**
   * Whether an access that ends at `end` depends on growth by somebody else: the memory may move under it, or it lies
   * beyond what there was at the base. Notes that the caller reads the extent.
   */
  readsExtent(memory: MemoryState, caller: Caller, end: number): boolean {
    if (!this.learns) return false;
    if ((!this.options.growMoves || memory.shared) && end <= memory.baseBytes) return false;
    const { extent } = memory;
    const bit = 1 << caller.index;
    if ((extent.readers & bit) === 0 && extent.touch(bit, false)) this.scheduler.discovered = true;
    return (extent.writers & ~bit) !== 0;
  }

  private leaveTag(memory: MemoryState, first: number, last: number, write: boolean, caller: Caller): void {
    const { scheduler, options } = this;
    if (memory !== scheduler.instance.memories[0] || !options.filtered || memory.growths.length > 0) return;
    const { tags } = scheduler.instance;
    for (let line = first; line <= last; line++) {
      if (memory.visible[line] === 1) continue;
      const at = (options.tagBase >> 2) + line * 2;
      if (at + 1 >= tags.length) continue;
      // A write's tag also covers reads, not the other way round.
      tags[at] = caller.tag;
      if (write) tags[at + 1] = caller.tag;
    }
  }

  private global(site: number): number {
    const { scheduler, sites } = this;
    const index = sites.index[site];
    const write = sites.access[site] === Access.GlobalSet;
    const state = scheduler.instance.globals[index];
    if (state === undefined) return HookAnswer.Perform;
    const isStack = index === this.options.stackPointer;
    if (isStack) this.lowestStack = Math.min(this.lowestStack, Number(state.get()) || Number.POSITIVE_INFINITY);
    const caller = scheduler.current;
    this.note(state.cell, write);
    const { visible } = state.cell;
    if (this.isDecision(visible)) {
      const parts = this.isVector(index);
      if (parts) caller.half = operationAt(site, [cellTouch(state.cell, write)]);
      return scheduler.ask(operationAt(site, [cellTouch(state.cell, write)], { parts }));
    }
    if (visible) this.shown(operationAt(site, [cellTouch(state.cell, write)]));
    if (scheduler.mode === ExecutionMode.Count) {
      scheduler.count(caller);
      if (!this.isVector(index)) return HookAnswer.Perform;
      caller.half = undefined;
      return HookAnswer.Parts;
    }
    if (!visible && !(isStack && scheduler.mode === ExecutionMode.Serial)) {
      const { tags } = scheduler.instance;
      tags[index * 2] = caller.tag;
      if (write) tags[index * 2 + 1] = caller.tag;
    }
    return HookAnswer.Perform;
  }

  private isVector(global: number): boolean {
    const state = this.scheduler.instance.globals[global];
    return state !== undefined && typeof state.base === 'string' && state.base.includes(':');
  }

  private slot(site: number, index: number): number {
    const { scheduler, sites } = this;
    const table = scheduler.instance.tables[sites.index[site]];
    if (table === undefined) return HookAnswer.Perform;
    const caller = scheduler.current;
    const write = sites.access[site] === Access.TableSet;
    const moves = this.readsTableExtent(table, caller, index + 1);
    const extent = cellTouch(table.extent, false);
    const performed = (): Operation => {
      const cell = this.slotCell(table, index);
      this.note(cell, write);
      // A growth may have copied the table while the caller stood here.
      if (write) keepSlot(table, index);
      return operationAt(site, moves ? [cellTouch(cell, write), extent] : [cellTouch(cell, write)]);
    };
    if (index >= table.length)
      return this.beyond(moves, site, [extent], TABLE_BOUNDS, () => (index < table.length ? performed() : undefined));
    const operation = performed();
    if (!this.isDecision(this.slotCell(table, index).visible || moves)) return this.passed(caller);
    const settle = () => (index < table.length ? performed() : trapOp(site, [extent], TABLE_BOUNDS));
    return scheduler.ask({ ...operation, settle });
  }

  slotCell(table: TableState, index: number): TrackedCell {
    let cell = table.slots.get(index);
    if (cell === undefined) {
      cell = new TrackedCell('table', `${table.name} slot ${index}`, this.scheduler.callers.length);
      table.slots.set(index, cell);
    }
    return cell;
  }

  /** The same for a table and an access of slots below `end`. */
  readsTableExtent(table: TableState, caller: Caller, end: number): boolean {
    if (!this.learns || (!this.options.growMoves && end <= table.baseLength)) return false;
    this.note(table.extent, false);
    return (table.extent.writers & ~(1 << caller.index)) !== 0;
  }

  /** Passes without a decision; counted in executions that count all operations. */
  passed(caller: Caller): number {
    this.scheduler.count(caller);
    return HookAnswer.Perform;
  }

  /** `memory.size` and `table.size`. The size of a shared memory is read atomically. */
  private extent(site: number, cell: TrackedCell, ofMemory: boolean): number {
    const { scheduler } = this;
    this.note(cell, false);
    if (!this.isDecision(cell.visible)) return this.passed(scheduler.current);
    const atomic = ofMemory && scheduler.instance.memories[this.sites.index[site]].shared;
    return scheduler.ask(
      operationAt(site, [cellTouch(cell, false, atomic)], { sync: atomic ? Sync.Acquire : Sync.None }),
    );
  }

  /** A call of an imported function. */
  private host(site: number): number {
    const { scheduler, sites, options } = this;
    const func = sites.index[site];
    const cell = options.hostCells[func];
    if (cell !== undefined) this.note(cell, true);
    const visible = cell?.visible === true || this.visibleImports.has(func);
    if (!this.isDecision(visible)) return this.passed(scheduler.current);
    const guarded = options.hostGuards[func];
    const touches = cell === undefined ? [] : [cellTouch(cell, true, guarded)];
    return scheduler.ask(
      operationAt(site, touches, {
        wild: this.visibleImports.has(func),
        sync: guarded && cell ? Sync.Both : Sync.None,
      }),
    );
  }

  /** Who waits at an address of a memory; instances can have a memory each. */
  waitKey(memory: MemoryState, address: number): string {
    return `${this.scheduler.machine.memories.indexOf(memory)} ${address}`;
  }

  /** `ref.func`, where it changes the host's account of references. */
  private reference(site: number): number {
    const { scheduler, options } = this;
    const { references } = options;
    if (references !== undefined) this.note(references, true);
    if (references === undefined || !this.isDecision(references.visible)) return this.passed(scheduler.current);
    return scheduler.ask(operationAt(site, [cellTouch(references, true)]));
  }

  private readonly waitCells = new Map<string, TrackedCell>();

  /** Order of waits and wakes at an address. */
  waitCell(memory: MemoryState, address: number): TrackedCell {
    const key = this.waitKey(memory, address);
    let cell = this.waitCells.get(key);
    if (cell === undefined) {
      cell = new TrackedCell('host', `waiters at ${memory.name} ${hex(address)}`, this.scheduler.callers.length);
      this.waitCells.set(key, cell);
    }
    return cell;
  }

  /** Between the halves of an access in parts. */
  middle = (_site: number): number => {
    const { scheduler } = this;
    if (scheduler.over) return HookAnswer.Abort;
    const caller = scheduler.current;
    const { half } = caller;
    caller.half = undefined;
    if (half === undefined || !this.decides) return this.passed(caller);
    scheduler.accesses++;
    scheduler.settle(caller);
    return scheduler.ask(half);
  };
}

/** V8's message for an access beyond the end of a memory. */
export const OUT_OF_BOUNDS = 'memory access out of bounds';
/** V8's message for an access beyond the end of a table. */
export const TABLE_BOUNDS = 'table index is out of bounds';

/** V8's message for an atomic at an address that is no multiple of its width. */
export const MISALIGNED = 'operation does not support unaligned accesses';

const isWrite = (kind: number): boolean =>
  kind === Access.Store || kind === Access.AtomicStore || kind === Access.AtomicRmw;

/** What a bounds check reads. The size of a shared memory is read and grown atomically. */
export const extentTouch = (memory: MemoryState): Touch => cellTouch(memory.extent, false, memory.shared);

/** An operation that traps having touched only what its check reads. */
export const trapOp = (site: number, checked: readonly Touch[], trap: string): Operation =>
  operationAt(site, checked, { trap });
