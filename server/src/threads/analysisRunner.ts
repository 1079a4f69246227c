/** How documents are analysed away from the main thread; `analysisRunner.node.ts` does it in worker threads. */
import type { AnalysisJob, AnalysisResult, FullResult } from './analysisJob.ts';

/** Why a job gave no result. */
export type FailureReason = 'time' | 'memory' | 'crash';

export type Outcome<R = AnalysisResult | FullResult> =
  | { kind: 'done'; result: R }
  | { kind: 'cancelled' }
  | { kind: 'failed'; reason: FailureReason; message: string };

export interface RunningJob<R = AnalysisResult | FullResult> {
  outcome: Promise<Outcome<R>>;
  /** The result is not wanted any more. */
  cancel(): void;
  /** The user has waited enough: what is known becomes the (partial) result. */
  finishEarly(): void;
}

/** What every job says: after how many seconds it must have ended. */
export interface TimedJob {
  seconds: number;
}

export interface Runner<J extends TimedJob, R> {
  run(job: J, onProgress: (message: string, percentage: number | undefined) => void): RunningJob<R>;
  /** Ends all workers. */
  dispose(): Promise<void>;
}

/** Runs the jobs of binaries. */
export type AnalysisRunner = Runner<AnalysisJob, AnalysisResult | FullResult>;
