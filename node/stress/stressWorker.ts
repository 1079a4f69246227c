/** Entry of the worker thread: one job of the engine, one plan or one wrapper, then it ends. */
import { parentPort, workerData } from 'node:worker_threads';
import { type AdvisedAnswer, advised } from '../../core/advice/advised.ts';
import { analyse } from '../../core/analysis/analyse.ts';
import { runEvidence } from '../../core/report/runEvidence.ts';
import { stress } from '../../core/stress/explore/stress.ts';
import { planOf } from '../../core/stress/scenario/plan.ts';
import { decodeModule } from '../../core/wasm/decode.ts';
import { evidenceOf } from '../../core/wrap/evidence.ts';
import { generateWrapper } from '../../core/wrap/wrapper.ts';
import { runHammerThread } from './hammerWorker.ts';
import { loadImports } from './loadImports.ts';
import {
  type HammerWorkerStart,
  type NamedPlan,
  type PlanStart,
  Shared,
  type WorkerMessage,
  type WorkerStart,
  type WrapStart,
} from './messages.ts';

const PROGRESS_MS = 100;

let last = Number.NEGATIVE_INFINITY;

function say(message: WorkerMessage): void {
  parentPort?.postMessage(message);
}

async function run({ job, importsModule, shared }: WorkerStart): Promise<AdvisedAnswer> {
  const slots = new Int32Array(shared);
  const loaded = await loadImports(importsModule);
  if ('problem' in loaded) return { failure: { kind: 'imports', message: loaded.problem } };
  const answer = await stress(
    { ...job, imports: loaded.imports },
    {
      now: () => performance.now(),
      cancelled: () => Atomics.load(slots, Shared.Cancelled) !== 0,
      enough: () => Atomics.load(slots, Shared.Enough) !== 0,
      breathe: () => new Promise((resolve) => setImmediate(resolve)),
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
        slots[Shared.Func] = func;
        slots[Shared.Offset] = offset;
      },
    },
  );
  return advised(answer);
}

function plan({ bytes, options }: PlanStart): NamedPlan {
  const module = decodeModule(bytes);
  const analysis = analyse(module, { host: options.host, model: options.model });
  const { scenarios, notes } = planOf(module, analysis, options);
  const name = (position: number) => analysis.exports[position].name;
  return { scenarios: scenarios.map((one) => ({ ...one, a: name(one.a), b: name(one.b) })), notes };
}

function wrap({ wrap: options, bytes, host, model, runs }: WrapStart): WorkerMessage {
  const module = decodeModule(bytes);
  const analysis = analyse(module, { host, model });
  const shown = runs === undefined ? [] : runEvidence(module, analysis, runs);
  const evidence = options.evidence ?? (shown.length > 0 ? [...evidenceOf(module, analysis), ...shown] : undefined);
  const analyseShared = () => analyse(module, { host, model: 'shared-instance' });
  return { wrapped: generateWrapper(module, analysis, { ...options, evidence }, analyseShared) };
}

const start = workerData as WorkerStart | PlanStart | WrapStart | HammerWorkerStart;
if ('hammer' in start) void runHammerThread(start);
else if ('job' in start) void run(start).then((answer) => say({ answer }));
else {
  try {
    say('wrap' in start ? wrap(start) : { plan: plan(start) });
  } catch (error) {
    say({ problem: error instanceof Error ? error.message : String(error) });
  }
}
