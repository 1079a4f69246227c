/** TypeScript: the class that callers create, which lends out threads. */
import { nameInComment } from '../../harmless/code.ts';
import type { WrapInput } from '../wrapInput.ts';
import { head, type Imports, list, memoryDescriptor, sharedMemories } from './parts.ts';

/**
 * `pool`: an instance for each caller. `serial`: one instance, callers wait for their turn. `locked`: instances over
 * one shared memory, with a lock in shared memory.
 */
export type ThreadPoolKind = 'pool' | 'serial' | 'locked';

/** An option of `create`. */
interface Option {
  optional: boolean;
  text: string;
}

function optionsOf({ surface }: WrapInput, variant: ThreadPoolKind, { given }: Imports): Option[] {
  const options: Option[] = [];
  if (variant !== 'serial')
    options.push({
      optional: true,
      text: '  /** Threads at most; as many as the machine has processors unless given. */\n  size?: number;',
    });
  if (given !== 'never') {
    const optional = given === 'optional';
    options.push({
      optional,
      text: `  /** URL of the ES module that gives what the module imports. */\n  imports${optional ? '?' : ''}: URL | string;`,
    });
  }
  if (surface.wasi)
    options.push({
      optional: true,
      text: "  /** Arguments, environment, files of WASI; it has nothing unless given. */\n  wasi?: Omit<WASIOptions, 'version'>;",
    });
  return options;
}

/** Source of the options of `create`; empty where there are none. */
export function optionsText(
  input: WrapInput,
  variant: ThreadPoolKind,
  imports: Imports,
  classes: (name: string) => string,
): string {
  const options = optionsOf(input, variant, imports);
  if (options.length === 0) return '';
  return `
/** What instances are made with. */
export interface ${classes('Options')} {
${options.map(({ text }) => text).join('\n')}
}
`;
}

/** Source of that class. */
export function owner(
  input: WrapInput,
  variant: ThreadPoolKind,
  className: string,
  imports: Imports,
  classes: (name: string) => string,
): string {
  const { surface, moduleFile } = input;
  const options = optionsOf(input, variant, imports);
  const optional = options.every((one) => one.optional);
  const locked = variant === 'locked';
  const memories = sharedMemories(surface);
  const doc = {
    pool: `Lends out instances of ${nameInComment(moduleFile)}, at most \`size\` at a time. A method of the pool is a single call on\n * any instance; make calls that belong together in one \`use\`.`,
    serial: `One instance of ${nameInComment(moduleFile)}: callers use it one at a time. A method is a single call; make calls that\n * belong together in one \`use\`.`,
    locked: `Instances of ${nameInComment(moduleFile)} in \`size\` threads over one shared memory, with a lock around each \`use\`.\n * Other code that accesses the memory must take the lock, too: word 0 of \`lock\`, 0 when it is free.`,
  }[variant];
  // Whether a word tells that the common memory is initialised.
  const once = surface.life.some(({ per }) => per === 'memory');
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
  if (once) startFields.push('begun: this.#begun');
  if (locked) startFields.push('lock: this.lock', 'id: ++this.#started');
  if (imports.given === 'required') startFields.push('imported: String(this.#options.imports)');
  if (imports.given === 'optional')
    startFields.push('imported: this.#options.imports && String(this.#options.imports)');
  if (surface.wasi) startFields.push('wasiOptions: this.#options.wasi');
  return `/**
 * ${doc}
 */
export class ${className} extends Exports {
${memoryFields}${once ? '  readonly #begun = new Int32Array(new SharedArrayBuffer(4));\n' : ''}${locked ? `  readonly lock = new Int32Array(new SharedArrayBuffer(4));\n  #started = 0;\n` : ''}  readonly #module: WebAssembly.Module;
${sized ? '  readonly #size: number;\n' : ''}${options.length > (sized ? 1 : 0) ? `  readonly #options: ${classes('Options')};\n` : ''}  readonly #idle: Thread[] = [];
  readonly #waiting: (() => void)[] = [];
  #lent = 0;
  #closed = false;
${broken}
  private constructor(module: WebAssembly.Module${options.length > 0 ? `, options: ${classes('Options')}` : ''}) {
    super();
    this.#module = module;
${sized ? '    this.#size = options.size ?? availableParallelism();\n' : ''}${options.length > (sized ? 1 : 0) ? '    this.#options = options;\n' : ''}${memories.length > 0 ? '    this.#makeMemories();\n' : ''}  }

  /** Compiles the module once for all threads; they are started on demand. */
${head('  ', 'static async create', ['wasm: BufferSource', ...(options.length > 0 ? [`options: ${classes('Options')}${optional ? ' = {}' : ''}`] : [])], `Promise<${className}>`)}
${sized ? `    const { size = 1 } = options;\n    if (!(size >= 1)) throw new RangeError(\`the size must be at least 1, not \${size}\`);\n` : ''}    return new ${className}(await WebAssembly.compile(wasm)${options.length > 0 ? ', options' : ''});
  }
