/** Runs a job in a worker thread: bounded memory, progress, cancelled at once, killed when it does not answer. */
import { Worker } from 'node:worker_threads';
import type { AdvisedAnswer } from '../../core/advice/advised.ts';
import type { Progress } from '../../core/stress/session/environment.ts';
import type { StressFailure } from '../../core/stress/session/failure.ts';
import type { StressJob } from '../../core/stress/session/job.ts';
import { cancelled, crashed } from './failures.ts';
import { DEFAULT_MEMORY, MAX_DELAY, Shared, type WorkerMessage, type WorkerStart } from './messages.ts';
import type { WorkerOptions } from './workerOptions.ts';

export interface RunOptions extends WorkerOptions {
  onProgress?(progress: Progress): void;
}

/** How long a run may go on beyond its budget, and a cancelled one at all. */
const GRACE_MS = 20_000;
const CANCEL_MS = 1_000;
/** What a run that shall say what it knows may take for that. */
const CONCLUDE_MS = 5_000;

/** Never rejects. */
export function runStress(job: Omit<StressJob, 'imports'>, options: RunOptions): Promise<AdvisedAnswer> {
  const shared = new SharedArrayBuffer(Shared.Slots * 4);
  const slots = new Int32Array(shared).fill(-1);
  slots[Shared.Cancelled] = 0;
  slots[Shared.Enough] = 0;
  const { signal, enough, onProgress } = options;
  if (signal?.aborted || enough?.aborted) return Promise.resolve({ failure: cancelled(job.name) });
  const worker = new Worker(options.workerPath, {
    workerData: { job, importsModule: options.importsModule, shared } satisfies WorkerStart,
    resourceLimits: { maxOldGenerationSizeMb: options.memory ?? DEFAULT_MEMORY },
    // What a guest or an import module prints is not this program's output.
    stdout: true,
    stderr: true,
  });
  return new Promise((resolve) => {
    let answered = false;
    let timer: NodeJS.Timeout | undefined;
    const finish = (answer: AdvisedAnswer): void => {
      if (answered) return;
      answered = true;
      clearTimeout(timer);
      signal?.removeEventListener('abort', cancel);
      enough?.removeEventListener('abort', conclude);
      void worker.terminate();
      resolve(answer);
    };
    const kill = (failure: StressFailure): void => finish({ failure: { ...failure, ...lastSeen(slots) } });
    const cancel = (): void => {
      Atomics.store(slots, Shared.Cancelled, 1);
      clearTimeout(timer);
      timer = setTimeout(() => kill(cancelled(job.name)), CANCEL_MS);
    };
    const conclude = (): void => {
      Atomics.store(slots, Shared.Enough, 1);
      clearTimeout(timer);
      timer = setTimeout(() => kill(cancelled(job.name)), CONCLUDE_MS);
    };
    const budget = job.scenario.budget.seconds * 1000 + GRACE_MS;
    timer = setTimeout(() => kill(overdue(job.name, slots)), Math.min(budget, MAX_DELAY));
    signal?.addEventListener('abort', cancel);
    enough?.addEventListener('abort', conclude);
    worker.on('message', (message: WorkerMessage) => {
      if ('answer' in message) finish(message.answer);
      else if ('progress' in message) onProgress?.(message.progress);
    });
    worker.on('error', (error: Error) => finish({ failure: crashed(job.name, error) }));
    worker.on('exit', (code) =>
      finish({ failure: crashed(job.name, new Error(`the worker ended with code ${code}`)) }),
    );
  });
}

function lastSeen(slots: Int32Array): Pick<StressFailure, 'offset'> {
  return slots[Shared.Offset] >= 0 ? { offset: slots[Shared.Offset] } : {};
}

function overdue(name: string, slots: Int32Array): StressFailure {
  const where =
    slots[Shared.Offset] >= 0
      ? `, last seen at 0x${slots[Shared.Offset].toString(16)} of function ${slots[Shared.Func]}`
      : '';
  return { kind: 'killed', message: `${name}: the run did not end within its time and was killed${where}` };
}
