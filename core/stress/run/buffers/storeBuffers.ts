/**
 * Store buffers, as x86 has them (total store order): a plain store waits in its caller's buffer until it reaches memory,
 * in the order of the stores. Only its caller's loads see it there; what the processor orders (read-modify-writes, atomic
 * stores, fences) and what the host does waits until the buffer is empty, and so does a load that finds some of its bytes
 * in the buffer, not all.
 *
 * Instructions run on the real memory, so it shows the view of the caller that runs: memory with that caller's buffer on
 * top. The buffer is taken off before another caller runs, or a store reaches memory.
 * Source: Sewell et al.: x86-TSO: a rigorous and usable programmer's model for x86 multiprocessors, CACM 2010.
 */
import { Access } from '../../../wasm/instructions.ts';
import type { Sites } from '../../instrument/sites.ts';
import type { Caller } from '../caller.ts';
import { isVector } from '../guestInstance.ts';
import { isVisible, NOTHING, type Operation, type Touch } from '../operation.ts';
import { type BufferedStore, storesOf } from './bufferedStore.ts';

/** Stores that a buffer holds; a further one waits. Processors have room for more: longer delays are not explored. */
const CAPACITY = 8;

/** Operations that neither wait for the buffer nor wait in it. */
const READS: ReadonlySet<number> = new Set([
  Access.Load,
  Access.AtomicLoad,
  Access.GlobalGet,
  Access.TableGet,
  Access.CallIndirect,
  Access.MemorySize,
  Access.TableSize,
]);
/** Operations that wait in the buffer. */
const STORES: ReadonlySet<number> = new Set([
  Access.Store,
  Access.GlobalSet,
  Access.MemoryFill,
  Access.MemoryCopy,
  Access.MemoryInit,
]);

/** Told of what reaches memory. */
export interface StoreListener {
  /** A store of a caller is seen by all from now on. */
  reached(caller: Caller, store: BufferedStore): void;
  /** The buffer of the caller that ran is about to be taken off the memory. */
  leaves(): void;
}

/** The buffers of all callers in one execution. */
export class StoreBuffers {
  private readonly callers: readonly Caller[];
  private readonly sites: Sites;
  private readonly listener: StoreListener;
  private readonly buffers: BufferedStore[][];
  /** Operations that each caller has made, where they are counted. */
  private readonly steps: number[];
  /** Caller whose buffer lies on top of the memory, or -1. */
  private shown = -1;
  /** A store had to wait for room, in any execution. */
  full = false;

  constructor(callers: readonly Caller[], sites: Sites, listener: StoreListener) {
    this.callers = callers;
    this.sites = sites;
    this.listener = listener;
    this.buffers = callers.map(() => []);
    this.steps = callers.map(() => 0);
  }

  /** A new execution: the base state is restored, whatever was left. */
  begin(): void {
    for (const buffer of this.buffers) buffer.length = 0;
    this.steps.fill(0);
    this.shown = -1;
  }

  /** One more operation of a caller. */
  counted(caller: number): void {
    this.steps[caller]++;
  }

  /** Whether a caller has stores that did not reach memory. */
  holds = (caller: number): boolean => this.buffers[caller].length > 0;

  /**
   * Who can go on, of the callers `runnable`: those that do not wait for their buffer, and, as bit `n + p` for `n`
   * callers, the buffers that are not empty.
   */
  enabled(runnable: number): number {
    let mask = runnable;
    for (const { index, pending } of this.callers) {
      if (this.buffers[index].length === 0) continue;
      mask |= 1 << (this.callers.length + index);
      if (pending !== undefined && this.waits(index, pending)) mask &= ~(1 << index);
    }
    return mask;
  }

  /** What callers and buffers do next, as others may notice it; `pendings` has room for both. */
  pending(pendings: (Operation | undefined)[]): void {
    const n = this.callers.length;
    for (const { index, pending } of this.callers) {
      pendings[index] = pending === undefined || !this.isStore(pending) ? pending : withoutWrites(pending);
      pendings[n + index] = this.buffers[index][0]?.op;
    }
  }

  private waits(caller: number, op: Operation): boolean {
    if (op === NOTHING || op.trap !== undefined) return false;
    if (this.isStore(op)) {
      if (this.buffers[caller].length < CAPACITY || !op.touches.some(isVisible)) return false;
      this.full = true;
      return true;
    }
    return !READS.has(this.sites.access[op.site]) || op.touches.some((touch) => this.isMixed(caller, touch));
  }

  /** Whether a read gets some of its bytes, not all, from the last store to them: processors then let the store go first. */
  private isMixed(caller: number, { state, start, end }: Touch): boolean {
    const last = this.buffers[caller].findLast(({ op: { touches } }) => {
      const [to] = touches;
      return to.state === state && to.start < end && start < to.end;
    });
    return last !== undefined && !(last.op.touches[0].start <= start && end <= last.op.touches[0].end);
  }

  private isStore({ site }: Operation): boolean {
    const access = this.sites.access[site];
    if (!STORES.has(access)) return false;
    // A vector global is written in halves, which an entry cannot tell apart.
    return access !== Access.GlobalSet || !isVector(this.callers[0].instance.globals[this.sites.index[site]]);
  }

  /** A caller is about to run: its own stores are what it sees. */
  enter(caller: number): void {
    if (this.shown === caller) return;
    this.leave();
    for (const store of this.buffers[caller]) {
      store.under = store.read();
      store.write(store.value);
    }
    this.shown = caller;
  }

  /** Nobody runs: memory is what all see. */
  leave(): void {
    if (this.shown < 0) return;
    this.listener.leaves();
    this.capture();
    const buffer = this.buffers[this.shown];
    for (let i = buffer.length - 1; i >= 0; i--) buffer[i].write(buffer[i].under);
    this.shown = -1;
  }

  /** The last store of the caller that is shown has run by now. */
  private capture(): void {
    const buffer = this.buffers[this.shown];
    for (let i = buffer.length - 1; i >= 0 && !buffer[i].hasRun; i--) {
      buffer[i].value = buffer[i].read();
      buffer[i].hasRun = true;
    }
  }

  /** The caller that is shown performs an operation now; true when it is a store that waits in its buffer. */
  performs(caller: Caller, op: Operation): boolean {
    if (!this.isStore(op) || op.trap !== undefined) return false;
    const stores = storesOf(op, caller, this.steps[caller.index]);
    if (stores.length === 0) return false;
    this.capture();
    for (const store of stores) store.under = store.read();
    this.buffers[caller.index].push(...stores);
    return true;
  }

  /** The oldest store of a caller reaches memory. */
  flush(caller: number): void {
    this.leave();
    const store = this.buffers[caller].shift();
    if (store === undefined) return;
    store.under = store.read();
    store.write(store.value);
    this.listener.reached(this.callers[caller], store);
  }
}

const withoutWrites = (op: Operation): Operation => ({ ...op, touches: op.touches.filter(({ orders }) => !orders) });
