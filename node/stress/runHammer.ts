/** Runs a hammer job in worker threads: bounded, watched, ended cleanly when one of them dies or never comes back. */
import { availableParallelism } from 'node:os';
import { MessageChannel, Worker } from 'node:worker_threads';
import { Command, callSlot, controlBuffer, Phase, Slot } from '../../core/stress/hammer/control.ts';
import type { HammerAnswer } from '../../core/stress/hammer/hammer.ts';
import type { HammerHang, HammerResult } from '../../core/stress/hammer/hammerResult.ts';
import { crewFor } from '../../core/stress/hammer/threadStart.ts';
import type { StressJob } from '../../core/stress/session/job.ts';
import { cancelled, crashed } from './failures.ts';
import { DEFAULT_MEMORY, type HammerMessage, type HammerWorkerStart } from './messages.ts';
import type { WorkerOptions } from './workerOptions.ts';

export interface HammerOptions extends WorkerOptions {
  /** What is known by now, a few times a second. */
  onProgress?(result: HammerResult): void;
  /** Threads that may run at once; as many as there are cores unless given. */
  cores?: number;
}

/** How often it is looked whether the threads go on, and how long a run may go on beyond its budget. */
const LOOK_MS = 100;
const GRACE_MS = 20_000;
/** What ending with what is known, and ending at all, may take. */
const CONCLUDE_MS = 5_000;

/** Never rejects. */
export function runHammer(job: Omit<StressJob, 'imports'>, options: HammerOptions): Promise<HammerAnswer> {
  if (options.signal?.aborted || options.enough?.aborted) return Promise.resolve({ failure: cancelled(job.name) });
  return new Promise((resolve) => new Run(job, options, resolve));
}

/** One run, from its first thread to its answer. */
class Run {
  private readonly job: Omit<StressJob, 'imports'>;
  private readonly options: HammerOptions;
  private readonly resolve: (answer: HammerAnswer) => void;
  private readonly control: Int32Array;
  private readonly workers: Worker[];
  private readonly timer: NodeJS.Timeout;
  private readonly started = performance.now();
  private partial: HammerResult | undefined;
  /** Hangs of rounds say something of the module. */
  private judged = false;
  private generation = 0;
  /** Looks since the threads were last seen to go on: a clock goes on while the machine sleeps. */
  private still = 0;
  private ending = Number.POSITIVE_INFINITY;
  private answered = false;

  constructor(job: Omit<StressJob, 'imports'>, options: HammerOptions, resolve: (answer: HammerAnswer) => void) {
    this.job = job;
    this.options = options;
    this.resolve = resolve;
    const callers = job.scenario.callers.length;
    const cores = options.cores ?? availableParallelism();
    const buffer = controlBuffer(callers);
    this.control = new Int32Array(buffer);
    const channels = Array.from({ length: crewFor(callers, cores) - 1 }, () => new MessageChannel());
    const common = { control: buffer, importsModule: options.importsModule };
    const first = this.worker(
      { ...common, hammer: 'first', job, cores, ports: channels.map(({ port1 }) => port1) },
      channels.map(({ port1 }) => port1),
    );
    const others = channels.map(({ port2 }, i) =>
      this.worker({ ...common, hammer: 'other', index: i + 1, port: port2 }, [port2]),
    );
    this.workers = [first, ...others];
    for (const worker of this.workers) {
      worker.on('message', (message: HammerMessage) => this.hear(message));
      worker.on('error', (error: NodeJS.ErrnoException) => this.finish({ failure: crashed(job.name, error) }));
      worker.on('exit', (code) => {
        // Threads that follow end well, before the first one has told what came of it, once they are told to.
        if (worker === first || code !== 0 || !this.toldToEnd())
          this.finish({ failure: crashed(job.name, new Error(`a thread ended with code ${code}`)) });
      });
    }
    this.timer = setInterval(() => this.look(), LOOK_MS);
    options.signal?.addEventListener('abort', this.cancel);
    options.enough?.addEventListener('abort', this.conclude);
  }

  private worker(start: HammerWorkerStart, ports: MessageChannel['port1'][]): Worker {
    return new Worker(this.options.workerPath, {
      workerData: start,
      transferList: ports,
      resourceLimits: { maxOldGenerationSizeMb: this.options.memory ?? DEFAULT_MEMORY },
      // What a guest or an import module prints is not this program's output.
      stdout: true,
      stderr: true,
    });
  }

