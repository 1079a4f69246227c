/**
 * Advice: what to do about exports, as plain data. Each piece names the findings that it follows from and says how it
 * was checked.
 */

import type { ExportClass } from '../analysis/model.ts';
import type { RuleId } from '../analysis/rules/index.ts';
import type { HostHazardKind } from '../hosts/profile.ts';
import { t } from '../text/l10n.ts';

/**
 * - `concurrent`: calls may run at once, each caller with its own function object, store or thread, as the host
 *   requires
 * - `together`: pairs of exports that may run concurrently
 * - `pool`: an instance for each caller, or one from a pool
 * - `no-pool`: a pool would change the results of calls
 * - `mutex`: one critical section around everything that callers do with the instance
 * - `preallocate`: a memory that starts at the size to which calls grow it
 * - `initialise`: work to do once, before the first concurrent call
 * - `atomics`: accesses that must be atomic
 * - `host`: state behind imported functions, which the host must guard
 * - `fix`: calls that do not return, that a host function calls back, or that use state of each instance about a shared
 *   memory
 */
export type Remedy =
  | 'concurrent'
  | 'together'
  | 'pool'
  | 'no-pool'
  | 'mutex'
  | 'preallocate'
  | 'initialise'
  | 'atomics'
  | 'host'
  | 'fix';

/** A finding that advice follows from. `name` is its name in the stress result or in the analysis. */
export type Evidence = { text: string } & (
  | { kind: 'class'; export: string; name: ExportClass }
  | { kind: 'rule'; export: string; name: RuleId }
  /** `name` is the cell. */
  | { kind: 'race'; name: string; schedule: string }
  /** `name` is what met. */
  | { kind: 'host-hazard'; name: HostHazardKind; schedule: string }
  /** `name` lists the results of the calls, `resultsName`. */
  | { kind: 'wrong-outcome'; name: string; schedule: string }
  | { kind: 'hang'; name: 'deadlock' | 'livelock' | 'no-return'; schedule: string }
  /** A call, with its arguments, that returns something else on a used instance than on a fresh one. */
  | { kind: 'pool-difference'; name: string }
  /** A memory, and its pages before and after the calls. */
  | { kind: 'growth'; name: string; from: number; to: number }
  /** The first pairs without a conflict: they access no cell in common that one of them writes. */
  | { kind: 'no-conflict'; pairs: [string, string][] }
  /** `module.name` of an imported function. */
  | { kind: 'import'; export: string; name: string }
  /** What instances over one memory keep apart, with the answers that differ. */
  | { kind: 'private-state'; name: string }
  /** A whole exploration: its verdict. */
  | { kind: 'verdict'; name: 'safe' }
);

/**
 * How advice was checked.
 * - `exploration`: the remedy, or what it allows, was explored; `exhaustive` says how far
 * - `calls`: calls were run one after the other and compared
 * - `construction`: all that the remedy leaves possible was run as serial orders
 * - `nothing`: it follows from the analysis, or cannot be run here
 */
export interface AdviceCheck {
  by: 'exploration' | 'calls' | 'construction' | 'nothing';
  /** Whether all schedules were explored, or for `calls` and `construction` all sequences and orders run. */
  exhaustive: boolean;
  /** Half a sentence, such as `by exploration of all schedules up to equivalence, 22 executions`. */
  text: string;
}

/** One thing to do, for some exports. */
export interface Advice {
  remedy: Remedy;
  /** Names of the exports that it is about, in the order of the module. */
  exports: string[];
  /** Pairs of export names that may run concurrently; empty unless the remedy is `together`. */
  pairs: [string, string][];
  /** One or two imperative sentences, in the terms of the host. */
  text: string;
  /** At least one. */
  because: Evidence[];
  checked: AdviceCheck;
}

/** The check of advice that no run has tried. */
export const UNCHECKED: AdviceCheck = {
  by: 'nothing',
  exhaustive: false,
  // The language is not known yet when this file is loaded.
  get text() {
    return t('not checked by running');
  },
};
