/**
 * Advice: what to do about exports, as plain data. It follows from evidence, never from a rule of thumb alone: each one
 * names the finding that it rests on, and says what was run to check it.
 */
import type { ExportClass } from '../analysis/model.ts';
import type { RuleId } from '../analysis/rules/metadata.ts';

/**
 * - `concurrent`: calls may run at once, each caller with what the host wants it to have of its own
 * - `together`: pairs of exports that may run beside each other
 * - `leave`: a race that changed no outcome
 * - `pool`: an instance for each caller, or one from a pool
 * - `no-pool`: a pool would change what calls answer
 * - `mutex`: one critical section around everything that callers do with the instance
 * - `preallocate`: memory that is as large from the start as the calls make it
 * - `initialise`: work to be done once, before the first concurrent call
 * - `atomics`: what a thread must do in one step
 * - `host`: state behind imported functions, which the host has to guard
 * - `fix`: calls that do not return
 */
export type Remedy =
  | 'concurrent'
  | 'together'
  | 'leave'
  | 'pool'
  | 'no-pool'
  | 'mutex'
  | 'preallocate'
  | 'initialise'
  | 'atomics'
  | 'host'
  | 'fix';

/** What advice rests on. `name` is what the result or the analysis calls it, so that it can be found there. */
export type Evidence = { text: string } & (
  | { kind: 'class'; export: string; name: ExportClass }
  | { kind: 'rule'; export: string; name: RuleId }
  /** `name` is the cell. */
  | { kind: 'race'; name: string; schedule: string }
  /** `name` is what callers were told. */
  | { kind: 'wrong-outcome'; name: string; schedule: string }
  | { kind: 'hang'; name: 'deadlock' | 'livelock' | 'no-return'; schedule: string }
  /** A call that a used instance answers differently. */
  | { kind: 'pool-difference'; name: string }
  /** A memory, and the pages that calls made of it. */
  | { kind: 'growth'; name: string; from: number; to: number }
  /** Exports of the conflict matrix that touch no cell in common, one writing. */
  | { kind: 'no-conflict'; pairs: [string, string][] }
  /** `module.name` of an imported function. */
  | { kind: 'import'; export: string; name: string }
  /** A whole exploration: its verdict. */
  | { kind: 'verdict'; name: 'safe' | 'race' | 'non-atomic' }
);

/**
 * How advice was checked.
 * - `exploration`: the remedy, or what it allows, was explored; `exhaustive` says how far
 * - `calls`: calls were run one after the other and compared
 * - `construction`: what remains possible was all run before the remedy was thought of
 * - `nothing`: it follows from the analysis, or cannot be run here
 */
export interface AdviceCheck {
  by: 'exploration' | 'calls' | 'construction' | 'nothing';
  /** Of an exploration: all schedules; of calls and construction: all sequences and orders. */
  exhaustive: boolean;
  /** A sentence without its full stop. */
  text: string;
}

export interface Advice {
  remedy: Remedy;
  /** Exports that it is about, in the order of the module. */
  exports: string[];
  /** Pairs that may run beside each other; `together` only. */
  pairs: [string, string][];
  /** One or two sentences, imperative, in the host's own words where it has them. */
  text: string;
  /** At least one. */
  because: Evidence[];
  checked: AdviceCheck;
}

export const UNCHECKED: AdviceCheck = { by: 'nothing', exhaustive: false, text: 'not checked by running' };
