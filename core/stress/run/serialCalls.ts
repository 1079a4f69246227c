/**
 * Calls that run alone, each to its end: setups, probes, and serial orders, which are what concurrent calls are compared
 * with. No strategy decides here.
 */

import { TagWord } from '../instrument/hooks.ts';
import type { Callback, Caller, CallerCall } from './caller.ts';
import { FUEL } from './meter.ts';
import { ExecutionMode } from './mode.ts';

/** Most callbacks of one call in a serial order. */
const MAX_CALLBACKS = 1000;

/** What runs the calls: the scheduler. */
export interface SerialCaller {
  readonly callers: readonly Caller[];
  readonly mode: number;
  /** The execution has ended, or the engine itself is at fault. */
  readonly over: boolean;
  readonly defect: unknown;
  /** Restores the base state for an execution in a mode. */
  begin(mode: number): void;
  /** Goes on in another mode, in the state as it is. */
  goOnIn(mode: number): void;
  /** Makes a caller the running one, whose next call is none of an execution. */
  enterAlone(caller: Caller): void;
  /** Text of what a call returned, with what was observed in it. Rejects with its trap. */
  resultOf(caller: Caller, step: CallAlone): Promise<string>;
  /** The same of a call that failed. */
  failureOf(caller: Caller, error: unknown): string;
}

/** A call of a function, or a step that is performed. */
export type CallAlone = Callback & Partial<Pick<CallerCall, 'perform'>>;

/** How loops of a call that runs alone are judged. */
export interface WaitingLoops {
  /** Whether all loops around `site` only wait, if the read-modify-write at `exchange` is the one in them. */
  onlyRetries(site: number, exchange: number): boolean;
  /** What distinguishes the state of all instances from the base; undefined where it cannot be told. */
  state(): string | undefined;
}

/** Runs calls one after the other; see the file's comment. */
export class SerialCalls {
  /** A serial order runs, and so do the calls that imported functions make in it. */
  inOrder = false;
  /** What imported functions called back in the running call of a serial order. */
  readonly calledBack: Callback[] = [];
  private readonly host: SerialCaller;
  private readonly loops: WaitingLoops;
  /** The running call is one of `one`. */
  private alone = false;
  /** Where it was last seen in a loop that only waits, and in which state. */
  private looped: { site: number; state: string | undefined } | undefined;

  constructor(host: SerialCaller, loops: WaitingLoops) {
    this.host = host;
    this.loops = loops;
  }

  /** An execution begins: no call runs alone. */
  reset(): void {
    this.inOrder = false;
    this.alone = false;
  }

  /**
   * Calls one after the other on their callers' instances; `order` lists callers, and is asked for the next one when a call
   * has returned. What imported functions call back runs by itself: before call `i` of the order what `early[i]` lists,
   * else behind the call that it was made in. Answers the callbacks of each call; undefined when a call did not return.
   */
  async run(
    mode: number,
    order: Iterable<number>,
    early?: readonly (readonly Callback[])[],
  ): Promise<Callback[][] | undefined> {
    const { host } = this;
    host.begin(mode);
    this.inOrder = true;
    const made: Callback[][] = [];
    for (const index of order) {
      const caller = host.callers[index];
      host.enterAlone(caller);
      for (const callback of early?.[made.length] ?? []) await this.one(caller, callback);
      this.calledBack.length = 0;
      let result = await this.one(caller, caller.calls[caller.call]);
      const callbacks: Callback[] = [];
      for (let next = this.calledBack.shift(); next !== undefined; next = this.calledBack.shift()) {
        if (callbacks.push(next) > MAX_CALLBACKS) break;
        const answer = early === undefined ? await this.one(caller, next) : '';
        // The trap would have ended the outer call, too.
        if (answer.startsWith('trap: ')) result = answer;
      }
      made.push(callbacks);
      caller.results.push(result);
      caller.call++;
      if (host.over || host.defect !== undefined) return undefined;
    }
    this.inOrder = false;
    return made;
  }

  /** Runs one call to its end, outside an execution: setup, probe, serial orders. Answers its result or trap as text. */
  async one(caller: Caller, step: CallAlone): Promise<string> {
    const { host } = this;
    host.enterAlone(caller);
    caller.trap = undefined;
    caller.iterations = 0;
    caller.instance.tags[TagWord.Fuel] = FUEL;
    this.looped = undefined;
    this.alone = true;
    try {
      return await host.resultOf(caller, step);
    } catch (error) {
      return host.failureOf(caller, error);
    }
  }

  /** From now on hooks note what is written, on top of the execution before. */
  probing(): void {
    this.host.goOnIn(ExecutionMode.Probe);
  }

  /**
   * It runs alone, and an iteration that begins in the state of an earlier one, where no local carries a value, repeats it.
   * Before the base state it is not known what was written.
   */
  isEndless(site: number, last: number): boolean {
    if (!this.alone || this.host.mode === ExecutionMode.Off || !this.loops.onlyRetries(site, last)) return false;
    const { looped } = this;
    this.looped = { site, state: this.loops.state() };
    return looped?.site === site && looped.state !== undefined && looped.state === this.looped.state;
  }
}
