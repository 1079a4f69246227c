/**
 * The engine's entry: explores or replays the calls of a scenario on a module, on the real engine of
 * this JavaScript runtime. Pure but for what `Environment` hands in.
 */
import type { Progress, StressFailure, StressResult } from './result.ts';
import type { Scenario } from './scenario.ts';

/** What the engine needs of the world around it. */
export interface Environment {
  /** Milliseconds from any origin. */
  now(): number;
  /** Asked often, so it must be cheap. */
  cancelled(): boolean;
  /** Lets other tasks of the thread run; the engine calls it some times a second. */
  breathe(): Promise<void>;
  progress(progress: Progress): void;
  /** Told where execution is, so that a thread that has to be killed can say it: function index and byte offset. */
  at?(func: number, offset: number): void;
}

export interface StressJob {
  /** The module as it is on disk, or what a source compiled to. */
  bytes: Uint8Array;
  /** How the user calls it: a file name. */
  name: string;
  scenario: Scenario;
  /** Replay this schedule instead of exploring. */
  schedule?: string;
  /** Functions of a JavaScript module that the scenario names, by import module and name; trusted workspaces only. */
  imports?: Record<string, Record<string, unknown>>;
}

export type StressAnswer = { result: StressResult } | { failure: StressFailure };

/** What this runtime lacks for stress runs, in one sentence; undefined when it has all. */
export declare function missingSupport(): string | undefined;

/** Runs a job to its end. Never throws. */
export declare function stress(job: StressJob, environment: Environment): Promise<StressAnswer>;
