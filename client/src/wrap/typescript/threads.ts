/** TypeScript, Node.js: instances in worker threads, as a pool, one behind a queue, or several over one shared memory. */
import { inComment, tsString } from '../quoting.ts';
import { header, type WrapInput } from '../wrapInput.ts';
import { exportMethod, head, importsText, list, memoryDescriptor, sharedMemories, tsNames } from './parts.ts';

/**
 * `pool`: an instance for each caller. `serial`: one instance, callers wait in line. `locked`: instances over one shared
 * memory, with a lock in shared memory.
 */
export type Variant = 'pool' | 'serial' | 'locked';

const OWN_NAMES = 'use useUnlocked create dispose reset readMemory writeMemory discard memories lock size'.split(' ');

export function threadsText(input: WrapInput, variant: Variant, title: string, advice: readonly string[]): string {
  const { surface, moduleFile } = input;
  const names = tsNames(surface, OWN_NAMES);
  const imports = importsText(surface);
  const shared = sharedMemories(surface).length > 0;
  const locked = variant === 'locked';
  const className = variant === 'pool' ? 'Pool' : 'Shared';
  const memory = memoryExpression(input);
  const imported = [
    ...(variant === 'serial' ? [] : ["import { availableParallelism } from 'node:os';"]),
    ...(surface.wasi ? ["import { WASI } from 'node:wasi';"] : []),
    "import { parentPort, Worker, workerData } from 'node:worker_threads';",
  ];
  const start = [`program: string`, 'module: WebAssembly.Module'];
  if (shared) start.push('memories: WebAssembly.Memory[]');
  if (locked) start.push('lock: Int32Array', 'id: number');
  return `${header(input, title, [...advice, 'An ES module for Node.js 22 or later, which is its own worker program. The types of WebAssembly are those of the library dom.']).join('\n')}

${imported.join('\n')}

type Value = number | bigint;

type Request =
  | { call: string; args: Value[] }
  | { read: number; size: number }
  | { write: number; bytes: Uint8Array }${locked ? "\n  | { lock: 'acquire' | 'release' }" : ''};

/** \`fatal\`: the instance is in a state that nobody knows. */
type Reply = { value: unknown } | { failure: string; fatal: boolean };

/** What a worker thread is started with. */
interface Start {
${start.map((one) => `  ${one};`).join('\n')}
}

/** Tells the threads of this file from others. */
const PROGRAM = ${tsString(`${input.base}-${variant}`)};

/** The exports of ${inComment(moduleFile)}: an i32 is a number from -2^31 to 2^31-1, an i64 a bigint. */
abstract class Exports {
  protected abstract ask(request: Request): Promise<unknown>;

${surface.exports.map((one) => exportMethod(names.get(one) ?? '', one)).join('\n')}}

/** An instance in a thread of its own, which the caller has to itself until what it was lent for has ended. */
export class Instance extends Exports {
  readonly #thread: Thread;
  readonly #lease: Lease;

  constructor(thread: Thread, lease: Lease) {
    super();
    this.#thread = thread;
    this.#lease = lease;
  }

  protected ask(request: Request): Promise<unknown> {
    if (this.#lease.open) return this.#thread.ask(request);
    return Promise.reject(new Error('the instance was given back'));
  }
${
  memory === undefined
    ? ''
    : `
  /** Copies bytes out of the memory. */
  async readMemory(offset: number, size: number): Promise<Uint8Array> {
    return (await this.ask({ read: offset, size })) as Uint8Array;
  }

  /** Copies bytes into the memory. */
  async writeMemory(offset: number, bytes: Uint8Array): Promise<void> {
    await this.ask({ write: offset, bytes });
  }
`
}
  /** Tells that the state of the instance is of no use any more. */
  discard(): void {
    this.#thread.fail('the instance was discarded');
  }
}

/** Ends together with what the instance was lent for. */
interface Lease {
  open: boolean;
}

/** A worker thread with an instance. */
class Thread {
  readonly #worker: Worker;
  readonly #pending: ((reply: Reply) => void)[] = [];
  #failure: string | undefined;

  constructor(start: Start) {
    this.#worker = new Worker(new URL(import.meta.url), { workerData: start });
    this.#worker.on('message', (reply: Reply) => this.#pending.shift()?.(reply));
    this.#worker.on('error', (error) => this.fail(String(error)));
    this.#worker.on('exit', (code) => this.fail(\`the thread ended with code \${code}\`));
  }

  /** Whether it can be lent again: nothing failed, and nothing is still running. */
  get good(): boolean {
    return this.#failure === undefined && this.#pending.length === 0;
  }

  get failure(): string | undefined {
    return this.#failure;
  }

  /** The worker answers in the order of the requests. */
  ask(request: Request): Promise<unknown> {
    if (this.#failure !== undefined) return Promise.reject(new Error(this.#failure));
    return new Promise((resolve, reject) => {
      this.#pending.push((reply) => {
        if ('value' in reply) return resolve(reply.value);
        if (reply.fatal) this.#failure ??= reply.failure;
        reject(new Error(reply.failure));
      });
      this.#worker.postMessage(request);
    });
  }

  /** Nothing comes from it any more: whoever waits hears why. */
  fail(reason: string): void {
    this.#failure ??= reason;
    for (const settle of this.#pending.splice(0)) settle({ failure: reason, fatal: true });
  }

  /** An idle thread does not keep the process alive. */
  rest(): void {
    this.#worker.unref();
  }

  wake(): void {
    this.#worker.ref();
  }

  async end(): Promise<void> {
    this.fail('the thread was ended');
    await this.#worker.terminate();
  }
}

${owner(input, variant, className)}
${worker(input, variant, imports.call, memory)}${imports.text}
const start = workerData as Start | null;
if (start?.program === PROGRAM) serve(start);
`;
}

