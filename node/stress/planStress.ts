/** Makes a plan in a worker thread: bounded time and memory, cancelled at once. */
import { Worker } from 'node:worker_threads';
import { DEFAULT_MEMORY, MAX_DELAY, type NamedPlan, type PlanStart, type WorkerMessage } from './messages.ts';

export interface PlanLimits {
  /** Path of the worker's program. */
  workerPath: string | URL;
  /** A plan needs the analysis of the module: the seconds that one may take. */
  seconds: number;
  /** Most memory of the worker's heap, MB. */
  memory?: number;
  /** Aborted to give up. */
  signal?: AbortSignal;
}

/**
 * Scenarios for a module: the analysis of a large one takes a while. Rejects with what the user should read, and with
 * the signal's reason when it is aborted.
 */
export function planStress(start: PlanStart, limits: PlanLimits): Promise<NamedPlan> {
  const { signal, seconds } = limits;
  if (signal?.aborted) return Promise.reject(signal.reason);
  const worker = new Worker(limits.workerPath, {
    workerData: start,
    resourceLimits: { maxOldGenerationSizeMb: limits.memory ?? DEFAULT_MEMORY },
    stdout: true,
    stderr: true,
  });
  return new Promise((resolve, reject) => {
    const end = (settle: () => void): void => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', cancel);
      void worker.terminate();
      settle();
    };
    const cancel = (): void => end(() => reject(signal?.reason));
    const overdue = `planning took longer than ${seconds} s and was ended; raise wasmHazards.analysis.seconds to give it more, or write a scenario file`;
    const timer = setTimeout(() => end(() => reject(new Error(overdue))), Math.min(seconds * 1000, MAX_DELAY));
    signal?.addEventListener('abort', cancel);
    worker.on('message', (message: WorkerMessage) => {
      end(() => {
        if ('plan' in message) resolve(message.plan);
        else reject(new Error('problem' in message ? message.problem : 'the worker did not understand'));
      });
    });
    worker.on('error', (error: NodeJS.ErrnoException) => end(() => reject(crashed(error))));
    worker.on('exit', () => end(() => reject(new Error('the worker ended without a plan'))));
  });
}

function crashed(error: NodeJS.ErrnoException): Error {
  if (error.code !== 'ERR_WORKER_OUT_OF_MEMORY') return error;
  return new Error(
    'planning needed more memory than it may have and was ended; raise wasmHazards.stress.memory, or write a scenario file',
  );
}
