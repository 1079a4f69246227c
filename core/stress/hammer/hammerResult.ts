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
 * - `divided`: that of a serial order of the calls, but of none that keeps each caller's calls together
 * - `expectation`: an expectation or an invariant of the scenario does not hold, whether or not a serial order gives that
 * - `wrong`: no serial order gives these results
 * - `wrong-state`: the results of a serial order, but a different final state
 * - `not-judged`: not all serial orders are known
 */
export type OutcomeKind = 'serial' | 'divided' | 'expectation' | 'wrong' | 'wrong-state' | 'not-judged';

/** Whether an outcome is one that calls must not have. */
export const isWrongKind = ({ kind }: { kind: OutcomeKind }): boolean =>
  kind === 'divided' || kind === 'expectation' || kind === 'wrong' || kind === 'wrong-state';

/** Least number of rounds from which on shares are computed: those of fewer say too little. */
export const LEAST_FOR_SHARES = 1000;

/** One of the outcomes of the rounds. */
export interface HammerOutcome {
  results: Results;
  /** Results of the probe calls. */
  probe: string[];
  samples: number;
  /** Share of all rounds, 0 to 1; null below `LEAST_FOR_SHARES` rounds. */
  frequency: number | null;
  kind: OutcomeKind;
  /** A serial order of calls that gives it, `ABBA`; null if none does. */
  order: string | null;
  /** For a wrong state, what differs from the serial outcome with these results. */
  state: string[];
  /** For a wrong outcome, what exploration found about it, once explored. */
  found: Found | null;
}

/**
 * What exploration found for a wrong outcome: a schedule that gives it; none within the bound; or none at all, which
 * means that it needs memory that is not sequentially consistent. `storeBuffers`: plain stores wait in store buffers under
 * the schedule, as none without them gives the outcome (`only`), or none of those that were run (`seen`).
 */
export type Found =
  | { how: 'schedule'; schedule: string; storeBuffers?: 'only' | 'seen' }
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
  /**
   * `callsPerSecond` of the slowest and the fastest of the short measurements that it is made from, and how many those
   * are; absent where they are too few.
   */
  spread?: { least: number; most: number; measurements: number };
  /** Latency of a caller's whole sequence of calls, nanoseconds. */
  p50: number;
  p99: number;
  /** Sequences that were run, and those of them in which a call trapped. */
  sequences: number;
  trapped: number;
}

/** A remedy whose cost is not known, and why, as part of a sentence. */
export interface Unmeasured {
  remedy: CostVariant;
  reason: string;
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
  /** Rounds with an outcome that calls must not have. */
  wrongRounds: number;
  /** Different outcomes seen and judged, those that were only counted, and those that serial orders give. */
  seen: number;
  notJudged: number;
  serial: number;
  serialComplete: boolean;
  traps: ConcurrentTrap[];
  hang: HammerHang | null;
  /** Null if it was not explored. */
  explored: ExploredVerdict | null;
  costs: Costs | null;
  /** Remedies that `costs` does not tell. */
  unmeasured: Unmeasured[];
  imports: { stubbed: string[]; wasi: string[] };
  notes: string[];
}

/** Most outcomes that a result lists. */
export const MAX_OUTCOMES = 50;
