/** TypeScript, Node.js: many threads call at once and get what one thread alone gets. */
import { hammerPairs, integerFor } from '../hammerPairs.ts';
import { header } from '../header.ts';
import { tsString } from '../quoting.ts';
import type { NumType } from '../signature.ts';
import type { WrapExport } from '../surface.ts';
import type { WrapInput } from '../wrapInput.ts';
import { importsText, list, memoryDescriptor, sharedMemories } from './parts.ts';
import { instantiation, memoryExpression } from './worker.ts';

const ARGUMENTS: Readonly<Record<NumType, (integer: string) => string>> = {
  i32: (integer) => integer,
  i64: (integer) => `${integer}n`,
  f32: () => '1.5',
  f64: () => '1.5',
};

/**
 * Source of a test for `node --test` whose threads call at once. Over a shared memory it runs with and without a lock,
 * and a run without one that fails shows a race.
 */
export function tsHammer(input: WrapInput): string {
  const { surface, module, analysis, moduleFile } = input;
  const pairs = hammerPairs(module, analysis, surface);
  const calls = [...new Set(pairs.flatMap(({ a, b }) => [a, b]))];
  const memories = sharedMemories(surface);
  const shared = memories.length > 0;
  const once = surface.life.some(({ per }) => per === 'memory');
  const imports = importsText(surface);
  const wasmName = moduleFile.replace(/\.[^.]*$/, '.wasm');
  const imported = [
    "import assert from 'node:assert/strict';",
    "import { readFileSync } from 'node:fs';",
    "import { describe, it } from 'node:test';",
    ...(surface.wasi ? ["import { WASI } from 'node:wasi';"] : []),
    "import { parentPort, Worker, workerData } from 'node:worker_threads';",
  ];
  const advice = shared
    ? [
        'All threads work on one shared memory. All calls of a test are the same, so every serial order of them has the same results and leaves the same memory. A test without the lock that fails shows a race; with the lock it must pass.',
      ]
    : ['JavaScript threads cannot share an instance, so this tests what the instances share: imports.'];
  return `${header(input, `A hammer test of ${moduleFile} for Node.js. Run it with: node --test`, [...advice, 'An ES module for Node.js 22 or later; the worker threads run this same file. The types of WebAssembly need "dom" in the compiler option lib.']).join('\n')}

${imported.join('\n')}

type Value = number | bigint;

/** What a worker thread is started with. */
interface Start {
  program: string;
  module: WebAssembly.Module;
${shared ? '  memories: WebAssembly.Memory[];\n' : ''}  calls: [name: string, args: Value[]][];
  rounds: number;
  /** Word 0: threads at the barrier. Word 1: the lock, 0 when it is free. */
  words: Int32Array;
  threads: number;
  guarded: boolean;
}

const PROGRAM = ${tsString(`${input.base}-hammer`)};
const THREADS = 4;
const ROUNDS = 2000;
/** Milliseconds after which a call that does not return fails its test. */
const PATIENCE = 60_000;

/** The calls. The arguments are guesses: replace them with values that your host passes. */
${callList(calls)}

/** Runs the calls in all threads concurrently and returns the results of each thread. */
async function hammer(
  options: Pick<Start, 'module' | ${shared ? "'memories' | " : ''}'calls' | 'rounds' | 'threads' | 'guarded'>,
  signal: AbortSignal,
): Promise<string[][]> {
  const words = new Int32Array(new SharedArrayBuffer(${once ? 12 : 8}));
  const start: Start = { program: PROGRAM, words, ...options };
  const workers = Array.from({ length: options.threads }, () => {
    return new Worker(new URL(import.meta.url), { workerData: start });
  });
  const running = workers.map((worker) => {
    return new Promise<string[]>((resolve, reject) => {
      worker.on('message', resolve).on('error', reject);
      worker.on('exit', (code) => reject(new Error(\`the thread ended with code \${code}\`)));
    });
  });
  // A thread that does not return, or that waits for the others, ends with the test.
  const end = (): unknown => Promise.all(workers.map((worker) => worker.terminate()));
  signal.addEventListener('abort', end);
  try {
    return await Promise.all(running);
  } finally {
    signal.removeEventListener('abort', end);
    await end();
  }
}

function tests(): void {
  const file = new URL(${tsString(wasmName)}, import.meta.url);
  const compiled = (): WebAssembly.Module => new WebAssembly.Module(readFileSync(file));
${shared ? sharedTests(memories.map((one) => `new WebAssembly.Memory(${memoryDescriptor(one)})`)) : ISOLATED_TESTS}}

/** What runs in a worker thread. */
function work({ module, ${shared ? 'memories, ' : ''}calls, rounds, words, threads, guarded }: Start): void {
${instantiation(surface, imports.call, surface.wasi && surface.memoryExport !== 'memory' ? memoryExpression(input) : undefined, once ? 'words, 2' : undefined)}
  const functions = instance.exports as Record<string, (...args: Value[]) => unknown>;
  // The last thread at the barrier wakes the others.
  if (Atomics.add(words, 0, 1) + 1 === threads) Atomics.notify(words, 0);
  for (let there = Atomics.load(words, 0); there < threads; there = Atomics.load(words, 0)) {
    Atomics.wait(words, 0, there);
  }
  const outcomes: string[] = [];
  for (let round = 0; round < rounds; round++) {
    for (const [name, args] of calls) {
      while (guarded && Atomics.compareExchange(words, 1, 0, 1) !== 0) Atomics.wait(words, 1, 1);
      let outcome: string;
      try {
        outcome = String(functions[name](...args));
      } catch (error) {
        outcome = String(error);
      }
      if (guarded) {
        Atomics.store(words, 1, 0);
        Atomics.notify(words, 1, 1);
      }
      outcomes.push(outcome);
    }
  }
  parentPort?.postMessage(outcomes);
}
${imports.text}
const start = workerData as Start | null;
if (start?.program === PROGRAM) work(start);
else tests();
`;
}

