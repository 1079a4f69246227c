/**
 * Runs jobs in worker threads, in order, at most `MAX_WORKERS` at once. A worker that crashes, runs out of
 * memory or does not stop in time is replaced; the remaining jobs are not affected.
 */
import { Worker } from 'node:worker_threads';
import { translationsInUse } from '../../../core/text/l10n.ts';
import type { AnalysisRunner, FailureReason, JobOutcome, RunningJob } from './analysisRunner.ts';
import {
  type AnalysisWorkerData,
  type BinaryJob,
  Control,
  type Job,
  type JobMessage,
  type JobReply,
  LARGE_BYTES,
  type OnPart,
  type OnProgress,
  type ResultOf,
} from './jobs.ts';

/** Three: two slow modules must not keep a text that is being edited waiting. */
const MAX_WORKERS = 3;
/** Heap limit of one worker. Binaries are not part of it: they are in shared memory. */
const HEAP_MB = 1024;
const YOUNG_MB = 64;
/** How long a job may overrun its time limit, by kind, or its cancellation before its worker is terminated. */
const GRACE_MS = { binary: 10_000, source: 2000, cancel: 300 };
/** An idle worker is terminated after this long, to free its memory. */
const IDLE_MS = 60_000;
/** A worker warms up this long after a job, or after its start: until then an editor loads what the job has made. */
const QUIET_MS = 3000;

/** Limits are for tests: the heap of a worker in MB and times in ms, which have defaults. */
export interface RunnerOptions {
  /** Entry of the worker: a path or file URL. */
  entry: string | URL;
  heapMb?: number;
  graceMs?: Partial<typeof GRACE_MS>;
  quietMs?: number;
  /**
   * A job that a new worker does while there is nothing else to do, so that its code is compiled when the first large
   * module comes; it gives way to any other job.
   */
  warmUp?: () => Promise<BinaryJob>;
}

type Result = ResultOf<Job>;

interface Task {
  message: JobMessage;
  onProgress: OnProgress;
  onPart: OnPart;
  settle(outcome: JobOutcome<Result>): void;
  settled: boolean;
  lane: Lane | undefined;
  isWarmUp?: true;
}

/** The heap of a worker that did such a job has grown, and would not shrink. */
const isLarge = (job: Job): boolean => (job.kind === 'binary' ? job.bytes.length : job.text.length) >= LARGE_BYTES;

const ignored = (): void => undefined;

/** A worker and its current task. */
interface Lane {
  worker: Worker;
  task: Task | undefined;
  timer: NodeJS.Timeout | undefined;
  /** It has begun to warm up. */
  isWarm?: true;
}

