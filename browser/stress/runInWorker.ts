/** Runs one job in a worker, which is ended with it: time is bounded, progress is passed on, and whatever ends the worker becomes an answer. */
import type { Progress } from '../../core/stress/session/environment.ts';
import { translationsInUse } from '../../core/text/l10n.ts';
import { type LoadAsset, serveAssets } from '../assets.ts';
import { startWorker } from '../startWorker.ts';
import type { EndOfRun, RunMessage, RunStart, RunWork } from './runMessages.ts';

/** What runs of an extension host have in common. */
export interface RunPlace {
  /** Address of the bundle of workers. */
  script: string;
  load: LoadAsset;
}

/** A job. Functions that make an answer may throw: the promise then rejects with that error. */
export interface RunInWorker<Answer> {
  start: RunWork;
  /** Time limit of the job once it has begun, ms, and how long a worker may take to begin. */
  ms: number;
  startMs?: number;
  signal: AbortSignal;
  /** How long the worker may take to answer when the signal is aborted, ms; without it the job ends at once. */
  graceMs?: number;
  onProgress?(progress: Progress): void;
  overdue(): Answer;
  ended(): Answer;
  /** The worker failed or ended by itself. */
  failed(message: string): Answer;
}

/** Resolves with the answer of the worker, or one of the job's. */
export function runInWorker<Answer>({ script, load }: RunPlace, job: RunInWorker<Answer>): Promise<Answer> {
  const { signal } = job;
  return new Promise((resolve, reject) => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const data: RunStart = { ...job.start, translations: translationsInUse() };
    const worker = signal.aborted ? undefined : startWorker(script, { role: 'run', data, assets: serveAssets(load) });
    const finish = (answer: () => Answer): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', end);
      worker?.terminate();
      try {
        resolve(answer());
      } catch (reason) {
        reject(reason);
      }
    };
    const within = (ms: number, answer: () => Answer): void => {
      clearTimeout(timer);
      timer = setTimeout(() => finish(answer), ms);
    };
    const end = (): void => {
      worker?.postMessage('cancelled' satisfies EndOfRun);
      if (job.graceMs === undefined) finish(job.ended);
      else within(job.graceMs, job.ended);
    };
    if (worker === undefined) {
      finish(job.ended);
      return;
    }
    signal.addEventListener('abort', end);
    within(job.ms + (job.startMs ?? 0), job.overdue);
    worker.onmessage = ({ data: message }: MessageEvent<RunMessage<Answer>>) => {
      if ('begun' in message) {
        if (!signal.aborted) within(job.ms, job.overdue);
      } else if ('progress' in message) job.onProgress?.(message.progress);
      else if ('answer' in message) finish(() => message.answer);
      else finish(() => job.failed(message.problem));
    };
    worker.onerror = (event) => finish(() => job.failed(event.message));
    worker.onmessageerror = () => finish(() => job.failed('a message of the worker could not be read'));
  });
}
