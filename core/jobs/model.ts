/** Jobs of threads, as they travel: what to do with a module, and what comes back. Threads of Node.js and of browsers do them. */
import type { Analysis } from '../analysis/model.ts';
import type { HostId } from '../hosts/index.ts';
import type { SharingModel } from '../hosts/profile.ts';
import type { StressResult } from '../stress/explore/result.ts';
import type { HammerResult } from '../stress/hammer/hammerResult.ts';
import type { CallerForm } from '../stress/scenario/callerForms.ts';
import type { PlanOptions } from '../stress/scenario/plan.ts';
import type { Scenario } from '../stress/scenario/scenario.ts';
import type { StressJob } from '../stress/session/job.ts';
import type { Module } from '../wasm/module.ts';
import type { WrapOptions, Wrapper } from '../wrap/wrapper.ts';

/** A module as it travels to a worker thread. */
export interface ModuleBytes {
  bytes: Uint8Array;
  /** Its analysis, packed; the thread analyses the module itself where it is missing. */
  analysis?: Uint8Array;
}

/** A module that was sent, decoded, with the analysis that came with it. */
export interface ReceivedModule {
  module: Module;
  analysis: Analysis | undefined;
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
