/** How the store of documents has binaries analysed; `analysisRunner.node.ts` does it in worker threads. */
import type { AnalysisJob, AnalysisResult, FullResult } from './analysisJob.ts';

/** Why a job gave no result. */
export type FailureReason = 'time' | 'memory' | 'crash';

export type Outcome =
  | { kind: 'done'; result: AnalysisResult | FullResult }
  | { kind: 'cancelled' }
  | { kind: 'failed'; reason: FailureReason; message: string };

export interface RunningJob {
  outcome: Promise<Outcome>;
  /** The result is not wanted any more. */
  cancel(): void;
  /** The user has waited enough: what is known becomes the (partial) result. */
  finishEarly(): void;
}

export interface AnalysisRunner {
  run(job: AnalysisJob, onProgress: (message: string, percentage: number | undefined) => void): RunningJob;
  /** Ends all workers. */
  dispose(): Promise<void>;
}
