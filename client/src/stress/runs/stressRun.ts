/** One `TestRun` of test items in one mode. */
import {
  type CancellationToken,
  Location,
  l10n,
  type TestItem,
  type TestMessage,
  type TestRun,
  type Uri,
} from 'vscode';
import { terminalText } from '../../../../core/harmless/terminal.ts';
import { withGuesses } from '../../../../core/stress/scenario/guessedText.ts';
import { abortedBy } from '../../abort.ts';
import { testMessage, writeOutput } from '../../shown/testTexts.ts';
import { fileLabel, toBinaryUri } from '../../uris.ts';
import { type ItemOutcome, type RunMode, worseOf } from '../modes/runMode.ts';
import type { StressServices } from '../services.ts';
import { type ItemReport, totalOf } from '../tests/itemReports.ts';
import { isStale, RunAnswers } from './runAnswers.ts';
import { type Work, workOf } from './work.ts';

/** What a run found, for the command that started it. */
export interface RunSummary extends ItemReport {
  /** Of the worst result; 0 when nothing went wrong. */
  severity: number;
  /** The module of the worst result. */
  module: Uri | undefined;
  /** Why the run ended early, unless the user cancelled it. */
  stopped: string | undefined;
}

/** What came of one scenario. */
interface Done<Result> {
  work: Work;
  result: Result;
  outcome: ItemOutcome;
}

/** What came of the scenarios of one item, or of several items. */
interface Works<Result> {
  outcome: ItemOutcome;
  done: Done<Result>[];
  /** Why scenarios could not be run. */
  failures: string[];
}

/** Reports outcomes to a `TestRun`, which the caller creates and ends, and sums them up in `summary`. */
export class StressRun<Result> {
  private stopped: string | undefined;
  private readonly services: StressServices;
  private readonly mode: RunMode<Result>;
  private readonly run: TestRun;
  private readonly token: CancellationToken;
  private readonly report: (message: string) => void;
  private readonly all: Works<Result>[] = [];
  /** Something is missing that every scenario needs: no further one is run. */
  private hopeless = false;
  /** Of the item that is run. */
  private answers: RunAnswers<Result> | undefined;

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