/** Expression of memory 0 in a worker, undefined where it cannot be reached. */
function memoryExpression({ surface }: WrapInput): string | undefined {
  const shared = sharedMemories(surface);
  const first = surface.state.find(({ kind }) => kind === 'memory');
  if (shared.length > 0 && first === shared[0]) return 'memories[0]';
  return surface.memory && surface.memoryExport !== undefined
    ? `instance.exports[${tsString(surface.memoryExport)}] as WebAssembly.Memory`
    : undefined;
}

/** The class that callers make. */
function owner({ surface, moduleFile }: WrapInput, variant: Variant, className: string): string {
  const locked = variant === 'locked';
  const memories = sharedMemories(surface);
  const doc = {
    pool: `Lends out instances of ${inComment(moduleFile)}, at most \`size\` at a time. A method of the pool is a single call on\n * any instance; calls that belong together go into one \`use\`.`,
    serial: `One instance of ${inComment(moduleFile)}: its callers wait in line. A method is a single call; calls that belong\n * together go into one \`use\`.`,
    locked: `Instances of ${inComment(moduleFile)} in \`size\` threads over one shared memory, with a lock around each \`use\`.\n * Who else touches the memory has to take the lock, too: word 0 of \`lock\`, 0 when it is free.`,
  }[variant];
  const borrow = locked ? '#lock' : '#lend';
  const sized = variant !== 'serial';
  const broken = variant === 'pool' ? '' : '  #broken: string | undefined;\n';
  const memoryFields = memories.length > 0 ? '  memories: WebAssembly.Memory[] = [];\n' : '';
  const make =
    memories.length > 0
      ? `
  #makeMemories(): void {
${list(
  '    ',
  'this.memories = [',
  memories.map((one) => `new WebAssembly.Memory(${memoryDescriptor(one)})`),
  '];',
)}
  }
`
      : '';
  const startFields = ['program: PROGRAM', 'module: this.#module'];
  if (memories.length > 0) startFields.push('memories: this.memories');
  if (locked) startFields.push('lock: this.lock', 'id: ++this.#started');
  return `/**
 * ${doc}
 */
export class ${className} extends Exports {
${memoryFields}${locked ? '  readonly lock = new Int32Array(new SharedArrayBuffer(4));\n  #started = 0;\n' : ''}  readonly #module: WebAssembly.Module;
${sized ? '  readonly #size: number;\n' : ''}  readonly #idle: Thread[] = [];
  readonly #waiting: (() => void)[] = [];
  #lent = 0;
  #closed = false;
${broken}
  private constructor(module: WebAssembly.Module${sized ? ', size: number' : ''}) {
    super();
    this.#module = module;
${sized ? '    this.#size = size;\n' : ''}${memories.length > 0 ? '    this.#makeMemories();\n' : ''}  }

  /** Compiles the module once for all threads; they are started when they are needed. */
${head('  ', 'static async create', ['wasm: BufferSource', ...(sized ? ['size = availableParallelism()'] : [])], `Promise<${className}>`)}
${sized ? `    if (!(size >= 1)) throw new RangeError(\`\${size} instances have nothing to lend\`);\n` : ''}    return new ${className}(await WebAssembly.compile(wasm)${sized ? ', size' : ''});
  }
