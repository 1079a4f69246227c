/** Messages to and from the worker threads of stress runs. */
import type { MessagePort } from 'node:worker_threads';
import type { HostId } from '../../core/hosts/index.ts';
import type { SharingModel } from '../../core/hosts/profile.ts';
import type { StressResult } from '../../core/stress/explore/result.ts';
import type { HammerResult } from '../../core/stress/hammer/hammerResult.ts';
import type { CallerForm } from '../../core/stress/scenario/callerForms.ts';
import type { PlanOptions } from '../../core/stress/scenario/plan.ts';
import type { Scenario } from '../../core/stress/scenario/scenario.ts';
import type { StressJob } from '../../core/stress/session/job.ts';
import type { Translations } from '../../core/text/l10n.ts';
import type { WrapOptions, Wrapper } from '../../core/wrap/wrapper.ts';

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

/** A module as it travels to a worker thread. */
export interface ModuleBytes {
  bytes: Uint8Array;
  /** Its analysis, packed by `analysisBytes`; the thread analyses the module itself where it is missing. */
  analysis?: Uint8Array;
}

/** A job of the engine as it travels: functions of JavaScript cannot, so their module is loaded by the thread. */
export type SentJob = Omit<StressJob, 'imports' | 'known' | 'promised'> & ModuleBytes;

/** Job: scenarios for a module. */
export interface PlanStart extends ModuleBytes {
  /** Name for messages: the file name. */
  name: string;
  options: Omit<PlanOptions, 'facts' | 'usages' | 'futile'>;
  /** Whether arguments are tried on the module, which runs it: in trusted workspaces only. */
  tries: boolean;
  /** Whether a protocol to begin a scenario file with is wanted. */
  skeleton?: boolean;
}

/** A plan whose pairs are named. */
export interface NamedPlan {
  scenarios: { a: string; b: string; title: string; scenario: Scenario }[];
  untested: number;
  notes: string[];
  /** Callers of the exports of the first scenario, as a protocol; undefined where plain calls say as much. */
  skeleton?: CallerForm[];
}

/** Job: code that makes a module safe to call. */
export interface WrapStart extends ModuleBytes {
  wrap: WrapOptions;
  host: HostId;
  model: SharingModel | 'auto';
  /** Patterns of `module.name` of imports that suspend. */
  suspending?: readonly string[];
  /** Results of earlier runs on the module: evidence in addition to the analysis. */
  runs?: { explored: readonly StressResult[]; hammered: readonly HammerResult[] };
}

/** Wrapper code, or why there is none, as a sentence for the user. */
export type WrapAnswer = Wrapper | { refusal: string };

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

/** The one thing that a thread does before it ends. */
export type WorkerStart =
  | ({ kind: 'plan' } & PlanStart)
  | ({ kind: 'wrap' } & WrapStart)
  | ({ kind: 'explore' } & ExploreStart)
  | ({ kind: 'hammer' } & HammerStart);

/** What a thread is started with: its job, and the language of its texts. */
export type WorkerData = WorkerStart & { translations?: Translations };

/** That the job has begun, any number of messages about progress, then an answer or why there is none. */
export type WorkerMessage<Progress, Answer> =
  | { begun: true }
  | { progress: Progress }
  | { answer: Answer }
  | { problem: string };

/** What a hammer run knows by now; `judged`: outcomes of rounds, and whether they end, say something of the module. */
export interface HammerProgress {
  result: HammerResult;
  judged: boolean;
}
