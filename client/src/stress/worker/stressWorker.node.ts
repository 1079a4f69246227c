/** Entry of the worker thread: one job of the engine, one plan or one wrapper, then it ends. */
import { pathToFileURL } from 'node:url';
import { parentPort, workerData } from 'node:worker_threads';
import { analyse } from '../../../../server/src/analysis/analyse.ts';
import { decodeModule } from '../../../../server/src/wasm/decode.ts';
import { generateWrapper } from '../../wrap/wrapper.ts';
import { planOf } from '../engine/plan.ts';
import { type StressAnswer, type StressJob, stress } from '../engine/stress.ts';
import {
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

/** `export default {env: {f() {}}}`, the same as named exports, or a function that makes it. */
async function load(path: string): Promise<StressJob['imports']> {
  const loaded = (await import(pathToFileURL(path).href)) as Record<string, unknown>;
  const given = loaded.default ?? loaded;
  return (typeof given === 'function' ? await given() : given) as StressJob['imports'];
}

async function run({ job, importsModule, shared }: WorkerStart): Promise<StressAnswer> {
  const slots = new Int32Array(shared);
  let imports: StressJob['imports'];
  if (importsModule !== undefined) {
    try {
      imports = await load(importsModule);
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      return { failure: { kind: 'imports', message: `${importsModule} could not be loaded: ${reason}` } };
    }
  }
  return stress(
    { ...job, imports },
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
}

function plan({ bytes, options }: PlanStart): NamedPlan {
  const module = decodeModule(bytes);
  const analysis = analyse(module, { host: options.host, model: options.model });
  const { scenarios, notes } = planOf(module, analysis, options);
  const name = (position: number) => analysis.exports[position].name;
  return { scenarios: scenarios.map((one) => ({ ...one, a: name(one.a), b: name(one.b) })), notes };
}

function wrap({ wrap: options, bytes, host, model }: WrapStart): WorkerMessage {
  const module = decodeModule(bytes);
  return { wrapped: generateWrapper(module, analyse(module, { host, model }), options) };
}

const start = workerData as WorkerStart | PlanStart | WrapStart;
if ('job' in start) void run(start).then((answer) => say({ answer }));
else {
  try {
    say('wrap' in start ? wrap(start) : { plan: plan(start) });
  } catch (error) {
    say({ problem: error instanceof Error ? error.message : String(error) });
  }
}
