/** The answers of a mode about the work of a test run, of which several scenarios may run at a time. */
import { type CancellationToken, l10n } from 'vscode';
import { InOrder } from '../../../../core/jobs/inOrder.ts';
import { abortedBy } from '../../abort.ts';
import { toBinaryUri } from '../../uris.ts';
import type { RunMode } from '../modes/runMode.ts';
import type { StressServices } from '../services.ts';
import type { Work } from './work.ts';

type Answer<Result> = Awaited<ReturnType<RunMode<Result>['run']>>;

/** What answers are about, and who is told how far they are. */
interface About<Result> {
  results: StressServices['results'];
  mode: RunMode<Result>;
  token: CancellationToken;
  report(message: string): void;
}

/** Whether the module of some work has changed since it was read. */
export const isStale = (results: StressServices['results'], { info, changes }: Work): boolean =>
  results.changesOf(toBinaryUri(info.uri)) !== changes;

/** Asks the mode about work in its order, at most as much at a time as the mode allows. */
export class RunAnswers<Result> {
  private readonly about: About<Result>;
  private readonly work: readonly Work[];
  /** Undefined where work runs when it is asked for, one after the other. */
  private readonly ahead: InOrder<Answer<Result>> | undefined;
  private readonly ends = new Set<() => void>();
  /** Executions of each scenario so far. */
  private readonly executions = new Map<Work, number>();
  private done = 0;

  constructor(about: About<Result>, work: readonly Work[]) {
    this.about = about;
    this.work = work;
    const most = about.mode.atOnce();
    if (most === 1 || work.length === 1) return;
    this.ahead = new InOrder(work.length, most, (i) => {
      const one = work[i];
      if (about.token.isCancellationRequested || isStale(about.results, one)) return undefined;
      return this.run(one, (message, executions) => this.sum(one, message, executions));
    });
  }

  /** Undefined where it was not run because the module has changed or the user has cancelled. */
  of(work: Work): Promise<Answer<Result> | undefined> {
    const { ahead, about } = this;
    if (ahead !== undefined) return ahead.answer(this.work.indexOf(work));
    return isStale(about.results, work) ? Promise.resolve(undefined) : this.run(work, about.report);
  }

  /** Ends what still runs: nobody wants the answers. */
  end(): void {
    this.ahead?.end();
    for (const end of this.ends) end();
  }

  /** Aborts when the user cancels or the module changes. */
  private async run(work: Work, report: (message: string, executions?: number) => void): Promise<Answer<Result>> {
    const { results, mode, token } = this.about;
    const { signal, abort, dispose } = abortedBy(token);
    const module = toBinaryUri(work.info.uri).toString();
    const forgotten = results.onDidForget((uri) => uri.toString() === module && abort());
    this.ends.add(abort);
    try {
      return await mode.run(work, { signal, report });
    } finally {
      this.done++;
      this.ends.delete(abort);
      dispose();
      forgotten.dispose();
    }
  }

  /** Tells how far all of the work is. */
  private sum(work: Work, message: string, executions: number | undefined): void {
    const { about, done } = this;
    if (executions === undefined) {
      about.report(message);
      return;
    }
    this.executions.set(work, executions);
    const all = [...this.executions.values()].reduce((sum, one) => sum + one, 0);
    about.report(l10n.t('{0} of {1} scenarios done, {2} executions', done, this.work.length, all));
  }
}
