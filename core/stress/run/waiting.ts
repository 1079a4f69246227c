/**
 * `memory.atomic.wait` and `notify` as operations of the scheduler: no thread sleeps; a blocked caller is not chosen.
 * Source: https://github.com/WebAssembly/threads/blob/main/proposals/threads/Overview.md
 */
import { HookAnswer, LINE_LOG2 } from '../instrument/hooks.ts';
import type { Sites } from '../instrument/sites.ts';
import type { Accesses } from './accesses.ts';
import { Status } from './caller.ts';
import { readUnsigned } from './exchange.ts';
import { Sync } from './history.ts';
import { cellTouch, memoryTouch, operationAt } from './operation.ts';
import type { Ranges } from './ranges.ts';
import type { Scheduler } from './scheduler.ts';

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
    const wrong = this.problem(memory, address, width, sites.memarg[site]);
    if (wrong !== undefined) {
      caller.trap = wrong;
      return TRAP;
    }
    scheduler.accesses++;
    scheduler.settle(caller);
    this.accesses.touchLine(memory, address >>> LINE_LOG2, caller, false);
    const order = this.accesses.waitCell(memory, address);
    this.accesses.note(order, true);
    const touches = [memoryTouch(memory, address, address + width, false, true), cellTouch(order, true, true, true)];
    const go = await this.ranges.askFor(
      operationAt(site, touches, { sync: Sync.Acquire, at: address, effect: 'reads' }),
    );
    if (go === HookAnswer.Abort) return TRAP;
    if (readUnsigned(memory, address, width) !== BigInt.asUintN(width * 8, expected)) return NOT_EQUAL;
    if (timeout === 0n) return TIMED_OUT;
    if (!this.accesses.decides) {
      // No other caller runs that could wake it.
      if (timeout > 0n) return TIMED_OUT;
      caller.trap = 'waits forever';
      scheduler.refuse();
      return TRAP;
    }
    return this.block(this.accesses.waitKey(memory, address), timeout > 0n);
  };

  private async block(key: string, finite: boolean): Promise<number> {
    const { scheduler } = this;
    const caller = scheduler.current;
    caller.status = Status.Blocked;
    caller.waiting = { key, finite };
    caller.woken = false;
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
    const wrong = this.problem(memory, address, 4, sites.memarg[site]);
    if (wrong !== undefined && wrong !== NOT_SHARED) {
      scheduler.current.trap = wrong;
      return TRAP;
    }
    const queue = scheduler.dispatcher.waiters.get(this.accesses.waitKey(memory, address)) ?? [];
    const woken = queue.slice(0, count >>> 0);
    for (const caller of woken) {
      scheduler.dispatcher.stopWaiting(caller);
      caller.woken = true;
      scheduler.history.wake(scheduler.current.index, caller.index);
    }
    return woken.length;
  };

  private problem(
    memory: { bytes: number; shared: boolean },
    address: number,
    width: number,
    offset: number,
  ): string | undefined {
    if (address < offset || address + width > memory.bytes) return 'memory access out of bounds';
    if (address % width !== 0) return 'operation does not support unaligned accesses';
    return memory.shared ? undefined : NOT_SHARED;
  }
}

const NOT_SHARED = 'atomic wait on a memory that is not shared';
