/**
 * Runs jobs in worker threads, in order, at most `MAX_WORKERS` at once. A worker that crashes, runs out of
 * memory or does not stop in time is replaced; the remaining jobs are not affected.
 */
import type { AnalysisRunner, JobFailure, JobOutcome, RunningJob } from './analysisRunner.ts';
import {
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
/** How long a job may overrun its time limit, by kind, or its cancellation before its worker is terminated. */
const GRACE_MS = { binary: 10_000, source: 2000, cancel: 300 };
/** An idle worker is terminated after this long, to free its memory. */
const IDLE_MS = 60_000;
/** A worker warms up this long after a job, or after its start: until then an editor loads what the job has made. */
const QUIET_MS = 3000;

/** A thread that does one job at a time. */
export interface AnalysisThread {
  post(message: JobMessage): void;
  /** Ends it in the middle of whatever it does. */
  terminate(): Promise<unknown>;
}

/** What a thread tells. */
export interface ThreadEvents {
  reply(reply: JobReply): void;
  /** It ended by itself. */
  ended(why: Pick<JobFailure, 'reason' | 'message'>): void;
}

/** Starts a thread; `kind` is that of its first job, for which it prepares while it loads. */
export type StartThread = (kind: Job['kind'], events: ThreadEvents) => AnalysisThread;

/** Times are for tests, in ms, and have defaults. */
export interface LaneOptions {
  start: StartThread;
  graceMs?: Partial<typeof GRACE_MS>;
  quietMs?: number;
  /**
   * Whether threads see what is written to memory that they were sent. Browsers have such memory only on pages that are
   * isolated from other origins. It is there by default where the engine has it.
   */
  sharesMemory?: boolean;
  /**
   * A job that a new worker does while there is nothing else to do, so that its code is compiled when the first large
   * module comes; it gives way to any other job.
   */
  warmUp?: () => Promise<BinaryJob>;
}

type Timer = ReturnType<typeof setTimeout>;

/** A timer that does not keep a program alive whose client is gone. In a browser it is a number. */
function later(run: () => void, ms: number): Timer {
  const timer = setTimeout(run, ms);
  (timer as { unref?(): void }).unref?.();
  return timer;
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

/** A thread and its current task. */
interface Lane {
  thread: AnalysisThread;
  task: Task | undefined;
  timer: Timer | undefined;
  /** It has begun to warm up. */
  isWarm?: true;
}

/** A runner with one worker that is loading already. `dispose` cancels all jobs. */
export function runInLanes(options: LaneOptions): AnalysisRunner {
  const grace = { ...GRACE_MS, ...options.graceMs };
  const sharesMemory = options.sharesMemory ?? typeof SharedArrayBuffer !== 'undefined';
  const lanes = new Set<Lane>();
  const queue: Task[] = [];
  let lastId = 0;
  let disposed = false;
  // Without the file there is no warming up; the jobs of users do not need it.
  const warmUp = options.warmUp?.().catch(() => undefined);

  /** `kind` of the first job, for which the worker prepares while it loads. */
  function spawn(kind: Job['kind']): Lane {
    const lane: Lane = {
      thread: options.start(kind, {
        reply: (reply) => receive(lane, reply),
        ended: (why) => drop(lane, { kind: 'failed', ...why }),
      }),
      task: undefined,
      timer: undefined,
    };
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
    lane.timer = later(() => drop(lane, { kind: 'cancelled' }), IDLE_MS);
    // Not at once: the first file comes as soon as the server has started.
    if (!lane.isWarm) void warmUp?.then((job) => job && later(() => warm(lane, job), options.quietMs ?? QUIET_MS));
  }

  /** Terminates a lane's worker and settles its task, if any, with `outcome`. */
  function drop(lane: Lane, outcome: JobOutcome<Result>): void {
    if (!lanes.delete(lane)) return;
    clearTimeout(lane.timer);
    lane.task?.settle(outcome);
    void lane.thread.terminate();
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
    lane.timer = later(
      () => drop(lane, { kind: 'failed', reason: 'time', message: `no result within ${seconds} s` }),
      seconds * 1000 + grace[kind],
    );
    lane.thread.post(task.message);
  }

  function taskOf<J extends Job>(
    job: J,
    onProgress: OnProgress,
    onPart: OnPart,
  ): { task: Task; outcome: Promise<JobOutcome<ResultOf<J>>> } {
    const control = new Int32Array(sharesMemory ? new SharedArrayBuffer(4) : new ArrayBuffer(4));
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
        later(() => {
          if (lane.task === task) drop(lane, { kind: 'cancelled' });
        }, grace.cancel);
      },
      finishEarly() {
        if (sharesMemory) Atomics.store(control, 0, Control.finishEarly);
        else startOver(task);
      },
    };
  }

  /** A thread that cannot be told anything while it works: another one does what takes no time. */
  function startOver(task: Task): void {
    const { lane, message } = task;
    if (task.settled || message.job.seconds === 0) return;
    task.message = { ...message, job: { ...message.job, seconds: 0 } };
    // In the queue it is what is still to be started.
    if (lane === undefined) return;
    lane.task = undefined;
    task.lane = undefined;
    queue.unshift(task);
    drop(lane, { kind: 'cancelled' });
  }

  spawn('binary'); // Starting a thread and loading its code takes time that the first file need not wait for.

  return {
    run,
    async dispose() {
      disposed = true;
      const ending = [...lanes].map((lane) => lane.thread.terminate());
      for (const lane of [...lanes]) drop(lane, { kind: 'cancelled' });
      for (const task of queue.splice(0)) task.settle({ kind: 'cancelled' });
      await Promise.all(ending);
    },
  };
}
