/** One `TestRun` of test items in one mode. */
import { type CancellationToken, type TestItem, TestMessage, type TestRun } from 'vscode';
import { abortedBy } from '../../abort.ts';
import { fileLabel, toBinaryUri } from '../../uris.ts';
import { type ItemOutcome, type RunMode, worseOf } from '../modes/runMode.ts';
import type { StressServices } from '../services.ts';
import { type Work, workOf } from './work.ts';

/** What a run found, for the command that started it. */
export interface RunSummary {
  /** The worst result of all; undefined when there is none. */
  worst: { title: string; headline: string; severity: number } | undefined;
  /** Why the run ended early, unless the user cancelled it. */
  stopped: string | undefined;
}

/** Reports outcomes to a `TestRun`, which the caller creates and ends, and sums them up in `summary`. */
export class StressRun<Result> {
  readonly summary: RunSummary = { worst: undefined, stopped: undefined };
  private readonly services: StressServices;
  private readonly mode: RunMode<Result>;
  private readonly run: TestRun;
  private readonly token: CancellationToken;
  private readonly report: (message: string) => void;
  /** Something is missing that every scenario needs: no further one is run. */
  private hopeless = false;

  constructor(
    services: StressServices,
    mode: RunMode<Result>,
    run: TestRun,
    token: CancellationToken,
    report: (message: string) => void,
  ) {
    this.services = services;
    this.mode = mode;
    this.run = run;
    this.token = token;
    this.report = report;
  }

  /** Runs an item and its children. */
  async item(item: TestItem): Promise<void> {
    const { run, token } = this;
    if (this.hopeless) {
      run.skipped(item);
      return;
    }
    run.started(item);
    let work: Work[];
    const { signal, dispose } = abortedBy(token);
    try {
      const say = (note: string): void => this.say(`Note: ${note}`, item);
      work = await workOf(this.services, item, {
        seconds: this.mode.seconds(),
        hammer: this.mode.hammersOnly,
        signal,
        note: say,
      });
    } catch (error) {
      if (signal.aborted) run.skipped(item);
      else run.errored(item, new TestMessage(error instanceof Error ? error.message : String(error)));
      return;
    } finally {
      dispose();
    }
    if (work.length === 0) {
      this.say(`${item.label}: no conflicts found, so there is nothing to test`, item);
      run.passed(item);
      return;
    }
    const started = Date.now();
    let outcome: ItemOutcome = 'passed';
    const byItem = new Map<TestItem, Work[]>();
    for (const one of work) byItem.set(one.item, [...(byItem.get(one.item) ?? []), one]);
    for (const [target, list] of byItem) {
      if (token.isCancellationRequested) {
        run.skipped(item);
        return;
      }
      if (this.hopeless) break;
      outcome = worseOf(outcome, await this.works(target, list));
    }
    if (byItem.has(item)) return;
    const why =
      outcome === 'failed' ? 'at least one of its scenarios failed' : 'at least one of its scenarios could not be run';
    this.end(item, outcome, [new TestMessage(`${item.label}: ${why}`)], Date.now() - started);
  }

  /** Runs all scenarios of one item in order; its outcome is the worst of theirs. */
  private async works(item: TestItem, list: readonly Work[]): Promise<ItemOutcome> {
    this.run.started(item);
    const started = Date.now();
    const messages: TestMessage[] = [];
    let outcome: ItemOutcome = 'passed';
    for (const work of list) {
      const one = await this.work(work, item, messages);
      outcome = worseOf(outcome, one);
      if (one === 'skipped' || this.hopeless) break;
    }
    this.end(item, outcome, messages, Date.now() - started);
    return outcome;
  }

  /** Runs one scenario; `skipped` ends the run. */
  private async work(work: Work, item: TestItem, messages: TestMessage[]): Promise<ItemOutcome> {
    const { mode, services, summary, token } = this;
    if (token.isCancellationRequested) return 'skipped';
    const module = toBinaryUri(work.info.uri);
    const isStale = (): boolean => services.results.changesOf(module) !== work.changes;
    const answer = isStale() ? undefined : await this.answer(work);
    if (answer === undefined || isStale()) {
      summary.stopped = `${work.title}: ${fileLabel(module)} changed during the test; run the test again`;
      this.say(summary.stopped, item);
      return 'skipped';
    }
    if ('failure' in answer) {
      const { kind, message } = answer.failure;
      if (kind === 'cancelled') return 'skipped';
      if (kind === 'unsupported-host') {
        this.hopeless = true;
        summary.stopped = message;
      }
      this.say(`${work.title}: ${message}`, item);
      messages.push(new TestMessage(message));
      return 'errored';
    }
    const { result } = answer;
    mode.keep(work, result);
    const severity = mode.severityOf(result);
    if (summary.worst === undefined || severity > summary.worst.severity)
      summary.worst = { title: work.title, headline: mode.headlineOf(result), severity };
    const text = await mode.textOf(work, result);
    services.output.append(`${work.title}\n${text}\n`);
    this.say(`${work.title}\n${text}`, item);
    const outcome = mode.outcomeOf(result);
    if (outcome !== 'passed') messages.push(...(await mode.messagesOf(work, result)));
    return outcome;
  }

  /** The mode's answer; aborts when the user cancels or the module changes. */
  private async answer(work: Work): ReturnType<RunMode<Result>['run']> {
    const { services, token } = this;
    const { signal, abort, dispose } = abortedBy(token);
    const module = toBinaryUri(work.info.uri).toString();
    const forgotten = services.results.onDidForget((uri) => uri.toString() === module && abort());
    try {
      return await this.mode.run(work, { signal, report: this.report });
    } finally {
      dispose();
      forgotten.dispose();
    }
  }

  private say(text: string, item: TestItem): void {
    this.run.appendOutput(`${text.replaceAll('\n', '\r\n')}\r\n`, undefined, item);
  }

  private end(item: TestItem, outcome: ItemOutcome, messages: TestMessage[], duration: number): void {
    if (outcome === 'passed') this.run.passed(item, duration);
    else if (outcome === 'skipped') this.run.skipped(item);
    else if (outcome === 'errored') this.run.errored(item, messages, duration);
    else this.run.failed(item, messages, duration);
  }
}
