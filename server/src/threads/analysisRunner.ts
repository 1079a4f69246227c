/** How documents are analysed away from the main thread; `analysisRunner.node.ts` does it in worker threads. */
import type { Job, OnProgress, ResultOf } from './jobs.ts';

/** Why a job gave no result. */
export type FailureReason = 'time' | 'memory' | 'crash';

/** `message` is for the log; a crash has its stack. */
export interface JobFailure {
  kind: 'failed';
  reason: FailureReason;
  message: string;
}

export type JobOutcome<R> = { kind: 'done'; result: R } | { kind: 'cancelled' } | JobFailure;

export interface RunningJob<R = unknown> {
  /** Never rejects. */
  outcome: Promise<JobOutcome<R>>;
  /** The result is not wanted any more. */
  cancel(): void;
  /** The user has waited enough: what is known becomes the (partial) result. */
  finishEarly(): void;
}

export interface AnalysisRunner {
  run<J extends Job>(job: J, onProgress: OnProgress): RunningJob<ResultOf<J>>;
  /** Ends all workers. */
  dispose(): Promise<void>;
}
