/**
 * The runs that make the states of one document: one at a time, each superseding the one before.
 * Whoever waits goes on waiting until nothing is under way or due.
 */
import type { RunningJob } from '../threads/analysisRunner.ts';

/** A run, as its work sees it. */
export interface CurrentRun {
  /** False once another run was asked for: the result is not wanted any more, and must not be kept. */
  isCurrent(): boolean;
  /** Called with each job as it starts, so that it can be cancelled. */
  onJob(job: RunningJob): void;
}

export class Runs {
  readonly #work: (control: CurrentRun) => Promise<void>;
  /** Set while a run is under way or due; runs that supersede each other share it. */
  #pending: { ended: Promise<void>; end(): void } | undefined;
  #timer: NodeJS.Timeout | undefined;
  #job: RunningJob | undefined;
  /** Rises with each run: one that is not the newest any more is dropped. */
  #newest = 0;
  /** Another run must follow the one under way. */
  #again = false;

  /** `work` handles its own errors. */
  constructor(work: (control: CurrentRun) => Promise<void>) {
    this.#work = work;
  }

  get isPending(): boolean {
    return this.#pending !== undefined;
  }

  /** Cancels what is under way and runs after `delay` milliseconds, unless another run becomes due before. */
  due(delay: number): void {
    this.#cancel();
    this.#pending ??= pending();
    const run = this.#newest;
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      void this.#run(run);
    }, delay);
  }

  /** A run that begins after now, without taking back the one under way. */
  follow(): void {
    if (this.#pending !== undefined && this.#timer === undefined) this.#again = true;
    else this.due(0);
  }

  /** Resolves when nothing is under way or due. */
  async settled(): Promise<void> {
    while (this.#pending) await this.#pending.ended;
  }

  /** Ends the run under way early; what is known becomes its partial result. */
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
        // Superseded while the file was read: there was no job to cancel yet.
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
