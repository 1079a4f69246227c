/** Messages to and from the worker of a run. */
import type { PlanStart, SentJob, WrapStart } from '../../core/jobs/model.ts';
import type { Progress } from '../../core/stress/session/environment.ts';
import type { Translations } from '../../core/text/l10n.ts';

/** A scenario to explore, or a schedule to replay. */
export interface ExploreWork {
  /** Without an analysis: a browser's thread analyses the module itself. */
  job: Omit<SentJob, 'analysis'>;
  /** Text of the JavaScript module with imports, in trusted workspaces. */
  imports: string | undefined;
}

/** The one thing that a worker does before it is ended. */
export type RunWork =
  | ({ kind: 'plan' } & PlanStart)
  | ({ kind: 'wrap' } & WrapStart)
  | ({ kind: 'explore' } & ExploreWork);

/** The first message to the worker. */
export type RunStart = RunWork & { translations: Translations | undefined };

/** Tells the worker to end without a result. */
export type EndOfRun = 'cancelled';

/** That the job has begun, any number of messages about progress, then an answer or why there is none. */
export type RunMessage<Answer> = { begun: true } | { progress: Progress } | { answer: Answer } | { problem: string };
