/**
 * Chooses the next caller: the strategy picks one of those that can run, and a caller that waits with a timeout can
 * always run. When none can, callers that spin are released; otherwise the execution is over. The scheduler suspends and
 * resumes the callers.
 */
import type { StoreBuffers } from './buffers/storeBuffers.ts';
import { type Caller, Status } from './caller.ts';
import { MAX_NOTIFICATIONS, type Notification } from './notifications.ts';
import { NOTHING, type Operation } from './operation.ts';

import type { Strategy } from './strategy.ts';

/** Most decisions of one execution. A replay decides at every operation and does not record its decisions. */
const MAX_DECISIONS = 1_000_000;
/** Most decisions of a replay. */
export const MAX_REPLAYED = 200_000_000;
/** How often spinning callers are released when no other caller can run. */
const MAX_FORCED = 64;

/** Chooses callers for the scheduler. */
export class Dispatcher {
  /** Decisions taken, the first `taken`; the others are of earlier executions. Emptying a list costs more than overwriting it. */
  private readonly decided: number[] = [];
  private taken = 0;
  /** Most decisions of a replay. */
  mostReplayed = MAX_REPLAYED;
  /** Waiting callers, by the address that they wait on. */
  readonly waiters = new Map<string, Caller[]>();
  /** Notifications of this execution. */
  readonly notifications: Notification[] = [];
  /** To find the cause of a hang: notifications wake every waiter, whatever their count. */
  wakesAll = false;
  /** To find the cause of a hang: callers that wait when no other caller can run are woken once. */
  wakesOnce = false;
  /** Callers that were woken for that. */
  readonly wokenAtEnd: number[] = [];
  /** Why `next` found no caller. */
  ending: ExecutionEnding = 'done';
  strategy: Strategy | undefined;
  /** Where plain stores wait until they reach memory; undefined where they do at once. */
  buffers: StoreBuffers | undefined;
  private readonly callers: readonly Caller[];
  private readonly stopped: () => boolean;
  private readonly pendings: (Operation | undefined)[];
  private replaying = false;
  /** Decisions of all executions, and of the current one. */
  private decisions = 0;
  private made = 0;
  private forced = 0;

  /** `stopped` is polled; true ends the execution. */
  constructor(callers: readonly Caller[], stopped: () => boolean) {
    this.callers = callers;
    this.stopped = stopped;
    this.pendings = callers.map(() => undefined);
  }

  /** Decisions taken, a copy; empty in a replay. */
  get choices(): number[] {
    return this.decided.slice(0, this.taken);
  }

  /** Number of the last decision, -1 before the first one and in a replay. */
  get last(): number {
    return this.taken - 1;
  }

  /** Starts a new execution. */
  begin(replaying: boolean): void {
    this.replaying = replaying;
    this.made = 0;
    this.forced = 0;
    this.taken = 0;
    if (this.waiters.size > 0) this.waiters.clear();
    if (this.notifications.length > 0) this.notifications.length = 0;
    if (this.wokenAtEnd.length > 0) this.wokenAtEnd.length = 0;
    this.buffers?.begin();
  }

  /** The next caller, or -1 when the execution is over; `ending` says why. `current` ran last; -1 when it is done. */
  next(current: number): number {
    const { buffers } = this;
    let chosen = this.decide(current);
    if (buffers === undefined) return chosen;
    for (; chosen >= this.callers.length; chosen = this.decide(current)) buffers.flush(chosen - this.callers.length);
    if (chosen >= 0) buffers.enter(chosen);
    return chosen;
  }

  /** The next caller, or the number of callers more for its buffer; -1 when the execution is over. */
  private decide(current: number): number {
    if (++this.decisions % 4096 === 0 && this.stopped()) {
      this.ending = 'stopped';
      return -1;
    }
    let enabled = this.enabled();
    if (enabled === 0) {
      const status = this.unblock();
      if (status !== undefined) {
        this.ending = status;
        return -1;
      }
      enabled = this.enabled();
    }
    if (++this.made > (this.replaying ? this.mostReplayed : MAX_DECISIONS)) {
      this.ending = 'long';
      return -1;
    }
    const strategy = this.strategy as Strategy;
    for (let i = 0; i < this.callers.length; i++) this.pendings[i] = this.callers[i].pending;
    this.buffers?.pending(this.pendings);
    const chosen = strategy.choose(current, enabled, this.pendings);
    if (chosen < 0) this.ending = 'cut';
    else if (!this.replaying) this.decided[this.taken++] = chosen;
    return chosen;
  }

  /** Keeps a notification for the report of a hang. */
  notified(notification: Notification): void {
    if (this.notifications.length < MAX_NOTIFICATIONS) this.notifications.push(notification);
  }

  /** Makes a blocked caller runnable. */
  stopWaiting(caller: Caller): void {
    if (caller.waiting === undefined) return;
    this.leaveQueue(caller);
    caller.status = Status.Paused;
    caller.pending = NOTHING;
  }

  /** A caller waits no more. */
  leaveQueue(caller: Caller): void {
    const queue = this.waiters.get(caller.waiting?.key ?? '');
    queue?.splice(queue.indexOf(caller), 1);
    caller.waiting = undefined;
  }

  private enabled(): number {
    let mask = 0;
    for (let i = 0; i < this.callers.length; i++) {
      const { status, waiting } = this.callers[i];
      if (status === Status.Paused || (status === Status.Blocked && waiting?.finite === true)) mask |= 1 << i;
    }
    return this.buffers === undefined ? mask : this.buffers.enabled(mask);
  }

  /** No caller can run: releases those that spin; otherwise returns how the execution ends. */
  private unblock(): ExecutionEnding | undefined {
    if (this.wakesOnce && this.wokenAtEnd.length === 0 && this.wakeWaiting()) return undefined;
    if (this.has(Status.Spinning)) {
      if (++this.forced > MAX_FORCED * this.callers.length) return 'livelock';
      for (const caller of this.callers) if (caller.status === Status.Spinning) caller.status = Status.Paused;
      return undefined;
    }
    return this.has(Status.Blocked) ? 'deadlock' : 'done';
  }

  private has(status: number): boolean {
    for (const caller of this.callers) if (caller.status === status) return true;
    return false;
  }

  /** As if somebody had notified all who wait; false if nobody does. */
  private wakeWaiting(): boolean {
    const waiting = this.callers.filter((c) => c.status === Status.Blocked);
    for (const caller of waiting) {
      this.stopWaiting(caller);
      caller.woken = true;
      this.wokenAtEnd.push(caller.index);
    }
    return waiting.length > 0;
  }
}

/** How an execution ended: `cut` by the strategy, `stopped` from outside, `long` after too many decisions. */
export type ExecutionEnding = 'done' | 'cut' | 'deadlock' | 'livelock' | 'no-return' | 'stopped' | 'long';
