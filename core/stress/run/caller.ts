/** A concurrent caller during one execution. */
import type { Value } from '../scenario/expression.ts';
import type { Step } from '../scenario/steps.ts';
import type { GuestInstance } from './guestInstance.ts';
import type { MemoryState } from './memoryState.ts';
import type { Operation } from './operation.ts';

/** What a caller is doing. */
export const Status = {
  /** Its wasm runs now, or has not begun. */
  Running: 0,
  /** Paused before an operation until the scheduler allows it. */
  Paused: 1,
  /** Paused before a read that it has repeated again and again: waits for another caller's write. */
  Spinning: 2,
  /** In `memory.atomic.wait`. */
  Blocked: 3,
  Done: 4,
} as const;

/** A call that an imported function makes of its instance. */
export interface Callback {
  func: number;
  args: readonly unknown[];
}

/** A call, resolved to a function and to arguments of the engine. */
export interface CallerCall {
  /** Export name and arguments as the scenario has them. */
  text: string;
  func: number;
  args: readonly unknown[];
  /** A step whose values are known only when it is made; undefined for a call with fixed arguments. */
  step?: Step;
  /** Makes the step in place of a plain call of `func`; answers the text of its result. */
  perform?: (caller: Caller) => Promise<string>;
}

/** A caller; see the file's comment. */
export interface Caller {
  index: number;
  instance: GuestInstance;
  calls: readonly CallerCall[];
  /** Number of the call that runs. */
  call: number;
  status: number;
  results: string[];
  /** Operation that it is paused before. */
  pending: Operation | undefined;
  /** Resumes its wasm with a `HookAnswer`. */
  resume: ((go: number) => void) | undefined;
  /** Tag of the filter: of this caller in this epoch of this execution. */
  tag: number;
  /** Why the engine ended its call. */
  trap: string | undefined;
  /** Loop iterations of the call so far. */
  iterations: number;
  /** Last site that it was seen at. */
  site: number;
  /** Address at which it waits, and whether its timeout is finite. */
  waiting: { key: string; finite: boolean } | undefined;
  /** What its pending wait or growth will answer. */
  woken: boolean;
  /** Reads since its last write: site -> address, last write of it, how often. */
  reads: Map<number, { at: number; write: number; times: number }>;
  /** A read-modify-write that may have changed nothing: where, and what was there. */
  exchanged: { memory: MemoryState; at: number; end: number; before: string } | undefined;
  /** Second half of an operation in parts. */
  half: Operation | undefined;
  /** Values of named results: of its own, and those of the setup, with which each execution begins. */
  named: Map<string, Value>;
  namedBefore: ReadonlyMap<string, Value>;
  /** What host functions were called with in the step that runs, where that belongs to the outcome. */
  observed: string[];
}

/** A caller before its first call. */
export function createCaller(index: number, instance: GuestInstance, calls: readonly CallerCall[]): Caller {
  return {
    index,
    instance,
    calls,
    call: 0,
    status: Status.Running,
    results: [],
    pending: undefined,
    resume: undefined,
    tag: 0,
    trap: undefined,
    iterations: 0,
    site: -1,
    waiting: undefined,
    woken: false,
    reads: new Map(),
    exchanged: undefined,
    half: undefined,
    named: new Map(),
    namedBefore: new Map(),
    observed: [],
  };
}

/** As before the first call. */
export function resetCaller(caller: Caller): void {
  caller.call = 0;
  caller.status = Status.Running;
  caller.results = [];
  caller.pending = undefined;
  caller.resume = undefined;
  caller.trap = undefined;
  caller.iterations = 0;
  caller.site = -1;
  caller.waiting = undefined;
  caller.woken = false;
  caller.exchanged = undefined;
  caller.half = undefined;
  if (caller.observed.length > 0) caller.observed = [];
  if (caller.reads.size > 0) caller.reads.clear();
  if (caller.named.size > 0 || caller.namedBefore.size > 0) caller.named = new Map(caller.namedBefore);
}
