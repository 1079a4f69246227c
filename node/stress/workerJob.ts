/**
 * Runs one job in worker threads and resolves with its answer: memory and time are bounded, progress is passed on, the
 * job can be ended from outside, and a crash of a thread becomes an answer, too.
 */
import { type MessagePort, Worker } from 'node:worker_threads';
import { t, translationsInUse } from '../../core/text/l10n.ts';
import { memoryLimits } from './isolated/memoryLimits.ts';
import { keepThread, threadsKept, waitingThread } from './keptThread.ts';
import type { WorkerData, WorkerMessage, WorkerStart } from './messages.ts';

/** Options of every job. */
export interface WorkerOptions {
  /** Path of the worker's program. */
  workerPath: string | URL;
  /** Aborted to end the job without a result. */
  signal?: AbortSignal;
  /** Most memory of the run, MB, see `memoryLimits`; of a thread only its heap can be bounded. */
  memory?: number;
  /** How long the threads may take to end before the answer is given all the same; `TERMINATE_MS` unless given. */
  terminateMs?: number;
  /** Whether a thread that has answered may wait for another such job: its code is compiled then. See keptThread.ts. */
  keeps?: boolean;
}

/** Longest delay of a timer, ms. */
const MAX_DELAY = 2 ** 31 - 1;
/** How long ending the threads may take, ms: one may be in code that the engine cannot interrupt. */
const TERMINATE_MS = 5_000;

/** A way to end a job from outside. */
interface EndRequest<Answer> {
  signal: AbortSignal | undefined;
  /** Asks the threads to answer, for which they have `ms`; without it the job ends at once. */
  grace?: { ask(): void; ms: number };
  /** The answer when they do not answer. */
  answer(): Answer;
}

/** A function that makes an answer may throw: the promise then rejects with that error. */
export interface WorkerJob<Progress, Answer> {
  workerPath: string | URL;
  memory: number | undefined;
  terminateMs?: number;
  /** Whether the one thread may wait for another job once it has answered: nothing of this job stays in it. */
  keeps?: boolean;
  /** Start data of each thread. The first one answers; the others may end without an answer once `mayEnd` returns true. */
  threads: readonly { start: WorkerStart; ports?: readonly MessagePort[] }[];
  mayEnd?(): boolean;
  onProgress?(progress: Progress): void;
  /** The answer when a thread failed or ended without an answer. */
  failed(error: NodeJS.ErrnoException): Answer;
  /**
   * Time limit of the job, and the answer when it is exceeded. The thread has `startMs` more to say that it has begun, and
   * then `ms`: on a busy machine, loading code can take as long as the job.
   */
  deadline?: { ms: number; startMs?: number; answer(): Answer };
  endRequests?: readonly EndRequest<Answer>[];
  /** Polled every `ms`; an answer ends the job. */
  watch?: { ms: number; look(): Answer | undefined };
}

let running = 0;

/** Threads that were started, have not ended and do not wait for a job: after an answer, those that cannot be ended. */
export const threadsLeft = (): number => running - threadsKept();

