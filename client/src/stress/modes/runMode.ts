/** A way to run scenarios, offered as a run profile of the Test Explorer. */
import { l10n, type TestMessage } from 'vscode';
import type { StressFailure } from '../../../../core/stress/session/failure.ts';
import type { CommandId } from '../../../../server/src/protocol.ts';
import type { Work } from '../runs/work.ts';

/** The outcome of a test item, in ascending order of precedence. */
export type ItemOutcome = 'passed' | 'skipped' | 'errored' | 'failed';

const RANK: Readonly<Record<ItemOutcome, number>> = { passed: 0, skipped: 1, errored: 2, failed: 3 };

/** The outcome that takes precedence: failed over errored, errored over skipped, skipped over passed. */
export const worseOf = (a: ItemOutcome, b: ItemOutcome): ItemOutcome => (RANK[b] > RANK[a] ? b : a);

/** Why stress tests need a trusted workspace. */
export const stressTrust = (): string =>
  l10n.t(
    'Stress tests run the code of modules and require a trusted workspace. Opening and analysing a module does not.',
  );

/** Cancels a run and receives its progress. */
export interface RunControl {
  /** Aborted when the user cancels or the module changes. */
  signal: AbortSignal;
  /** `executions`: how many there were so far, where they are counted. */
  report(message: string, executions?: number): void;
}

/** `Result` is the result of one scenario. */
export interface RunMode<Result> {
  /** Name of the run profile. */
  readonly label: string;
  /** What it does with what is named, as in `Stress test of counter.wasm`. */
  titleOf(name: string): string;
  /** Why it needs a trusted workspace, a sentence. */
  readonly trust: string;
  /** A command that shows more of what was run, and its title. */
  readonly more?: { title: string; command: CommandId };
  /** Whether only the hammer runs the scenarios: its plan has none that it cannot run. */
  readonly hammersOnly: boolean;
  /** Seconds for all scenarios of a plan. */
  seconds(): number;
  /** Most scenarios at a time. What measures or takes all cores runs alone. */
  atOnce(): number;
  /** What this JavaScript runtime lacks to run the mode, in one sentence; undefined when it lacks nothing. */
  missing(): string | undefined;
  /** Runs one scenario. Never rejects. */
  run(work: Work, control: RunControl): Promise<{ result: Result } | { failure: StressFailure }>;
  /** Called once after the last scenario of a test run: releases what its scenarios had in common. */
  ended?(): Promise<void>;
  /** Stores a result for annotations and replay. */
  keep(work: Work, result: Result): void;
  /** All that results show, in a few words; at least one result. */
  badgeOf(results: readonly Result[]): string;
  /** Higher is worse; 0 means that nothing went wrong. */
  severityOf(result: Result): number;
  outcomeOf(result: Result): Exclude<ItemOutcome, 'skipped'>;
  /** The full report, for the output channel. */
  textOf(work: Work, result: Result): Promise<string>;
  /** The messages of an item that did not pass; at least one. The first line is what VS Code shows as the badge. */
  messagesOf(work: Work, result: Result, badge: string): Promise<TestMessage[]>;
}
