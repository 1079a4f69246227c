/** A way to run scenarios: what stands behind a run profile of the Test Explorer. */
import type { TestMessage } from 'vscode';
import type { StressFailure } from '../../../../core/stress/session/failure.ts';
import type { Work } from '../runs/work.ts';

/** What became of a test item; the later ones outweigh the earlier ones. */
export type ItemOutcome = 'passed' | 'skipped' | 'errored' | 'failed';

const RANK: Readonly<Record<ItemOutcome, number>> = { passed: 0, skipped: 1, errored: 2, failed: 3 };

export const worseOf = (a: ItemOutcome, b: ItemOutcome): ItemOutcome => (RANK[b] > RANK[a] ? b : a);

/** How a run is ended from outside, and where it tells how far it is. */
export interface RunControl {
  /** Aborted when the user gives up or the module changes. */
  signal: AbortSignal;
  report(message: string): void;
}

/** `Result` is what one scenario gives. */
export interface RunMode<Result> {
  /** Name of the run profile. */
  readonly label: string;
  /** Seconds for all scenarios of a plan. */
  seconds(): number;
  /** What this runtime lacks for it, in one sentence; undefined when it has all. */
  missing(): string | undefined;
  /** Runs one scenario. Never rejects. */
  run(work: Work, control: RunControl): Promise<{ result: Result } | { failure: StressFailure }>;
  /** Keeps a result for what is shown of it elsewhere. */
  keep(work: Work, result: Result): void;
  /** The result in a few words. */
  headlineOf(result: Result): string;
  /** The higher the worse; 0: nothing to worry about. */
  severityOf(result: Result): number;
  outcomeOf(result: Result): Exclude<ItemOutcome, 'skipped'>;
  /** All of it, for the output. */
  textOf(work: Work, result: Result): Promise<string>;
  /** What the item says that did not pass; at least one. */
  messagesOf(work: Work, result: Result): Promise<TestMessage[]>;
}
