/** TypeScript, Node.js: many threads call at once and get what one thread alone gets. */

import { tsString } from '../../harmless/code.ts';
import { hammerPairs, integerFor } from '../hammerPairs.ts';
import { header } from '../header.ts';
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

/** Name of the environment variable that lets threads share a memory without a lock. */
const UNSAFE = 'WASM_HAZARDS_UNSAFE';

/**
 * Source of a test for `node --test` whose threads call at once: on instances of their own, or over a shared memory with
 * a lock. Without the lock they run on request only, because a failure there is a finding and not a defect of the
 * wrapper. Every round has new instances and memories; a call that does not return, and one of which nothing is known
 * because it never returns a value, passes no test.
 */
export function tsHammer(input: WrapInput): string {
  const { surface, module, analysis, moduleFile } = input;
  const pairs = hammerPairs(module, analysis, surface);
  const calls = [...new Set(pairs.flatMap(({ a, b }) => [a, b]))];
  const memories = sharedMemories(surface);
  const shared = memories.length > 0;
  const once = surface.life.some(({ per }) => per === 'memory');
  const imports = importsText(surface, 'file', (name) => name);
  const wasmName = moduleFile.replace(/\.[^.]*$/, '.wasm');
  const imported = [
    "import assert from 'node:assert/strict';",
    "import { readFileSync } from 'node:fs';",
    "import { describe, it, type TestContext } from 'node:test';",
    ...(surface.wasi ? ["import { WASI } from 'node:wasi';"] : []),
    "import { parentPort, Worker, workerData } from 'node:worker_threads';",
  ];
  const advice = shared
    ? [
        `The threads work on one shared memory, a new one in each round. All calls of a test are the same, so every serial order of them has the same results and leaves the same memory. With the lock a test must pass. Without it, a test that fails shows a race, so these run only if ${UNSAFE}=1 is set.`,
      ]
    : ['JavaScript threads cannot share an instance, so this tests what the instances share: imports.'];
  return `${header(input, `A hammer test of ${moduleFile} for Node.js. Run it with: node --test`, [...advice, 'A test that is skipped because no call returned has shown nothing.', 'An ES module for Node.js 22 or later; the worker threads run this same file. The types of WebAssembly need "dom" in the compiler option lib.']).join('\n')}

${imported.join('\n')}

type Value = number | bigint;
type Call = [name: string, args: Value[]];

/** What worker threads of a round are started with. */
interface Start {
  program: string;
  module: WebAssembly.Module;
  call: Call;
  /** Calls that a thread makes. */
  times: number;
  threads: number;
  guarded: boolean;
}

/** A round, for one thread. */
interface Round {
${shared ? '  memories: WebAssembly.Memory[];\n' : ''}  /** Word 0: threads at the barrier. Word 1: the lock, 0 when it is free.${once ? ' Word 2: whether the memory is initialised.' : ''} */
  words: Int32Array;
}

const PROGRAM = ${tsString(`${input.base}-hammer`)};
const THREADS = 4;
const ROUNDS = ${shared ? 50 : 20};
const CALLS_PER_ROUND = ${shared ? 40 : 100};
/** Milliseconds after which a call that does not return ends its test. */
const PATIENCE = 20_000;
/** What a call gives that does not return a value. */
const TRAPPED = 'trapped';

/** The calls. The arguments are guesses: replace them with values that your host passes. */
${callList(calls)}

/** What the calls of a round returned, by thread${shared ? ', and the memories that they left' : ''}. */
interface Outcome {
  returned: string[][];
${shared ? '  memories: WebAssembly.Memory[];\n' : ''}}

/** Runs rounds in threads that call concurrently; rejects if a call does not return in time. */
async function hammer(options: Omit<Start, 'program'>, rounds: number): Promise<Outcome[]> {
  const start: Start = { program: PROGRAM, ...options };
  const workers = Array.from({ length: options.threads }, () => {
    return new Worker(new URL(import.meta.url), { workerData: start });
  });
  let late: NodeJS.Timeout | undefined;
  const ended = new Promise<never>((_, reject) => {
    late = setTimeout(() => reject(new Hang()), PATIENCE);
    for (const worker of workers) worker.on('error', reject);
  });
  ended.catch(() => {});
  try {
    const outcomes: Outcome[] = [];
    for (let round = 0; round < rounds; round++) {
${
  shared
    ? `${list(
        '      ',
        'const memories = [',
        memories.map((one) => `new WebAssembly.Memory(${memoryDescriptor(one)})`),
        '];',
      )}
      const message: Round = { memories, words: words() };
`
    : '      const message: Round = { words: words() };\n'
}      const replies = workers.map((worker) => {
        return new Promise<string[]>((resolve) => worker.once('message', resolve));
      });
      for (const worker of workers) worker.postMessage(message);
      const returned = await Promise.race([Promise.all(replies), ended]);
      outcomes.push({ returned${shared ? ', memories' : ''} });
    }
    return outcomes;
  } finally {
    clearTimeout(late);
    await Promise.all(workers.map((worker) => worker.terminate()));
  }
}

const words = (): Int32Array => new Int32Array(new SharedArrayBuffer(${once ? 12 : 8}));

/** A call did not return. */
class Hang extends Error {
  constructor() {
    super(\`a call did not return within \${PATIENCE} ms\`);
  }
}

/** What one thread gets, or undefined where that is nothing to compare with. */
async function alone(
  options: Omit<Start, 'program'>,
  test: TestContext,
): Promise<Outcome | undefined> {
  try {
    const [first, second] = await hammer({ ...options, threads: 1 }, 2);
    const returned = first.returned.flat();
    if (returned.every((one) => one === TRAPPED)) {
      test.skip('no call returned: choose other arguments, define imports');
    } else if (String(returned) !== String(second.returned.flat())) {
      test.skip('the results differ from run to run, even in one thread');
    } else return first;
  } catch (error) {
    if (error instanceof Hang) {
      test.skip(\`\${error.message}, even in one thread: choose other arguments\`);
    } else test.skip(\`there is no instance: \${String(error)}\`);
  }
  return undefined;
}

function tests(): void {
${list('  ', 'const file = new URL(', [tsString(wasmName), 'import.meta.url'], ');')}
  const compiled = (): WebAssembly.Module => new WebAssembly.Module(readFileSync(file));
${shared ? SHARED_TESTS : ISOLATED_TESTS}}

/** What runs in a worker thread. */
function work({ module, call, times, threads, guarded }: Start): void {
  const [name, args] = call;
  parentPort?.on('message', ({ ${shared ? 'memories, ' : ''}words }: Round) => {
${indented(instantiation(surface, imports.call, surface.wasi && surface.memoryExport !== 'memory' ? memoryExpression(input) : undefined, once ? 'words, 2' : undefined))}
    const functions = instance.exports as Record<string, (...args: Value[]) => unknown>;
    // The last thread at the barrier wakes the others.
    if (Atomics.add(words, 0, 1) + 1 === threads) Atomics.notify(words, 0);
    for (let there = Atomics.load(words, 0); there < threads; there = Atomics.load(words, 0)) {
      Atomics.wait(words, 0, there);
    }
    const returned: string[] = [];
    // After a trap the state is unknown: the instance makes no other call.
    while (returned.length < times && returned.at(-1) !== TRAPPED) {
      while (guarded && Atomics.compareExchange(words, 1, 0, 1) !== 0) Atomics.wait(words, 1, 1);
      try {
        returned.push(String(functions[name](...args)));
      } catch {
        returned.push(TRAPPED);
      }
      if (guarded) {
        Atomics.store(words, 1, 0);
        Atomics.notify(words, 1, 1);
      }
    }
    parentPort?.postMessage(returned);
  });
}
${imports.text}
const start = workerData as Start | null;
if (start?.program === PROGRAM) work(start);
else tests();
`;
}