/** A runner with one worker that is loading already. `dispose` cancels all jobs. */
export function createAnalysisRunner(options: RunnerOptions): AnalysisRunner {
  const grace = { ...GRACE_MS, ...options.graceMs };
  const lanes = new Set<Lane>();
  const queue: Task[] = [];
  let lastId = 0;
  let disposed = false;
  // Without the file there is no warming up; the jobs of users do not need it.
  const warmUp = options.warmUp?.().catch(() => undefined);

  /** `kind` of the first job, for which the worker prepares while it loads. */
  function spawn(kind: Job['kind']): Lane {
    const worker = new Worker(options.entry, {
      workerData: { kind, translations: translationsInUse() } satisfies AnalysisWorkerData,
      // A large young generation: an analysis allocates many objects that live as long as it does.
      resourceLimits: { maxOldGenerationSizeMb: options.heapMb ?? HEAP_MB, maxYoungGenerationSizeMb: YOUNG_MB },
      // The server's stdout belongs to the protocol, and a worker inherits it unless told otherwise.
      stdout: true,
      stderr: false,
    });
    const lane: Lane = { worker, task: undefined, timer: undefined };
    worker.stdout.on('data', (text: Buffer) => process.stderr.write(text));
    worker.on('message', (reply: JobReply) => receive(lane, reply));
    worker.on('error', (error: NodeJS.ErrnoException) => {
      const reason: FailureReason = error.code === 'ERR_WORKER_OUT_OF_MEMORY' ? 'memory' : 'crash';
      drop(lane, { kind: 'failed', reason, message: error.stack ?? error.message });
    });
    worker.on('exit', (code) => {
      drop(lane, { kind: 'failed', reason: 'crash', message: `the analysis thread ended with code ${code}` });
    });
    // Workers must not keep the server alive when its client is gone.
    worker.unref();
    lanes.add(lane);
    rest(lane);
    return lane;
  }

  /** Lets an idle lane warm up, once. */
  function warm(lane: Lane, job: BinaryJob): void {
    if (disposed || lane.isWarm || !lanes.has(lane) || lane.task !== undefined) return;
    lane.isWarm = true;
    const { task } = taskOf(job, ignored, ignored);
    start(lane, { ...task, isWarmUp: true });
  }

  function receive(lane: Lane, reply: JobReply): void {
    const { task } = lane;
    if (!task || task.message.id !== reply.id) return;
    if (reply.kind === 'progress') {
      if (!task.settled) task.onProgress(reply.message, reply.percentage);
      return;
    }
    if (reply.kind === 'part') {
      if (!task.settled) task.onPart(reply.part);
      return;
    }
    if (reply.kind === 'done') task.settle({ kind: 'done', result: reply.result });
    else if (reply.kind === 'abandoned') task.settle({ kind: 'cancelled' });
    else task.settle({ kind: 'failed', reason: 'crash', message: reply.message });
    if (isLarge(task.message.job) && !task.isWarmUp) {
      drop(lane, { kind: 'cancelled' });
      // So that the next job finds its code loaded.
      if (lanes.size === 0 && !disposed) spawn(task.message.job.kind);
      return;
    }
    rest(lane);
    next();
  }

  /** Marks a lane idle; it ends unless it gets a task soon. */
  function rest(lane: Lane): void {
    clearTimeout(lane.timer);
    lane.task = undefined;
    lane.timer = setTimeout(() => drop(lane, { kind: 'cancelled' }), IDLE_MS).unref();
    // Not at once: the first file comes as soon as the server has started.
    if (!lane.isWarm)
      void warmUp?.then((job) => job && setTimeout(() => warm(lane, job), options.quietMs ?? QUIET_MS).unref());
  }

  /** Terminates a lane's worker and settles its task, if any, with `outcome`. */
  function drop(lane: Lane, outcome: JobOutcome<Result>): void {
    if (!lanes.delete(lane)) return;
    clearTimeout(lane.timer);
    lane.task?.settle(outcome);
    void lane.worker.terminate();
    next();
  }

  function next(): void {
    while (queue.length > 0 && !disposed) {
      const { kind } = queue[0].message.job;
      const free = [...lanes].find((one) => one.task === undefined);
      if (!free) endWarmUp();
      const lane = free ?? (lanes.size < MAX_WORKERS ? spawn(kind) : undefined);
      if (!lane) return;
      const task = queue.shift() as Task;
      if (!task.settled) start(lane, task);
    }
  }

  /** A lane that warms up ends that soon, and then takes a job, unless a new lane is ready before. */
  function endWarmUp(): void {
    for (const { task } of lanes) if (task?.isWarmUp) Atomics.store(task.message.control, 0, Control.abandon);
  }

  function start(lane: Lane, task: Task): void {
    const { seconds, kind } = task.message.job;
    clearTimeout(lane.timer);
    lane.task = task;
    task.lane = lane;
    lane.timer = setTimeout(
      () => drop(lane, { kind: 'failed', reason: 'time', message: `no result within ${seconds} s` }),
      seconds * 1000 + grace[kind],
    ).unref();
    lane.worker.postMessage(task.message);
  }

  function taskOf<J extends Job>(
    job: J,
    onProgress: OnProgress,
    onPart: OnPart,
  ): { task: Task; outcome: Promise<JobOutcome<ResultOf<J>>> } {
    const control = new Int32Array(new SharedArrayBuffer(4));
    let resolve!: (outcome: JobOutcome<ResultOf<J>>) => void;
    const outcome = new Promise<JobOutcome<ResultOf<J>>>((done) => {
      resolve = done;
    });
    const task: Task = {
      message: { id: ++lastId, job, control },
      onProgress,
      onPart,
      settled: false,
      lane: undefined,
      settle(given) {
        task.settled = true;
        // A worker replies with the result of the job's kind.
        resolve(given as JobOutcome<ResultOf<J>>);
      },
    };
    return { task, outcome };
  }

  function run<J extends Job>(job: J, onProgress: OnProgress, onPart: OnPart = ignored): RunningJob<ResultOf<J>> {
    const { task, outcome } = taskOf(job, onProgress, onPart);
    const { control } = task.message;
    queue.push(task);
    next();
    return {
      outcome,
      cancel() {
        if (task.settled) return;
        Atomics.store(control, 0, Control.abandon);
        task.settle({ kind: 'cancelled' });
        const { lane } = task;
        if (!lane) {
          queue.splice(queue.indexOf(task), 1);
          return;
        }
        setTimeout(() => {
          if (lane.task === task) drop(lane, { kind: 'cancelled' });
        }, grace.cancel).unref();
      },
      finishEarly: () => Atomics.store(control, 0, Control.finishEarly),
    };
  }

  spawn('binary'); // Starting a thread and loading its code takes time that the first file need not wait for.

  return {
    run,
    async dispose() {
      disposed = true;
      const ending = [...lanes].map((lane) => lane.worker.terminate());
      for (const lane of [...lanes]) drop(lane, { kind: 'cancelled' });
      for (const task of queue.splice(0)) task.settle({ kind: 'cancelled' });
      await Promise.all(ending);
    },
  };
}
