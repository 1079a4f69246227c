/** Messages to and from the worker threads of stress runs. */
import type { MessagePort } from 'node:worker_threads';
import type { PlanStart, SentJob, WrapStart } from '../../core/jobs/model.ts';
import type { HammerResult } from '../../core/stress/hammer/hammerResult.ts';
import type { Translations } from '../../core/text/l10n.ts';

/** Words of the memory that an exploring thread and the one that started it share. */
export const RunSlot = {
  /** Not 0: end as soon as possible, without a result. */
  Cancelled: 0,
  /** Function index and byte offset where execution was last seen, -1: nowhere yet. */
  Func: 1,
  Offset: 2,
  /** Not 0: end the search and report what is known. */
  Enough: 3,
  Count: 4,
} as const;

/** Job: a scenario to explore, or a schedule to replay. */
export interface ExploreStart {
  job: SentJob;
  /** Absolute path of the JavaScript module with imports, in trusted workspaces. */
  importsModule: string | undefined;
  /** Words at the positions of `RunSlot`. */
  slots: SharedArrayBuffer;
}

/** One thread of a hammer run. */
export type HammerStart = {
  /** Words that all threads share; see core/stress/hammer/control.ts. */
  control: SharedArrayBuffer;
  importsModule: string | undefined;
} & (
  | { leads: true; job: SentJob; cores: number; progressMs: number; ports: MessagePort[] }
  | { leads: false; index: number; port: MessagePort }
);

/** What a thread does, and then ends, unless it stays for another job. */
export type WorkerStart =
  | ({ kind: 'plan' } & PlanStart)
  | ({ kind: 'wrap' } & WrapStart)
  | ({ kind: 'explore' } & ExploreStart)
  | ({ kind: 'hammer' } & HammerStart);

/** What a thread is started with, or told when it has stayed: its job, the language of its texts, whether it then stays. */
export type WorkerData = WorkerStart & { translations?: Translations; stays: boolean };

/** That the job has begun, any number of messages about progress, then an answer or why there is none. */
export type WorkerMessage<Progress, Answer> =
  | { begun: true }
  | { progress: Progress }
  /** `tidy`: the thread holds little, so that another job can follow in it. */
  | { answer: Answer; tidy?: boolean }
  | { problem: string };

/** What a hammer run knows by now; `judged`: outcomes of rounds, and whether they end, say something of the module. */
export interface HammerProgress {
  result: HammerResult;
  judged: boolean;
}
