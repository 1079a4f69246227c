/** Runs analysis jobs off the main thread; `analysisRunner.node.ts` implements it with worker threads. */
import type { Job, OnPart, OnProgress, ResultOf } from './jobs.ts';

/** Why a job failed. */
export type FailureReason = 'time' | 'memory' | 'crash';

/** `message` is for the log; a crash has its stack. */
export interface JobFailure {
  kind: 'failed';
  reason: FailureReason;
  message: string;
}

/** How a job ended. One that ended early is `done`, with a partial result. */
export type JobOutcome<R> = { kind: 'done'; result: R } | { kind: 'cancelled' } | JobFailure;

/** A job that is queued or running. */
export interface RunningJob<R = unknown> {
  /** Never rejects. */
  outcome: Promise<JobOutcome<R>>;
  /** The result is no longer wanted. */
  cancel(): void;
  /** Ends the job with a partial result. */
  finishEarly(): void;
}

/** Starts jobs in the order of the calls; more than one may run at once. */
export interface AnalysisRunner {
  run<J extends Job>(job: J, onProgress: OnProgress, onPart?: OnPart): RunningJob<ResultOf<J>>;
  /** Ends all workers. */
  dispose(): Promise<void>;
}
