/** Runs modules and writes code about them: what an extension host of Node.js and one of a browser do in ways of their own. */
import type { Uri } from 'vscode';
import type { AdvisedAnswer, AdvisedResult } from '../../core/advice/advised.ts';
import type { NamedPlan, PlanStart, SentJob, WrapAnswer, WrapStart } from '../../core/jobs/model.ts';
import type { StressResult } from '../../core/stress/explore/result.ts';
import type { HammerAnswer } from '../../core/stress/hammer/hammer.ts';
import type { Progress } from '../../core/stress/session/environment.ts';
import type { StressFailure } from '../../core/stress/session/failure.ts';
import type { VerifyResult } from '../../core/verify/model.ts';

/** What every run of a scenario is told. */
export interface ScenarioControl {
  /** The scenario's file, beside which the JavaScript module is that it may name; undefined where it has no file. */
  base: Uri | undefined;
  /** Aborted when the user cancels or the module changes. */
  signal: AbortSignal;
}

/** An exploration, or the replay of the job's schedule. */
export interface ExploreControl extends ScenarioControl {
  onProgress(progress: Progress): void;
}

/** A hammer run. */
export interface HammerControl extends ScenarioControl {
  /** What exploration of the scenario has shown already. */
  explored: StressResult | undefined;
  onProgress(progress: { rounds: number }): void;
  /** Called when the search for schedules of wrong outcomes begins. */
  onExplain(): void;
}

/** What a verifier does with one scenario. */
export interface VerifyControl {
  /** Seconds for the rounds of all modes. */
  seconds: number;
  explored: AdvisedResult | undefined;
  /** Also watches each access of the module. */
  exact: boolean;
  signal: AbortSignal;
  onProgress(text: string): void;
}

/** A driver that was built in the user's module. */
export interface OpenVerifier {
  /** Runs one scenario. Never rejects. */
  verify(job: SentJob, run: VerifyControl): Promise<{ result: VerifyResult } | { failure: StressFailure }>;
  /** Removes everything that was written. */
  close(): void;
}

/** Verification on the real host. */
export interface Verification {
  /** Why there is none here, in one sentence. */
  missing(): string | undefined;
  /** Folder of the Go module that a module or a scenario belongs to; a refusal is a sentence for the user. */
  folderOf(file: Uri): Promise<{ folder: string } | { refusal: string }>;
  open(
    folder: string,
    how: Pick<VerifyControl, 'signal' | 'onProgress'>,
  ): Promise<OpenVerifier | { failure: StressFailure }>;
}

/** What an extension host can do with modules off its own thread. */
export interface Runner {
  /** What this JavaScript runtime lacks to explore, in one sentence; undefined when it lacks nothing. */
  missing(): string | undefined;
  /** The same for the hammer. */
  missingForHammer(): string | undefined;
  /** How many explorations may take place at the same time. */
  atOnce(): number;
  /** Explores a scenario or replays a schedule. Never rejects. */
  explore(job: SentJob, run: ExploreControl): Promise<AdvisedAnswer>;
  /** Never rejects. */
  hammer(job: SentJob, run: HammerControl): Promise<HammerAnswer>;
  /** Rejects with what the user should read, and with the signal's reason when it is aborted. */
  plan(start: PlanStart, signal: AbortSignal): Promise<NamedPlan>;
  /** Undefined when `signal` was aborted. Rejects when it fails. */
  wrap(start: WrapStart, signal: AbortSignal): Promise<WrapAnswer | undefined>;
  readonly verification: Verification;
  /** Whether a file cannot hold a module, as far as that can be told at once: texts are not read. Never rejects. */
  isBroken(file: Uri): Promise<boolean>;
  /** Ends what waits for another run. */
  dispose(): void;
}
