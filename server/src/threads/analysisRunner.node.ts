/**
 * Runs jobs in worker threads, at most `MAX_WORKERS` at once, the rest in the order they came. A
 * worker that dies, runs out of memory or does not stop in time is replaced; the jobs behind it go on.
 */
import { Worker } from 'node:worker_threads';
import {
  type AnalysisJob,
  type AnalysisResult,
  Control,
  type FullResult,
  type Reply,
  type Request,
} from './analysisJob.ts';
import type { FailureReason, Outcome, Runner, RunningJob, TimedJob } from './analysisRunner.ts';

/** Two: a module that takes its whole budget must not keep the next one waiting. */
const MAX_WORKERS = 2;
/** Heap of one worker. The bytes themselves lie outside, in shared memory. */
const HEAP_MB = 1024;
const YOUNG_MB = 64;
/** After its budget or a cancellation, a job may take this long to notice before its worker is ended. */
const GRACE_MS = { budget: 10_000, cancel: 300 };
/** A worker without work gives its memory back after this long. */
const IDLE_MS = 60_000;

export interface RunnerOptions {
  /** Entry of the worker: a path or file URL. */
  entry: string | URL;
  heapMb?: number;
  graceMs?: Partial<typeof GRACE_MS>;
}

type Progress = (message: string, percentage: number | undefined) => void;

interface Task<J, R> {
  request: Request<J>;
  onProgress: Progress;
  settle(outcome: Outcome<R>): void;
  settled: boolean;
  lane: Lane<J, R> | undefined;
}

/** A worker and what it is doing. */
interface Lane<J, R> {
  worker: Worker;
  task: Task<J, R> | undefined;
  timer: NodeJS.Timeout | undefined;
}

/** By default for the jobs of binaries; the worker at `entry` decides what it understands. */
export function createAnalysisRunner<J extends TimedJob = AnalysisJob, R = AnalysisResult | FullResult>(
  options: RunnerOptions,
): Runner<J, R> {
  type Work = Task<J, R>;
  type Place = Lane<J, R>;
  const grace = { ...GRACE_MS, ...options.graceMs };
  const lanes = new Set<Place>();
  const queue: Work[] = [];
  let lastId = 0;
  let disposed = false;

  function spawn(): Place {
    const worker = new Worker(options.entry, {
      // A large young generation: an analysis makes many objects that live as long as it does.
      resourceLimits: { maxOldGenerationSizeMb: options.heapMb ?? HEAP_MB, maxYoungGenerationSizeMb: YOUNG_MB },
      // The server's stdout belongs to the protocol, and a worker inherits it unless told otherwise.
      stdout: true,
      stderr: false,
    });
    const lane: Place = { worker, task: undefined, timer: undefined };
    worker.stdout.on('data', (text: Buffer) => process.stderr.write(text));
    worker.on('message', (reply: Reply<R>) => receive(lane, reply));
    worker.on('error', (error: NodeJS.ErrnoException) => {
      const reason: FailureReason = error.code === 'ERR_WORKER_OUT_OF_MEMORY' ? 'memory' : 'crash';
      drop(lane, { kind: 'failed', reason, message: error.stack ?? error.message });
    });
    worker.on('exit', (code) => {
      drop(lane, { kind: 'failed', reason: 'crash', message: `the analysis thread ended with code ${code}` });
    });
    // The server ends when its client goes, not when its workers do.
    worker.unref();
    lanes.add(lane);
    rest(lane);
    return lane;
  }

  function receive(lane: Place, reply: Reply<R>): void {
    const { task } = lane;
    if (!task || task.request.id !== reply.id) return;
    if (reply.kind === 'progress') {
      if (!task.settled) task.onProgress(reply.message, reply.percentage);
      return;
    }
    if (reply.kind === 'done') task.settle({ kind: 'done', result: reply.result });
    else if (reply.kind === 'abandoned') task.settle({ kind: 'cancelled' });
    else task.settle({ kind: 'failed', reason: 'crash', message: reply.message });
    rest(lane);
    next();
  }

  /** The lane has no task; it ends unless one comes soon. */
  function rest(lane: Place): void {
    clearTimeout(lane.timer);
    lane.task = undefined;
    lane.timer = setTimeout(() => drop(lane, { kind: 'cancelled' }), IDLE_MS).unref();
  }

  /** Ends a lane's worker; its task, if any, has this outcome. */
  function drop(lane: Place, outcome: Outcome<R>): void {
    if (!lanes.delete(lane)) return;
    clearTimeout(lane.timer);
    lane.task?.settle(outcome);
    void lane.worker.terminate();
    next();
  }

  function next(): void {
    while (queue.length > 0 && !disposed) {
      const lane = [...lanes].find((one) => one.task === undefined) ?? (lanes.size < MAX_WORKERS ? spawn() : undefined);
      if (!lane) return;
      const task = queue.shift() as Work;
      if (!task.settled) start(lane, task);
    }
  }

  function start(lane: Place, task: Work): void {
    const { seconds } = task.request.job;
    clearTimeout(lane.timer);
    lane.task = task;
    task.lane = lane;
    lane.timer = setTimeout(
      () => drop(lane, { kind: 'failed', reason: 'time', message: `no result within ${seconds} s` }),
      seconds * 1000 + grace.budget,
    ).unref();
    lane.worker.postMessage(task.request);
  }

  function run(job: J, onProgress: Progress): RunningJob<R> {
    const control = new Int32Array(new SharedArrayBuffer(4));
    let resolve!: (outcome: Outcome<R>) => void;
    const outcome = new Promise<Outcome<R>>((done) => {
      resolve = done;
    });
    const task: Work = {
      request: { id: ++lastId, job, control },
      onProgress,
      settled: false,
      lane: undefined,
      settle(result) {
        task.settled = true;
        resolve(result);
      },
    };
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

  spawn(); // Starting a thread and loading its code takes time that the first file need not wait for.

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