/** Resolves once the threads have ended, or cannot be ended. */
export function runJob<Progress, Answer>(job: WorkerJob<Progress, Answer>): Promise<Answer> {
  const endRequests = job.endRequests ?? [];
  return new Promise((resolve, reject) => {
    const before = endRequests.find(({ signal }) => signal?.aborted);
    if (before !== undefined) {
      settle(before.answer, resolve, reject);
      return;
    }
    const workers = job.threads.map(({ start, ports }) => startThread(job, start, ports));
    let answered = false;
    let ending = false;
    let timer: NodeJS.Timeout | undefined;
    /** Each ends what is listened to in a thread. */
    const listening: (() => void)[] = [];
    const finish = (answer: () => Answer, mayStay = false): void => {
      if (answered) return;
      answered = true;
      clearTimeout(timer);
      clearInterval(watching);
      for (const [i, { signal }] of endRequests.entries()) signal?.removeEventListener('abort', onEnd[i]);
      const [first] = workers;
      if (mayStay && job.keeps && !ending && keepThread({ worker: first, ...placeOf(job) })) {
        for (const stop of listening) stop();
        settle(answer, resolve, reject);
        return;
      }
      void ended(workers, job.terminateMs ?? TERMINATE_MS).then(() => settle(answer, resolve, reject));
    };
    const within = (ms: number, answer: () => Answer): void => {
      clearTimeout(timer);
      timer = setTimeout(() => finish(answer), Math.min(ms, MAX_DELAY));
    };
    const onEnd = endRequests.map(({ grace, answer }) => () => {
      if (grace === undefined) {
        finish(answer);
        return;
      }
      grace.ask();
      ending = true;
      within(grace.ms, answer);
    });
    const watching = job.watch && setInterval(() => watch(), job.watch.ms);
    const watch = (): void => {
      const answer = job.watch?.look();
      if (answer !== undefined) finish(() => answer);
    };
    const { deadline } = job;
    if (deadline !== undefined) within(deadline.ms + (deadline.startMs ?? 0), deadline.answer);
    for (const [i, { signal }] of endRequests.entries()) signal?.addEventListener('abort', onEnd[i]);
    for (const [i, worker] of workers.entries()) {
      const onMessage = (message: WorkerMessage<Progress, Answer>): void => {
        if (answered) return;
        if ('begun' in message) {
          if (deadline !== undefined && !ending) within(deadline.ms, deadline.answer);
        } else if ('progress' in message) job.onProgress?.(message.progress);
        else if ('answer' in message) finish(() => message.answer, message.tidy);
        else finish(() => job.failed(new Error(message.problem)));
      };
      const onError = (error: NodeJS.ErrnoException): void => finish(() => job.failed(error));
      const onExit = (code: number): void => {
        if (i > 0 && code === 0 && job.mayEnd?.()) return;
        finish(() => job.failed(new Error(t('the worker ended without an answer (code {0})', code))));
      };
      worker.on('message', onMessage).on('error', onError).on('exit', onExit);
      listening.push(() => worker.off('message', onMessage).off('error', onError).off('exit', onExit));
    }
  });
}

const placeOf = ({ workerPath, memory }: Pick<WorkerJob<unknown, unknown>, 'workerPath' | 'memory'>) => ({
  program: String(workerPath),
  memory,
});

function startThread(
  job: Pick<WorkerJob<unknown, unknown>, 'workerPath' | 'memory' | 'keeps'>,
  start: WorkerStart,
  ports: readonly MessagePort[] = [],
): Worker {
  const { workerPath, memory, keeps = false } = job;
  const workerData: WorkerData = { ...start, translations: translationsInUse(), stays: keeps };
  const waiting = keeps ? waitingThread(placeOf(job)) : undefined;
  if (waiting !== undefined) {
    waiting.postMessage(workerData);
    return waiting;
  }
  const worker = new Worker(workerPath, {
    workerData,
    transferList: [...ports],
    resourceLimits: { maxOldGenerationSizeMb: memoryLimits(memory).heap },
    // What a guest or an import module prints is not this program's output.
    stdout: true,
    stderr: true,
  });
  running++;
  worker.once('exit', () => running--);
  return worker;
}

/** Ends the threads; resolves when they have ended, or after `ms`. */
async function ended(workers: readonly Worker[], ms: number): Promise<void> {
  for (const worker of workers) worker.unref();
  let timer: NodeJS.Timeout | undefined;
  const overdue = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, ms);
  });
  await Promise.race([overdue, Promise.all(workers.map((worker) => worker.terminate()))]);
  clearTimeout(timer);
}

function settle<Answer>(
  answer: () => Answer,
  resolve: (answer: Answer) => void,
  reject: (reason: unknown) => void,
): void {
  try {
    resolve(answer());
  } catch (reason) {
    reject(reason);
  }
}
