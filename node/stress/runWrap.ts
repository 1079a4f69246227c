/** Writes a wrapper in a worker thread: the analysis of a large module takes a while, and may be given up. */
import { Worker } from 'node:worker_threads';
import type { Wrapper } from '../../core/wrap/wrapper.ts';
import type { WorkerMessage, WrapStart } from './messages.ts';

/** What the analysis of any module takes, with room. */
const MAX_MS = 60_000;
/** Of the worker's heap, MB. */
const MEMORY = 2048;

/** Undefined when `signal` was aborted. Rejects when the worker fails or takes too long. */
export function runWrap(
  start: WrapStart,
  workerPath: string | URL,
  signal?: AbortSignal,
): Promise<Wrapper | { refusal: string } | undefined> {
  if (signal?.aborted) return Promise.resolve(undefined);
  return new Promise((resolve, reject) => {
    const worker = new Worker(workerPath, {
      workerData: start,
      resourceLimits: { maxOldGenerationSizeMb: MEMORY },
    });
    const end = (settle: () => void): void => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', cancel);
      void worker.terminate();
      settle();
    };
    const cancel = (): void => end(() => resolve(undefined));
    const fail = (reason: string): void => end(() => reject(new Error(reason)));
    const timer = setTimeout(() => fail(`it took longer than ${MAX_MS / 1000} s`), MAX_MS);
    signal?.addEventListener('abort', cancel);
    worker.on('message', (message: WorkerMessage) => {
      if ('wrapped' in message) end(() => resolve(message.wrapped));
      else fail('problem' in message ? message.problem : 'the worker did not understand');
    });
    worker.on('error', (error: Error) => fail(error.message));
    worker.on('exit', () => fail('the worker ended without an answer'));
  });
}
