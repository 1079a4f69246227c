/** Runs jobs in worker threads of Node.js. */
import { Worker } from 'node:worker_threads';
import { translationsInUse } from '../../../core/text/l10n.ts';
import type { AnalysisRunner } from './analysisRunner.ts';
import type { AnalysisWorkerData, JobReply } from './jobs.ts';
import { type LaneOptions, runInLanes, type StartThread } from './lanes.ts';

/** Heap limit of one worker. Binaries are not part of it: they are in shared memory. */
const HEAP_MB = 1024;
const YOUNG_MB = 64;

/** The heap of a worker in MB is for tests, and has a default. */
export interface RunnerOptions extends Omit<LaneOptions, 'start'> {
  /** Entry of the worker: a path or file URL. */
  entry: string | URL;
  heapMb?: number;
}

/** A runner with one worker that is loading already. `dispose` cancels all jobs. */
export function createAnalysisRunner({ entry, heapMb = HEAP_MB, ...options }: RunnerOptions): AnalysisRunner {
  const start: StartThread = (kind, events) => {
    const worker = new Worker(entry, {
      workerData: { kind, translations: translationsInUse() } satisfies AnalysisWorkerData,
      // A large young generation: an analysis allocates many objects that live as long as it does.
      resourceLimits: { maxOldGenerationSizeMb: heapMb, maxYoungGenerationSizeMb: YOUNG_MB },
      // The server's stdout belongs to the protocol, and a worker inherits it unless told otherwise.
      stdout: true,
      stderr: false,
    });
    worker.stdout.on('data', (text: Buffer) => process.stderr.write(text));
    worker.on('message', (reply: JobReply) => events.reply(reply));
    worker.on('error', (error: NodeJS.ErrnoException) => {
      const reason = error.code === 'ERR_WORKER_OUT_OF_MEMORY' ? 'memory' : 'crash';
      events.ended({ reason, message: error.stack ?? error.message });
    });
    worker.on('exit', (code) => {
      events.ended({ reason: 'crash', message: `the analysis thread ended with code ${code}` });
    });
    // Workers must not keep the server alive when its client is gone.
    worker.unref();
    return { post: (message) => worker.postMessage(message), terminate: () => worker.terminate() };
  };
  return runInLanes({ ...options, start });
}
