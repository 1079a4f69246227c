/** Entry of the worker thread that runs the engine: one job, then it ends. */
import { pathToFileURL } from 'node:url';
import { parentPort, workerData } from 'node:worker_threads';
import { type StressAnswer, type StressJob, stress } from '../engine/stress.ts';
import { Shared, type WorkerMessage, type WorkerStart } from './messages.ts';

const PROGRESS_MS = 100;

const { job, importsModule, shared } = workerData as WorkerStart;
const slots = new Int32Array(shared);
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

async function run(): Promise<StressAnswer> {
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

void run().then((answer) => say({ answer }));