  get summary(): RunSummary {
    const { mode, all, stopped } = this;
    const done = all.flatMap((one) => one.done);
    const worst = this.worstFirst(done)[0];
    const severity = worst === undefined ? 0 : mode.severityOf(worst.result);
    const badge = done.length === 0 ? undefined : this.badgeOf(done);
    return { ...totalOf(all.map((one) => this.reportOf(one))), badge, severity, module: worst?.work.info.uri, stopped };
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
      const say = (note: string): void => this.say(l10n.t('Note: {0}', note), item);
      work = await workOf(this.services, item, {
        seconds: this.mode.seconds(),
        hammer: this.mode.hammersOnly,
        signal,
        note: say,
      });
    } catch (error) {
      if (signal.aborted) run.skipped(item);
      else run.errored(item, testMessage(error instanceof Error ? error.message : String(error)));
      return;
    } finally {
      dispose();
    }
    this.services.items.begin(item);
    if (work.length === 0) {
      const name = this.services.items.reports.nameOf(item);
      this.say(l10n.t('{0}: no conflicts found, so there is nothing to test', name), item);
      if (item.uri !== undefined) this.services.states.tells(item, toBinaryUri(item.uri));
      run.passed(item);
      return;
    }
    const heads = byHead(work, item);
    const inOrder = [...heads.values()].flatMap((targets) => [...targets.values()].flat());
    const { report, mode } = this;
    this.answers = new RunAnswers({ results: this.services.results, mode, token, report }, inOrder);
    try {
      await this.heads(item, heads);
    } finally {
      this.answers.end();
    }
    // The states of parents follow from those of their children, and their labels have the totals.
  }

  /** Runs the work of an item, by head and target. */
  private async heads(item: TestItem, heads: ReturnType<typeof byHead>): Promise<void> {
    const { run, token } = this;
    for (const [head, targets] of heads) {
      if (head !== item) run.started(head);
      const works: Works<Result>[] = [];
      for (const [target, list] of targets) {
        if (token.isCancellationRequested) {
          run.skipped(item);
          return;
        }
        if (this.hopeless) return;
        works.push(await this.works(target, list));
      }
      if (!targets.has(head)) await this.head(head, works);
    }
  }

  /**
   * An export above several pairs: all of them have their badge at its line, and VS Code shows the first. This one says the
   * worst of all.
   */
  private async head(head: TestItem, works: readonly Works<Result>[]): Promise<void> {
    const { mode } = this;
    const failed = this.worstFirst(works.flatMap(({ done }) => done).filter(({ outcome }) => outcome === 'failed'));
    if (failed.length === 0) return;
    const [{ work, result }] = failed;
    const [message] = await mode.messagesOf({ ...work, item: head }, result, this.badgeOf(failed));
    this.services.states.tells(head, toBinaryUri(work.info.uri));
    this.end(head, 'failed', [message]);
  }

  /** Runs all scenarios of one item in order; its outcome is the worst of theirs. */
  private async works(item: TestItem, list: readonly Work[]): Promise<Works<Result>> {
    this.run.started(item);
    const started = Date.now();
    const works: Works<Result> = { outcome: 'passed', done: [], failures: [] };
    this.all.push(works);
    for (const work of list) {
      const one = await this.work(work, item);
      if ('result' in one) works.done.push(one);
      if (one.outcome === 'errored' && 'message' in one) works.failures.push(one.message);
      works.outcome = worseOf(works.outcome, one.outcome);
      if (one.outcome === 'skipped' || this.hopeless) break;
    }
    // What did not run to its end because the module changed or the user cancelled has nothing to report.
    if (works.outcome !== 'skipped') this.services.items.reports.report(item, this.reportOf(works));
    this.services.states.tells(item, toBinaryUri(list[0].info.uri));
    this.end(item, works.outcome, await this.messagesOf(works), Date.now() - started);
    return works;
  }

  /** Runs one scenario; `skipped` ends the run. */
  private async work(
    work: Work,
    item: TestItem,
  ): Promise<Done<Result> | { outcome: 'skipped' } | { outcome: 'errored'; message: string }> {
    const { mode, services, token } = this;
    if (token.isCancellationRequested) return { outcome: 'skipped' };
    const module = toBinaryUri(work.info.uri);
    const answer = await this.answers?.of(work);
    if (token.isCancellationRequested && answer === undefined) return { outcome: 'skipped' };
    if (answer === undefined || isStale(services.results, work)) {
      this.stopped = l10n.t('{0}: {1} changed during the test; run the test again', work.title, fileLabel(module));
      this.say(this.stopped, item);
      return { outcome: 'skipped' };
    }
    if ('failure' in answer) {
      const { kind, message } = answer.failure;
      if (kind === 'cancelled') return { outcome: 'skipped' };
      if (kind === 'unsupported-host') {
        this.hopeless = true;
        this.stopped = message;
      }
      // Nothing was run, which a look at the tests alone would not tell.
      if (kind === 'imports') this.stopped = `${work.title}: ${message}`;
      this.say(`${work.title}: ${message}`, item);
      return { outcome: 'errored', message };
    }
    const { result } = answer;
    mode.keep(work, result);
    const text = await mode.textOf(work, result);
    services.output.append(terminalText(`${work.title}\n${text}\n`));
    this.say(`${work.title}\n${text}`, item);
    return { work, result, outcome: mode.outcomeOf(result) };
  }

  /**
   * Of the scenarios that did not pass, the worst first. The first line of the first one, its badge, says all. What is
   * inconclusive found nothing: a badge would look like a finding, so it stands in the label and the output.
   */
  private async messagesOf({ done, failures }: Works<Result>): Promise<TestMessage[]> {
    const { mode } = this;
    const messages: TestMessage[] = [];
    const found = this.worstFirst(
      done.filter((one) => one.outcome === 'failed' || (one.outcome === 'errored' && !isPlaced(one))),
    );
    for (const [i, one] of found.entries())
      messages.push(...(await mode.messagesOf(one.work, one.result, this.badgeOf(i === 0 ? found : [one]))));
    return [...messages, ...failures.map((message) => testMessage(message))];
  }

  private worstFirst(done: readonly Done<Result>[]): Done<Result>[] {
    const { mode } = this;
    return done.toSorted((x, y) => mode.severityOf(y.result) - mode.severityOf(x.result));
  }

  private readonly badgeOf = (done: readonly Done<Result>[]): string => {
    const badge = this.mode.badgeOf(done.map(({ result }) => result));
    const guessed = done.flatMap(({ work }) => work.scenario.guessed ?? []);
    // Where some calls had real objects, what these showed counts.
    return done.every(({ work }) => work.scenario.guessed !== undefined) ? withGuesses(badge, { guessed }) : badge;
  };

  private reportOf({ done, failures }: Works<Result>): ItemReport {
    const count = (wanted: ItemOutcome): number => done.filter(({ outcome }) => outcome === wanted).length;
    return {
      scenarios: done.length + failures.length,
      failed: count('failed'),
      errored: count('errored') + failures.length,
      badge: done.length === 0 ? undefined : this.badgeOf(done),
    };
  }

  private say(text: string, item: TestItem): void {
    writeOutput(this.run, text, item);
  }

  private end(item: TestItem, outcome: ItemOutcome, messages: TestMessage[], duration?: number): void {
    if (outcome === 'passed') this.run.passed(item, duration);
    else if (outcome === 'skipped') this.run.skipped(item);
    if (outcome === 'passed' || outcome === 'skipped') return;
    for (const message of messages) {
      if (item.uri !== undefined && item.range !== undefined) message.location ??= new Location(item.uri, item.range);
      this.services.badges.add(message);
    }
    if (outcome === 'errored') this.run.errored(item, messages, duration);
    else this.run.failed(item, messages, duration);
  }
}

const isPlaced = ({ work: { item } }: { work: Work }): boolean => item.range !== undefined;

/** The work by item, below the item at whose line all of these are: an export for its pairs, else the item itself. */
function byHead(work: readonly Work[], item: TestItem): Map<TestItem, Map<TestItem, Work[]>> {
  const heads = new Map<TestItem, Map<TestItem, Work[]>>();
  for (const one of work) {
    const { parent } = one.item;
    const head = one.item !== item && parent?.range !== undefined ? parent : one.item;
    const targets = heads.get(head) ?? new Map<TestItem, Work[]>();
    targets.set(one.item, [...(targets.get(one.item) ?? []), one]);
    heads.set(head, targets);
  }
  return heads;
}
