/** What a worker of stress runs is given, and what it says. */

import type { MessagePort } from 'node:worker_threads';
import type { AdvisedAnswer, AdvisedResult } from '../../core/advice/advised.ts';
import type { HostId } from '../../core/hosts/index.ts';
import type { SharingModel } from '../../core/hosts/profile.ts';
import type { HammerAnswer } from '../../core/stress/hammer/hammer.ts';
import type { HammerResult } from '../../core/stress/hammer/hammerResult.ts';
import type { PlanOptions } from '../../core/stress/scenario/plan.ts';
import type { Scenario } from '../../core/stress/scenario/scenario.ts';
import type { Progress } from '../../core/stress/session/environment.ts';
import type { StressJob } from '../../core/stress/session/job.ts';
import type { WrapOptions, Wrapper } from '../../core/wrap/wrapper.ts';

/** Slots of the memory that both sides see. */
export const Shared = { Cancelled: 0, Func: 1, Offset: 2, Enough: 3, Slots: 4 } as const;

/** Heap of a worker, MB, unless told otherwise. */
export const DEFAULT_MEMORY = 2048;
/** Longest delay of a timer, ms. */
export const MAX_DELAY = 2 ** 31 - 1;

/** Wanted: scenarios for a module. */
export interface PlanStart {
  bytes: Uint8Array;
  options: PlanOptions;
}

/** A plan whose pairs are named. */
export interface NamedPlan {
  scenarios: { a: string; b: string; title: string; scenario: Scenario }[];
  notes: string[];
}

/** Wanted: code that makes a module safe to call. */
export interface WrapStart {
  wrap: WrapOptions;
  bytes: Uint8Array;
  host: HostId;
  model: SharingModel | 'auto';
  /** What runs on the module have shown: evidence behind that of the analysis. */
  runs?: { explored: readonly AdvisedResult[]; hammered: readonly HammerResult[] };
}

export interface WorkerStart {
  job: Omit<StressJob, 'imports'>;
  /** Absolute path of the JavaScript module with imports, in trusted workspaces. */
  importsModule: string | undefined;
  shared: SharedArrayBuffer;
}

/** One thread of a hammer run. */
export type HammerWorkerStart = {
  /** Words that all threads share. */
  control: SharedArrayBuffer;
  importsModule: string | undefined;
} & (
  | { hammer: 'first'; job: Omit<StressJob, 'imports'>; cores: number; ports: MessagePort[] }
  | { hammer: 'other'; index: number; port: MessagePort }
);

export type HammerMessage =
  | { progress: HammerResult; judged: boolean }
  | { answer: HammerAnswer }
  | { problem: string };

export type WorkerMessage =
  | { progress: Progress }
  | { answer: AdvisedAnswer }
  | { plan: NamedPlan }
  | { wrapped: Wrapper | { refusal: string } }
  | { problem: string };