${make}
  /** Runs \`f\` with an instance that nobody else has meanwhile${locked ? ', and with the lock' : ''}.${variant === 'pool' ? '' : ' Inside of `f` it waits for itself.'} */
  use<R>(f: (instance: Instance) => Promise<R>): Promise<R> {
    return this.${borrow}((instance) => f(instance));
  }
${
  locked
    ? `
  /** The same without the lock: for calls that synchronise by themselves, or touch no memory. */
  useUnlocked<R>(f: (instance: Instance) => Promise<R>): Promise<R> {
    return this.#lend((instance) => f(instance));
  }
`
    : ''
}
  /** Refuses what comes from now on and ends all threads; calls that still run are rejected. */
  async dispose(): Promise<void> {
    this.#closed = true;
    await Promise.all([...this.#threads].map((thread) => thread.end()));
  }
${
  variant === 'pool'
    ? ''
    : `
  /** Begins anew after a failure, when every \`use\` has ended; all state is lost. */
  async reset(): Promise<void> {
    if (this.#lent > 0) throw new Error('there are calls that have not ended');
    await Promise.all([...this.#threads].map((thread) => thread.end()));
    this.#threads.clear();
    this.#idle.length = 0;
${locked ? '    Atomics.store(this.lock, 0, 0);\n' : ''}${memories.length > 0 ? '    this.#makeMemories();\n' : ''}    this.#broken = undefined;
  }
`
}
  protected ask(request: Request): Promise<unknown> {
    return this.${borrow}((_, thread) => thread.ask(request));
  }

  async #lend<R>(f: (instance: Instance, thread: Thread) => Promise<R>): Promise<R> {
    const thread = await this.#take();
    const lease = { open: true };
    try {
      return await f(new Instance(thread, lease), thread);
    } finally {
      lease.open = false;
      await this.#give(thread);
    }
  }
${
  locked
    ? `
  #lock<R>(f: (instance: Instance, thread: Thread) => Promise<R>): Promise<R> {
    return this.#lend(async (instance, thread) => {
      await thread.ask({ lock: 'acquire' });
      try {
        return await f(instance, thread);
      } finally {
        // After a failure the memory is in a state that nobody knows: the lock stays taken until reset.
        if (thread.good) await thread.ask({ lock: 'release' });
      }
    });
  }
`
    : ''
}
  async #take(): Promise<Thread> {
    if (this.#lent < ${sized ? 'this.#size' : '1'}) this.#lent++;
    else await new Promise<void>((resolve) => this.#waiting.push(resolve));
    const refusal = this.#refusal();
    if (refusal !== undefined) {
      this.#release();
      throw new Error(refusal);
    }
    let thread = this.#idle.pop();
    // One may have died while it was idle.
    while (thread !== undefined && !thread.good) {
      this.#threads.delete(thread);
      thread = this.#idle.pop();
    }
    thread ??= this.#startThread();
    thread.wake();
    return thread;
  }

  #startThread(): Thread {
${list('    ', 'const thread = new Thread({', startFields, '});')}
    this.#threads.add(thread);
    return thread;
  }

  async #give(thread: Thread): Promise<void> {
    if (thread.good && !this.#closed) {
      thread.rest();
      this.#idle.push(thread);
    } else {
${variant === 'pool' ? '' : "      this.#broken ??= thread.failure ?? 'a call was not waited for';\n"}      this.#threads.delete(thread);
      await thread.end();
${locked ? '      // Others wait for a lock that nobody gives back, or work on what nobody knows.\n      await Promise.all([...this.#threads].map((other) => other.end()));\n' : ''}    }
    this.#release();
  }

  /** Hands the place over to the one who has waited longest. */
  #release(): void {
    const next = this.#waiting.shift();
    if (next === undefined) this.#lent--;
    else next();
  }

  #refusal(): string | undefined {
    if (this.#closed) return 'it is disposed';
${
  variant === 'pool'
    ? '    return undefined;'
    : `    if (this.#broken === undefined) return undefined;
    return \`an earlier call failed, use reset: \${this.#broken}\`;`
}
  }
}
`.replace(
    '  readonly #idle: Thread[] = [];\n',
    '  readonly #threads = new Set<Thread>();\n  readonly #idle: Thread[] = [];\n',
  );
}

/** What runs in a worker thread. */
function worker({ surface }: WrapInput, variant: Variant, imports: string, memory: string | undefined): string {
  const locked = variant === 'locked';
  const shared = sharedMemories(surface).length > 0;
  const taken = ['module', ...(shared ? ['memories'] : []), ...(locked ? ['lock', 'id'] : [])];
  const lines: string[] = [];
  if (surface.wasi) lines.push("  const wasi = new WASI({ version: 'preview1' });");
  lines.push(`  const instance = new WebAssembly.Instance(module${imports === '' ? '' : `, ${imports}`});`);
  if (surface.wasi && !surface.command) lines.push('  wasi.initialize(instance);');
  if (!surface.wasi && surface.initialize) lines.push("  (instance.exports['_initialize'] as () => void)();");
  if (memory !== undefined) lines.push(`  const memory = ${memory};`);
  const parameters = taken.length === 1 ? '{ module }: Start' : `{ ${taken.join(', ')} }: Start`;
  return `function serve(${parameters}): void {
${lines.join('\n')}
  const functions = instance.exports as Record<string, (...args: Value[]) => unknown>;
  const answer = (request: Request): unknown => {
${locked ? "    if ('lock' in request) return request.lock === 'acquire' ? acquire(lock, id) : release(lock);\n" : ''}${
  surface.wasi && surface.command
    ? "    // A command begins in the hands of WASI, and its exit code is what comes of it.\n    if ('call' in request && request.call === '_start') return wasi.start(instance);\n"
    : ''
}    if ('call' in request) return functions[request.call](...request.args);
${
  memory === undefined
    ? "    throw new Error('the memory of the module is out of reach');"
    : `    // A view of its own each time: growth takes older ones away.
    if ('read' in request) return new Uint8Array(memory.buffer, request.read, request.size).slice();
    return new Uint8Array(memory.buffer).set(request.bytes, request.write);`
}
  };
  parentPort?.on('message', (request: Request) => {
    let reply: Reply;
    try {
      reply = { value: answer(request) };
    } catch (error) {
      reply = { failure: String(error), fatal: 'call' in request };
    }
    parentPort?.postMessage(reply);
  });
}
${
  locked
    ? `
/** Waits in this thread only. */
function acquire(lock: Int32Array, id: number): void {
  for (;;) {
    const owner = Atomics.compareExchange(lock, 0, 0, id);
    if (owner === 0) return;
    Atomics.wait(lock, 0, owner);
  }
}

function release(lock: Int32Array): void {
  Atomics.store(lock, 0, 0);
  Atomics.notify(lock, 0, 1);
}
`
    : ''
}`;
}
