/**
 * `memory.atomic.wait` and `notify` as operations of the scheduler: no thread sleeps; a blocked caller is not chosen.
 * Source: https://github.com/WebAssembly/threads/blob/main/proposals/threads/Overview.md
 */
import { HookAnswer, LINE_LOG2 } from '../instrument/hooks.ts';
import type { Sites } from '../instrument/sites.ts';
import type { Accesses } from './accesses.ts';
import { Status } from './caller.ts';
import { readUnsigned } from './exchange.ts';
import { extentTouches } from './extents.ts';
import { Sync } from './history.ts';
import { cellTouch, memoryTouch, type Operation, operationAt } from './operation.ts';
import type { Ranges } from './ranges.ts';
import type { Scheduler } from './scheduler.ts';
import { MISALIGNED, OUT_OF_BOUNDS, trapOp } from './traps.ts';

const WOKEN = 0;
const NOT_EQUAL = 1;
const TIMED_OUT = 2;
const TRAP = -1;

/** The hooks of `memory.atomic.wait` and `notify`. */
export class Waiting {
  private readonly accesses: Accesses;
  private readonly ranges: Ranges;
  private readonly scheduler: Scheduler;
  private readonly sites: Sites;

  constructor(accesses: Accesses, ranges: Ranges, sites: Sites) {
    this.accesses = accesses;
    this.ranges = ranges;
    this.scheduler = accesses.scheduler;
    this.sites = sites;
  }

  wait = async (site: number, address: number, expected: bigint, timeout: bigint): Promise<number> => {
    const { scheduler, sites } = this;
    const memory = scheduler.instance.memories[sites.index[site]];
    const width = sites.width[site];
    const caller = scheduler.current;
    caller.site = site;
    const end = address < sites.memarg[site] ? Number.POSITIVE_INFINITY : address + width;
    const wrong = problem(memory, address, width);
    if (wrong !== undefined) {
      caller.trap = wrong;
      return TRAP;
    }
    scheduler.accesses++;
    scheduler.settle(caller);
    const order = this.accesses.waitCells.at(memory, address);
    this.accesses.note(order, true);
    const moves = this.accesses.readsExtent(memory, caller, end);
    if (end > memory.bytes && !this.accesses.isDecision(moves)) {
      this.accesses.passed(caller);
      caller.trap = OUT_OF_BOUNDS;
      return TRAP;
    }
    if (end <= memory.bytes) this.accesses.touchLine(memory, address >>> LINE_LOG2, caller, false);
    const extent = moves ? extentTouches(memory, end, false) : [];
    const more = { sync: Sync.Acquire, at: address, effect: 'reads' } as const;
    const operation = (): Operation =>
      operationAt(
        site,
        [memoryTouch(memory, address, end, false, true), cellTouch(order, true, true, true), ...extent],
        more,
      );
    const settle = (): Operation => {
      if (end > memory.bytes) return trapOp(site, extent, OUT_OF_BOUNDS);
      this.accesses.touchLine(memory, address >>> LINE_LOG2, caller, false);
      return operation();
    };
    const planned =
      end > memory.bytes
        ? operationAt(site, [cellTouch(order, true, true, true), ...extent], { wild: true })
        : operation();
    const go = await this.ranges.askFor({ ...planned, settle });
    if (go === HookAnswer.Abort) return TRAP;
    if (readUnsigned(memory, address, width) !== BigInt.asUintN(width * 8, expected)) return NOT_EQUAL;
    if (timeout === 0n) return TIMED_OUT;
    if (!this.accesses.decides) {
      // No other caller runs that could wake it.
      if (timeout > 0n) {
        scheduler.timedOutAlone = true;
        return TIMED_OUT;
      }
      caller.trap = 'waits forever';
      caller.waiting = { key: this.accesses.waitCells.keyOf(memory, address), finite: false };
      scheduler.refuse();
      return TRAP;
    }
    return this.block(
      this.accesses.waitCells.keyOf(memory, address),
      timeout > 0n ? operationAt(site, [cellTouch(order, true, true, true)]) : undefined,
    );
  };

  /** @param timeout the operation that ends the wait by itself: it may come at any time */
  private async block(key: string, timeout: Operation | undefined): Promise<number> {
    const { scheduler } = this;
    const caller = scheduler.current;
    caller.status = Status.Blocked;
    scheduler.waited = true;
    caller.waiting = { key, finite: timeout !== undefined };
    caller.woken = false;
    if (timeout !== undefined)
      caller.pending = {
        ...timeout,
        settle: () => {
          scheduler.dispatcher.leaveQueue(caller);
          return timeout;
        },
      };
    const queue = scheduler.dispatcher.waiters.get(key) ?? [];
    queue.push(caller);
    scheduler.dispatcher.waiters.set(key, queue);
    const resumed = new Promise<number>((resolve) => {
      caller.resume = resolve;
    });
    scheduler.goOn();
    if ((await resumed) === HookAnswer.Abort) return TRAP;
    return caller.woken ? WOKEN : TIMED_OUT;
  }

  /** Number of callers woken; they run when they are chosen. */
  notify = (site: number, address: number, count: number): number => {
    const { scheduler, sites } = this;
    const memory = scheduler.instance.memories[sites.index[site]];
    // The hook before this one has checked the bounds.
    const queue = scheduler.dispatcher.waiters.get(this.accesses.waitCells.keyOf(memory, address)) ?? [];
    const waiting = queue.map((caller) => caller.index);
    const woken = queue.slice(0, scheduler.dispatcher.wakesAll ? undefined : count >>> 0);
    for (const caller of woken) {
      // Its time could have been over before.
      if (caller.pending !== undefined) scheduler.history.foresee(caller.index, caller.pending);
      scheduler.dispatcher.stopWaiting(caller);
      caller.woken = true;
      scheduler.history.wake(scheduler.current.index, caller.index);
    }
    const { index, call } = scheduler.current;
    const key = this.accesses.waitCells.keyOf(memory, address);
    const notification = {
      caller: index,
      call,
      site,
      key,
      count: count >>> 0,
      waiting,
      woken: woken.map((caller) => caller.index),
    };
    scheduler.dispatcher.notified(notification);
    scheduler.recorder?.notified(notification);
    return woken.length;
  };
}

function problem(memory: { shared: boolean }, address: number, width: number): string | undefined {
  if (address % width !== 0) return MISALIGNED;
  return memory.shared ? undefined : 'atomic wait on a memory that is not shared';
}