const indented = (lines: string): string => lines.replaceAll(/^(?=.)/gm, '  ');

const ISOLATED_TESTS = `
  describe('threads with separate instances', () => {
    for (const call of CALLS) {
      it(\`match a single thread: \${call[0]}\`, async (test) => {
        const times = CALLS_PER_ROUND;
        const options = { module: compiled(), call, times, threads: THREADS, guarded: false };
        const wanted = await alone(options, test);
        if (wanted === undefined) return;
        for (const { returned } of await hammer(options, ROUNDS)) {
          for (const got of returned) assert.deepEqual(got, wanted.returned[0]);
        }
      });
    }
  });
`;

const SHARED_TESTS = `
  for (const guarded of [true, false]) {
    const unsafe = process.env.WASM_HAZARDS_UNSAFE === '1';
    const skip = !guarded && !unsafe && 'needs WASM_HAZARDS_UNSAFE=1';
    describe(\`threads over one memory, \${guarded ? 'with' : 'without'} a lock\`, { skip }, () => {
      for (const call of CALLS) {
        it(\`match a single thread: \${call[0]}\`, async (test) => {
          const times = CALLS_PER_ROUND;
          const options = { module: compiled(), call, times, threads: THREADS, guarded };
          const wanted = await alone({ ...options, times: THREADS * times }, test);
          if (wanted === undefined) return;
          const results = wanted.returned.flat().sort();
          for (const { returned, memories } of await hammer(options, ROUNDS)) {
            assert.deepEqual(returned.flat().sort(), results, 'results');
            for (const [i, { buffer }] of memories.entries()) {
              const bytes = Buffer.from(buffer);
              const left = new Uint8Array(wanted.memories[i].buffer);
              assert.ok(bytes.equals(left), \`contents of memory \${i}\`);
            }
          }
        });
      }
    });
  }
`;

function callList(calls: readonly WrapExport[]): string {
  const head = 'const CALLS: Call[] = [';
  const items = calls.map((one) => [
    tsString(one.name),
    `[${one.params.map((type) => ARGUMENTS[type](integerFor(one))).join(', ')}]`,
  ]);
  const only = `${head}[${items[0].join(', ')}]];`;
  // A list of one list stays on its line.
  if (items.length === 1 && only.length <= 100) return only;
  return `${head}\n${items.map((item) => list('  ', '[', item, '],')).join('\n')}\n];`;
}
