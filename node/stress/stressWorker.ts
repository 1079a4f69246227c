/** Entry of a worker thread, which does a job, answers, and ends or waits for another one, and of the process of such threads. */
import { isMainThread, parentPort, workerData } from 'node:worker_threads';
import { type AdvisedAnswer, advised } from '../../core/advice/advised.ts';
import { makePlan } from '../../core/jobs/plan.ts';
import { writeWrapper } from '../../core/jobs/wrap.ts';
import { stress } from '../../core/stress/explore/stress.ts';
import type { Progress } from '../../core/stress/session/environment.ts';
import { useTranslations } from '../../core/text/l10n.ts';
import { engineJob, received } from './engineJob.ts';
import { runHammerThread } from './hammerWorker.ts';
import { isRunProcess, serveRuns } from './isolated/serveRuns.ts';
import { loadImports } from './loadImports.ts';
import { type ExploreStart, RunSlot, type WorkerData, type WorkerMessage, type WorkerStart } from './messages.ts';

const PROGRESS_MS = 100;
/** Most bytes that a thread may hold to stay for another job. */
const TIDY = 256 * 2 ** 20;

function say<Answer>(message: WorkerMessage<Progress, Answer>): void {
  parentPort?.postMessage(message);
}

async function explore({ job, importsModule, slots: buffer }: ExploreStart): Promise<AdvisedAnswer> {
  const slots = new Int32Array(buffer);
  // Before imports are loaded: they are code of the scenario, which counts.
  say({ begun: true });
  const loaded = await loadImports(importsModule);
  if ('problem' in loaded) return { failure: { kind: 'imports', message: loaded.problem } };
  let last = Number.NEGATIVE_INFINITY;
  const answer = await stress(engineJob(job, loaded.imports), {
    now: () => performance.now(),
    cancelled: () => Atomics.load(slots, RunSlot.Cancelled) !== 0,
    enough: () => Atomics.load(slots, RunSlot.Enough) !== 0,
    breathe,
    progress(progress) {
      if (performance.now() - last < PROGRESS_MS) return;
      last = performance.now();
      say({ progress });
    },
    world: {
      nanoseconds: () => BigInt(Date.now()) * 1_000_000n,
      random: (bytes) => void crypto.getRandomValues(bytes as Uint8Array<ArrayBuffer>),
    },
    at(func, offset) {
      slots[RunSlot.Func] = func;
      slots[RunSlot.Offset] = offset;
    },
  });
  return advised(answer);
}

/** Memories of guests that are not collected yet count against the next run. */
function isTidy(): boolean {
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external < TIDY;
}

const breathe = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

async function work(start: WorkerStart): Promise<void> {
  switch (start.kind) {
    case 'plan':
      return say({ answer: await makePlan(start, received(start), { now: () => performance.now(), breathe }) });
    case 'wrap':
      return say({ answer: writeWrapper(start, received(start)) });
    case 'explore':
      return say({ answer: await explore(start), tidy: isTidy() });
    case 'hammer':
      return runHammerThread(start);
  }
}

if (isMainThread) {
  if (isRunProcess()) serveRuns();
} else {
  const first = workerData as WorkerData;
  if (first.stays) parentPort?.on('message', begin);
  begin(first);
}

function begin({ translations, ...start }: WorkerData): void {
  useTranslations(translations);
  void work(start as WorkerStart).catch((error: unknown) =>
    say({ problem: error instanceof Error ? error.message : String(error) }),
  );
}