const ISOLATED_TESTS = `
  describe('threads with separate instances', () => {
    it('match a single thread', { timeout: PATIENCE }, async ({ signal }) => {
      const options = { module: compiled(), calls: CALLS, rounds: ROUNDS, guarded: false };
      const [alone] = await hammer({ ...options, threads: 1 }, signal);
      for (const got of await hammer({ ...options, threads: THREADS }, signal)) {
        assert.deepEqual(got, alone);
      }
    });
  });
`;

const sharedTests = (
  memories: readonly string[],
): string => `${list('  ', 'const fresh = (): WebAssembly.Memory[] => [', memories, '];')}

  for (const guarded of [false, true]) {
    describe(\`threads over one memory, \${guarded ? 'with' : 'without'} a lock\`, () => {
      for (const call of CALLS) {
        it(\`match a single thread: \${call[0]}\`, { timeout: PATIENCE }, async ({ signal }) => {
          const options = { module: compiled(), calls: [call], guarded };
          const alone = fresh();
          const rounds = THREADS * ROUNDS;
          const one = { ...options, memories: alone, rounds, threads: 1 };
          const wanted = (await hammer(one, signal)).flat().sort();
          const memories = fresh();
          const all = { ...options, memories, rounds: ROUNDS, threads: THREADS };
          const got = (await hammer(all, signal)).flat().sort();
          assert.deepEqual(got, wanted, 'results');
          for (const [i, memory] of memories.entries()) {
            const bytes = Buffer.from(memory.buffer);
            assert.ok(bytes.equals(new Uint8Array(alone[i].buffer)), \`contents of memory \${i}\`);
          }
        });
      }
    });
  }
`;

function callList(calls: readonly WrapExport[]): string {
  const head = 'const CALLS: [name: string, args: Value[]][] = [';
  const items = calls.map((one) => [
    tsString(one.name),
    `[${one.params.map((type) => ARGUMENTS[type](integerFor(one))).join(', ')}]`,
  ]);
  const only = `${head}[${items[0].join(', ')}]];`;
  // A list of one list stays on its line.
  if (items.length === 1 && only.length <= 100) return only;
  return `${head}\n${items.map((item) => list('  ', '[', item, '],')).join('\n')}\n];`;
}
