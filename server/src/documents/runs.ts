/**
 * The analysis runs of one document: one at a time, each superseding the one before. `settled` waits
 * until none is active or due.
 */
import type { RunningJob } from '../threads/analysisRunner.ts';

/** The handle that a run gives its work. */
export interface CurrentRun {
  /** False once the run is superseded: its result must be dropped. */
  isCurrent(): boolean;
  /** Reports a job that starts, so that it can be cancelled. */
  onJob(job: RunningJob): void;
}

/** The schedule of a document: `due` replaces the active run, `follow` lets it end first, `stop` ends everything. */
export class Runs {
  readonly #work: (control: CurrentRun) => Promise<void>;
  /** Set while a run is active or due; runs that supersede each other share it. */
  #pending: { ended: Promise<void>; end(): void } | undefined;
  #timer: NodeJS.Timeout | undefined;
  #job: RunningJob | undefined;
  /** Number of the newest run; older ones are superseded. */
  #newest = 0;
  /** Another run must follow the active one. */
  #again = false;

  /** `work` must not reject. */
  constructor(work: (control: CurrentRun) => Promise<void>) {
    this.#work = work;
  }

  get isPending(): boolean {
    return this.#pending !== undefined;
  }

  /** Cancels the active run and starts another after `delay` milliseconds. Each call restarts the delay. */
  due(delay: number): void {
    this.#cancel();
    this.#pending ??= pending();
    const run = this.#newest;
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      void this.#run(run);
    }, delay);
  }

  /** Requests a run that starts after this call, without cancelling the active one. */
  follow(): void {
    if (this.#pending !== undefined && this.#timer === undefined) this.#again = true;
    else this.due(0);
  }

  /** Resolves when no run is active or due. */
  async settled(): Promise<void> {
    while (this.#pending) await this.#pending.ended;
  }

  /** Ends the active run early, with a partial result. */
  finishEarly(): void {
    this.#job?.finishEarly();
  }

  stop(): void {
    this.#cancel();
    this.#settle();
  }

  #cancel(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#again = false;
    this.#job?.cancel();
    this.#job = undefined;
    this.#newest++;
  }

  async #run(run: number): Promise<void> {
    const isCurrent = (): boolean => this.#newest === run;
    await this.#work({
      isCurrent,
      onJob: (job) => {
        // Superseded before there was a job to cancel.
        if (isCurrent()) this.#job = job;
        else job.cancel();
      },
    });
    if (!isCurrent()) return;
    this.#job = undefined;
    if (this.#again) this.due(0);
    else this.#settle();
  }

  #settle(): void {
    this.#pending?.end();
    this.#pending = undefined;
  }
}

function pending(): { ended: Promise<void>; end(): void } {
  let end!: () => void;
  const ended = new Promise<void>((resolve) => {
    end = resolve;
  });
  return { ended, end };
}
