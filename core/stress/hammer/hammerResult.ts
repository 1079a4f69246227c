/** The result of a hammer run as plain data: the JSON form of the command line (schemas/hammer.schema.json). */

import type { HostId } from '../../hosts/index.ts';
import type { SharingModel } from '../../hosts/profile.ts';
import type { Verdict } from '../explore/result.ts';
import type { Scenario } from '../scenario/scenario.ts';
import type { Results } from '../session/job.ts';

/**
 * - `wrong-outcome`: an outcome that no serial order of the calls gives
 * - `hang`: calls that did not return
 * - `none-seen`: every outcome was that of a serial order, which proves nothing
 * - `not-judged`: outcomes were only counted, or nothing could be run in parallel; the notes say why
 */
export type HammerVerdict = 'wrong-outcome' | 'hang' | 'none-seen' | 'not-judged';

/**
 * - `serial`: that of a serial order
 * - `wrong`: no serial order gives these results
 * - `wrong-state`: the results of a serial order, but a different final state
 * - `not-judged`: not all serial orders are known
 */
export type OutcomeKind = 'serial' | 'wrong' | 'wrong-state' | 'not-judged';

/** One of the outcomes of the rounds. */
export interface HammerOutcome {
  results: Results;
  /** Results of the probe calls. */
  probe: string[];
  samples: number;
  /** Share of all rounds, 0 to 1. */
  frequency: number;
  kind: OutcomeKind;
  /** A serial order that gives it, `ABBA`; null if none does. */
  order: string | null;
  /** For a wrong state, what differs from the serial outcome with these results. */
  state: string[];
  /** For a wrong outcome, what exploration found about it, once explored. */
  found: Found | null;
}

/**
 * What exploration found for a wrong outcome: a schedule that gives it; none within the bound; or none at all, which
 * means that it needs memory that is not sequentially consistent.
 */
export type Found =
  | { how: 'schedule'; schedule: string }
  | { how: 'not-found'; schedules: number }
  | { how: 'not-sequential' };

/** A trap that no serial order shows. */
export interface ConcurrentTrap {
  caller: number;
  call: number;
  /** `unreachable`, ... */
  trap: string;
  samples: number;
}

/**
 * How the calls are guarded in a measurement: not at all, by one lock, by a pool of instances, by an instance for each
 * sequence of calls.
 */
export type CostVariant = 'unsafe' | 'mutex' | 'pool' | 'instance-per-call';

/** The cost of one remedy with a number of threads. */
export interface RemedyCost {
  remedy: CostVariant;
  threads: number;
  /** Calls of all threads. */
  callsPerSecond: number;
  /** Latency of a caller's whole sequence of calls, nanoseconds. */
  p50: number;
  p99: number;
  /** Share of the sequences in which a call trapped, 0 to 1. */
  trapped: number;
}

/** The costs of all remedies. */
export interface Costs {
  rows: RemedyCost[];
  /** Bytes of linear memory of an instance that was set up. */
  memoryPerInstance: number;
  /** Milliseconds until a new instance is set up: median. */
  instantiation: number;
  /** Nanoseconds that reading the clock takes: shorter latencies cannot be distinguished. */
  clock: number;
}

/** What exploration found for the same scenario: the hammer sees what happens, exploration what can happen. */
export interface ExploredVerdict {
  verdict: Verdict;
  wrongOutcome: boolean;
  exhaustive: boolean;
  /** Of the worst finding. */
  schedule: string | null;
  /** Why calls hang, a sentence; null where none does. */
  hangCause: string | null;
}

/** Calls that did not return. */
export interface HammerHang {
  /** Each caller that did not return, and its call; none where it was the probe. */
  callers: { caller: number; call: number }[];
  /** Whether they do not return in any serial order either. */
  alone: boolean;
}

/** The result of a hammer run; see schemas/hammer.schema.json. */
export interface HammerResult {
  version: 1;
  kind: 'hammer';
  /** Name of the module as it was given. */
  module: string;
  scenario: Scenario;
  host: HostId;
  model: SharingModel;
  verdict: HammerVerdict;
  threads: number;
  rounds: number;
  seconds: number;
  roundsPerSecond: number;
  /** Most frequent first; at most `MAX_OUTCOMES`, wrong ones before others. */
  outcomes: HammerOutcome[];
  /** Different outcomes seen, and those that serial orders give. */
  seen: number;
  serial: number;
  serialComplete: boolean;
  traps: ConcurrentTrap[];
  hang: HammerHang | null;
  /** Null if it was not explored. */
  explored: ExploredVerdict | null;
  costs: Costs | null;
  imports: { stubbed: string[]; wasi: string[] };
  notes: string[];
}

/** Most outcomes that a result lists. */
export const MAX_OUTCOMES = 50;