${make}
  /**
   * Runs \`f\` with exclusive use of an instance${locked ? ' and with the lock' : ''}.${variant === 'pool' ? '' : ' Calling it inside `f`, or from a host\n   * function that blocks until it returns, deadlocks.'}
   * When \`signal\` aborts, it stops waiting for an instance${locked ? ' and releases the lock as soon as it has it' : ''}; calls\n   * that still run end with their thread${variant === 'pool' ? '' : ', after which `reset` is needed'}.
   */
  use<R>(f: (instance: ${classes('Instance')}) => Promise<R>, signal?: AbortSignal): Promise<R> {
    return this.${borrow}((instance) => f(instance), signal);
  }
${
  locked
    ? `
  /** The same without the lock, for calls that synchronise by themselves or access no memory. */
  useUnlocked<R>(f: (instance: ${classes('Instance')}) => Promise<R>, signal?: AbortSignal): Promise<R> {
    return this.#lend(async (instance, thread) => {
      return this.#until(signal, thread, () => f(instance));
    }, signal);
  }
`
    : ''
}
  /** Ends all threads. Calls that still run, and later ones, are rejected. */
  async dispose(): Promise<void> {
    this.#closed = true;
    await Promise.all([...this.#threads].map((thread) => thread.end()));
  }
${
  variant === 'pool'
    ? ''
    : `
  /** Starts over after a failure, once every \`use\` has ended. All state is lost. */
  async reset(): Promise<void> {
    if (this.#lent > 0) throw new Error('calls are still running');
    this.#broken ??= 'it is being reset';
    await Promise.all([...this.#threads].map((thread) => thread.end()));
    this.#threads.clear();
    this.#idle.length = 0;
${locked ? `    Atomics.store(this.lock, 0, 0);\n` : ''}${once ? '    Atomics.store(this.#begun, 0, 0);\n' : ''}${memories.length > 0 ? '    this.#makeMemories();\n' : ''}    this.#broken = undefined;
  }
`
}
  protected ask(request: Request): Promise<unknown> {
    return this.${borrow}((_, thread) => thread.ask(request));
  }

  async #lend<R>(
    f: (instance: ${classes('Instance')}, thread: Thread) => Promise<R>,
    signal?: AbortSignal,
  ): Promise<R> {
    const thread = await this.#take(signal);
    const lease = { open: true };
    try {
      return await ${locked ? `f(new ${classes('Instance')}(thread, lease), thread)` : `this.#until(signal, thread, () => f(new ${classes('Instance')}(thread, lease), thread))`};
    } finally {
      lease.open = false;
      await this.#give(thread);
    }
  }

  /** Ends the thread on abort, as its calls may still be running. */
  async #until<R>(
    signal: AbortSignal | undefined,
    thread: Thread,
    f: () => Promise<R>,
  ): Promise<R> {
    signal?.throwIfAborted();
    const abort = (): void => thread.fail(String(signal?.reason));
    signal?.addEventListener('abort', abort);
    try {
      return await f();
    } finally {
      signal?.removeEventListener('abort', abort);
    }
  }
${
  locked
    ? `
  #lock<R>(
    f: (instance: ${classes('Instance')}, thread: Thread) => Promise<R>,
    signal?: AbortSignal,
  ): Promise<R> {
    return this.#lend(async (instance, thread) => {
      await thread.ask({ lock: 'acquire' });
      try {
        return await this.#until(signal, thread, () => f(instance, thread));
      } finally {
        // After a failure the state of the memory is unknown: the lock stays taken until reset.
        if (thread.good) await thread.ask({ lock: 'release' });
      }
    }, signal);
  }
`
    : ''
}
  async #take(signal?: AbortSignal): Promise<Thread> {
    signal?.throwIfAborted();
    if (this.#lent < ${sized ? 'this.#size' : '1'}) this.#lent++;
    else await this.#turn(signal);
    const refusal = this.#refusal();
    if (refusal !== undefined) {
      this.#release();
      throw new Error(refusal);
    }
    let thread = this.#idle.pop();
    // A thread may have ended while it was idle.
    while (thread !== undefined && !thread.good) {
      this.#threads.delete(thread);
      thread = this.#idle.pop();
    }
    thread ??= this.#startThread();
    thread.wake();
    return thread;
  }

  /** Waits for a free slot, until \`signal\` aborts. */
  #turn(signal?: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const leave = (): void => {
        this.#waiting.splice(this.#waiting.indexOf(enter), 1);
        reject(signal?.reason);
      };
      const enter = (): void => {
        signal?.removeEventListener('abort', leave);
        resolve();
      };
      this.#waiting.push(enter);
      signal?.addEventListener('abort', leave, { once: true });
    });
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
${variant === 'pool' ? '' : "      this.#broken ??= thread.failure ?? 'a call was not awaited';\n"}      this.#threads.delete(thread);
      await thread.end();
${locked ? '      // Others wait for a lock that is never released, or work on a memory whose state is unknown.\n      await Promise.all([...this.#threads].map((other) => other.end()));\n' : ''}    }
    this.#release();
  }

  /** Passes the slot to the caller that has waited longest. */
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
