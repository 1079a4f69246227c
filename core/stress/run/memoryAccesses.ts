/** Accesses of one address of a memory: when they trap, when they are a decision, and when they are performed in halves. */
import { Access } from '../../wasm/instructions.ts';
import { HookAnswer, LINE_LOG2 } from '../instrument/hooks.ts';
import { isTorn } from '../instrument/parts.ts';
import type { Sites } from '../instrument/sites.ts';
import type { Accesses } from './accesses.ts';
import type { Caller } from './caller.ts';
import { extentTouches, sizeTouches } from './extents.ts';
import { Sync } from './history.ts';
import type { MemoryState } from './memoryState.ts';
import { ExecutionMode } from './mode.ts';
import { cellTouch, memoryTouch, type Operation, operationAt, type Touch } from './operation.ts';
import type { Scheduler } from './scheduler.ts';
import { MISALIGNED, OUT_OF_BOUNDS, trapOp } from './traps.ts';

/** The part of the hooks before accesses that is about memories. */
export class MemoryAccesses {
  private readonly accesses: Accesses;
  private readonly scheduler: Scheduler;
  private readonly sites: Sites;
  /** The last operation of each site. */
  private readonly operations: (Operation | undefined)[] = [];

  constructor(accesses: Accesses) {
    this.accesses = accesses;
    this.scheduler = accesses.scheduler;
    this.sites = accesses.sites;
  }

  /** Loads, stores, read-modify-writes; of waits and notifications what comes before they are performed. */
  access(site: number, address: number): number {
    const { accesses, scheduler, sites } = this;
    const memory = scheduler.instance.memories[sites.index[site]];
    const width = sites.width[site];
    const caller = scheduler.current;
    const kind = sites.access[site];
    const atomic = kind >= Access.AtomicLoad && kind <= Access.AtomicNotify;
    if (atomic && address % width !== 0) return this.misaligned(kind);
    const end = address < sites.memarg[site] ? Number.POSITIVE_INFINITY : address + width;
    const moves = accesses.readsExtent(memory, caller, end);
    if (end > memory.bytes) {
      return accesses.beyond(moves, site, sizeTouches(memory), OUT_OF_BOUNDS, () => {
        if (end > memory.bytes) return undefined;
        this.touchLines(memory, address, width, caller, isWrite(kind));
        return this.memoryOp(site, memory, address, width, moves);
      });
    }
    const write = isWrite(kind);
    this.touchLines(memory, address, width, caller, write);
    if (kind === Access.AtomicNotify) accesses.note(this.accesses.waitCells.at(memory, address), true);
    const first = address >>> LINE_LOG2;
    const last = (end - 1) >>> LINE_LOG2;
    const visible = memory.visible[first] === 1 || memory.visible[last] === 1 || moves || kind >= Access.AtomicWait;
    if (!accesses.isDecision(visible, !atomic || kind === Access.AtomicLoad)) {
      if (visible) accesses.shown(operationAt(site, [memoryTouch(memory, address, address + width, write, atomic)]));
      if (!atomic && scheduler.mode !== ExecutionMode.Count && !visible)
        this.leaveTag(memory, first, last, write, caller);
      if (scheduler.mode === ExecutionMode.Count) return this.uncounted(caller, site, memory, address, width);
      return HookAnswer.Perform;
    }
    const operation = this.memoryOp(site, memory, address, width, moves);
    if (!moves || end <= memory.baseBytes) return scheduler.ask(operation);
    // A growth that had read an earlier size may have published it meanwhile.
    const settle = () => (end > memory.bytes ? trapOp(site, sizeTouches(memory), OUT_OF_BOUNDS) : operation);
    return scheduler.ask({ ...operation, settle });
  }

  /** A misaligned atomic traps when it is performed, before it touches anything; the engine itself performs `notify`. */
  private misaligned(kind: number): number {
    if (kind !== Access.AtomicNotify) return HookAnswer.Perform;
    this.scheduler.current.trap = MISALIGNED;
    return HookAnswer.Abort;
  }

  private touchLines(memory: MemoryState, address: number, width: number, caller: Caller, write: boolean): void {
    const first = address >>> LINE_LOG2;
    const last = (address + width - 1) >>> LINE_LOG2;
    this.accesses.touchLine(memory, first, caller, write);
    if (last !== first) this.accesses.touchLine(memory, last, caller, write);
  }

  /** An operation that is no decision, in an execution that counts all of them. */
  private uncounted(caller: Caller, site: number, memory: MemoryState, address: number, width: number): number {
    this.scheduler.count(caller);
    return this.tears(site, address, width)
      ? this.inParts(site, memory, address, width, caller, false)
      : HookAnswer.Perform;
  }

  private memoryOp(site: number, memory: MemoryState, address: number, width: number, moves: boolean): Operation {
    // Most sites access the same address again and again, in one execution or in the next: operations never change.
    const last = this.operations[site];
    if (last !== undefined && !moves && last.touches[0].start === address && last.touches[0].state === memory)
      return last;
    const operation = this.newMemoryOp(site, memory, address, width, moves);
    // A notification is about a cell, and halves are remembered by the caller.
    if (!moves && !operation.parts && operation.touches[0].state === memory) this.operations[site] = operation;
    return operation;
  }

  private newMemoryOp(site: number, memory: MemoryState, address: number, width: number, moves: boolean): Operation {
    const kind = this.sites.access[site];
    const caller = this.scheduler.current;
    const write = isWrite(kind);
    const atomic = kind >= Access.AtomicLoad && kind <= Access.AtomicNotify;
    const parts = !atomic && this.tears(site, address, width);
    const end = parts ? address + width / 2 : address + width;
    const touches: Touch[] = [memoryTouch(memory, address, end, write, atomic)];
    if (moves) touches.push(...extentTouches(memory, address + width, write));
    if (parts) this.inParts(site, memory, address, width, caller, true, write, moves);
    if (!atomic) return operationAt(site, touches, { parts });
    const sync = kind === Access.AtomicStore ? Sync.Release : kind === Access.AtomicRmw ? Sync.Both : Sync.Acquire;
    if (kind === Access.AtomicNotify) {
      // It reads nothing, but the order of waits and wakes matters.
      const order = cellTouch(this.accesses.waitCells.at(memory, address), true, true, true);
      const extent = moves ? extentTouches(memory, address + width, false) : [];
      return operationAt(site, [order, ...extent], { effect: 'changes' });
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
    if (moves) touches.push(...extentTouches(memory, address + width, write));
    caller.half = decided ? operationAt(site, touches) : undefined;
    return HookAnswer.Parts;
  }

  /** Plain accesses that are misaligned or wider than four bytes may tear. */
  private tears(site: number, address: number, width: number): boolean {
    return (width > 4 || address % width !== 0) && width > 1 && isTorn(this.sites.op[site]);
  }

  private leaveTag(memory: MemoryState, first: number, last: number, write: boolean, caller: Caller): void {
    const { instance, machine } = this.scheduler;
    if (memory !== instance.memories[0] || memory.growths.length > 0) return;
    for (let line = first; line <= last; line++)
      if (memory.visible[line] !== 1) machine.records.leave(instance, line, caller, write);
  }
}

const isWrite = (kind: number): boolean =>
  kind === Access.Store || kind === Access.AtomicStore || kind === Access.AtomicRmw;