  private toldToEnd(): boolean {
    return Atomics.load(this.control, Slot.Generation) > 0 && Atomics.load(this.control, Slot.Command) === Command.End;
  }

  private hear(message: HammerMessage): void {
    if (this.answered) return;
    if ('answer' in message) this.finish(message.answer);
    else if ('problem' in message) this.finish({ failure: { kind: 'imports', message: message.problem } });
    else {
      this.partial = message.progress;
      this.judged = message.judged;
      this.options.onProgress?.(message.progress);
    }
  }

  private readonly cancel = (): void => {
    Atomics.store(this.control, Slot.Cancelled, 1);
    this.ending = performance.now() + LOOK_MS * 10;
  };

  private readonly conclude = (): void => {
    Atomics.store(this.control, Slot.Enough, 1);
    this.ending = performance.now() + CONCLUDE_MS;
  };

  /** Whether the threads still go on. */
  private look(): void {
    const now = performance.now();
    const generation = Atomics.load(this.control, Slot.Generation);
    this.still = generation === this.generation ? this.still + 1 : 0;
    this.generation = generation;
    if (this.options.signal?.aborted) {
      if (now > this.ending) this.finish({ failure: cancelled(this.job.name) });
      return;
    }
    const limit = Atomics.load(this.control, Slot.Limit);
    const budget = this.job.scenario.budget.seconds * 1000 + GRACE_MS;
    if (generation > 0 && limit > 0 && this.still * LOOK_MS > limit) this.finish(this.stuck());
    else if (now > this.ending || now - this.started > Math.max(budget, limit)) this.finish(this.late());
  }

  /** Calls did not return for so long that they never will: a finding in rounds that are judged. */
  private stuck(): HammerAnswer {
    const { partial, control, job } = this;
    if (partial === undefined || this.phase() !== Phase.Rounds) return this.late();
    const callers = job.scenario.callers.flatMap((_, caller) => {
      const call = Atomics.load(control, callSlot(caller)) - 1;
      return call < 0 ? [] : [{ caller, call }];
    });
    // Callers of one thread cannot wait for each other; that says nothing of the module.
    if (callers.length > 0 && job.scenario.callers.length > partial.threads)
      return notJudged(
        partial,
        'A round did not end, perhaps because callers that take turns on one thread wait for each other.',
      );
    if (!this.judged)
      return notJudged(partial, 'A round did not end, perhaps because of what threads do not have in common.');
    const hang: HammerHang = { callers, alone: partial.serialComplete && partial.serial === 0 };
    return { result: { ...partial, verdict: 'hang', hang } };
  }

  /** The run was to end, and something in it goes on. */
  private late(): HammerAnswer {
    const { partial, job } = this;
    const phase = this.phase();
    if (partial === undefined || phase === Phase.Alone)
      return {
        failure: { kind: 'killed', message: `${job.name}: the run did not end within its time and was killed` },
      };
    const note =
      phase === Phase.Costs
        ? 'Calls did not return while costs were measured: there are none to show.'
        : 'The last round had not ended when the time was over.';
    return { result: { ...partial, costs: null, notes: [...partial.notes, note] } };
  }

  private phase(): number {
    return Atomics.load(this.control, Slot.Phase);
  }

  private finish(answer: HammerAnswer): void {
    if (this.answered) return;
    this.answered = true;
    clearInterval(this.timer);
    this.options.signal?.removeEventListener('abort', this.cancel);
    this.options.enough?.removeEventListener('abort', this.conclude);
    for (const worker of this.workers) worker.unref();
    // Without an end where a thread is in code that the engine cannot interrupt.
    const ended = Promise.all(this.workers.map((worker) => worker.terminate()));
    const late = setTimeout(() => this.resolve(answer), CONCLUDE_MS);
    void ended.then(() => {
      clearTimeout(late);
      this.resolve(answer);
    });
  }
}

/** Wrong outcomes that rounds have shown stay. */
const notJudged = (partial: HammerResult, note: string): HammerAnswer => ({
  result: {
    ...partial,
    verdict: partial.verdict === 'wrong-outcome' ? 'wrong-outcome' : 'not-judged',
    notes: [...partial.notes, note],
  },
});
