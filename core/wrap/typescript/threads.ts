/**
 * TypeScript, Node.js: instances in worker threads, as a pool, one behind a queue, or several over one shared memory.
 */

import { nameInComment, tsString } from '../../harmless/code.ts';
import { header } from '../header.ts';
import { isProgram } from '../surface.ts';
import { protocolAdvice } from '../usage.ts';
import type { WrapInput } from '../wrapInput.ts';
import { optionsText, owner, type ThreadPoolKind } from './owner.ts';
import { exportMethod, importsText, sharedMemories, tsNames } from './parts.ts';
import { memoryExpression, worker } from './worker.ts';

const OWN_NAMES = 'use useUnlocked create dispose reset readMemory writeMemory discard memories lock size'.split(' ');

/**
 * The whole file of a pool, a queue or a lock; the worker threads run the same file. `title`: what the file is, a
 * sentence; `advice`: more sentences for the comment at the top.
 */
export function threadsText(
  input: WrapInput,
  variant: ThreadPoolKind,
  title: string,
  advice: readonly string[],
): string {
  const { surface, moduleFile } = input;
  const names = tsNames(surface, OWN_NAMES);
  const classes = (name: string): string => `${input.typeName ?? ''}${name}`;
  const imports = importsText(surface, 'module', classes);
  const shared = sharedMemories(surface).length > 0;
  const locked = variant === 'locked';
  const className = classes(variant === 'pool' ? 'Pool' : 'Shared');
  const program = surface.exports.some(isProgram);
  const memory = memoryExpression(input);
  const protocol = protocolAdvice(input, {
    nameOf: (one) => names.get(one) ?? '',
    memory: memory === undefined ? undefined : { write: 'writeMemory', read: 'readMemory' },
    hold: 'use',
  });
  const imported = [
    ...(variant === 'serial' ? [] : ["import { availableParallelism } from 'node:os';"]),
    ...(surface.wasi ? ["import { WASI, type WASIOptions } from 'node:wasi';"] : []),
    "import { parentPort, Worker, workerData } from 'node:worker_threads';",
  ];
  const start = [`program: string`, 'module: WebAssembly.Module'];
  if (shared) start.push('memories: WebAssembly.Memory[]');
  if (surface.life.some(({ per }) => per === 'memory')) start.push('begun: Int32Array');
  if (locked) start.push('lock: Int32Array', 'id: number');
  if (imports.given !== 'never') start.push(`imported${imports.given === 'optional' ? '?' : ''}: string`);
  if (surface.wasi) start.push("wasiOptions?: Omit<WASIOptions, 'version'>");
  return `${header(input, title, [...protocol, ...advice, 'An ES module for Node.js 22 or later; the worker threads run this same file. The types of WebAssembly need "dom" in the compiler option lib.']).join('\n')}

${imported.join('\n')}

type Value = number | bigint;

type Request =
  | { call: string; args: Value[] }
  | { read: number; size: number }
  | { write: number; bytes: Uint8Array }${locked ? "\n  | { lock: 'acquire' | 'release' }" : ''};

/** \`fatal\`: the state of the instance is unknown.${program ? ' `spent`: its program has run, which happens only once.' : ''} */
type Reply = { value: unknown${program ? '; spent: boolean' : ''} } | { failure: string; fatal: boolean };

/** What a worker thread is started with. */
interface Start {
${start.map((one) => `  ${one};`).join('\n')}
}

/** Marks the threads of this file. */
const PROGRAM = ${tsString(`${input.base}-${variant}`)};

/** The exports of ${nameInComment(moduleFile)}: an i32 is a number from -2^31 to 2^31-1, an i64 a bigint. */
abstract class Exports {
  protected abstract ask(request: Request): Promise<unknown>;

${surface.exports.map((one) => exportMethod(names.get(one) ?? '', one)).join('\n')}}
${imports.types}${optionsText(input, variant, imports, classes)}
/** An instance in its own thread, for exclusive use until the end of the \`use\` that lent it. */
export class ${classes('Instance')} extends Exports {
  readonly #thread: Thread;
  readonly #lease: Lease;

  constructor(thread: Thread, lease: Lease) {
    super();
    this.#thread = thread;
    this.#lease = lease;
  }

  protected ask(request: Request): Promise<unknown> {
    if (this.#lease.open) return this.#thread.ask(request);
    return Promise.reject(new Error('the instance was already returned'));
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
  /** Marks the state of the instance as unusable: no other caller gets this instance. */
  discard(): void {
    this.#thread.fail('the instance was discarded');
  }
}

/** The loan of an instance, open until its \`use\` ends. */
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

  /** Whether it can be lent again: nothing failed and nothing is still running. */
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
${program ? "        if ('value' in reply && reply.spent) this.#failure ??= 'the program has run';\n" : ''}        if ('value' in reply) return resolve(reply.value);
        if (reply.fatal) this.#failure ??= reply.failure;
        reject(new Error(reply.failure));
      });
      this.#worker.postMessage(request);
    });
  }

  /** Rejects all pending requests with the reason: the worker no longer answers. */
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

${owner(input, variant, className, imports, classes)}
${worker(input, variant, imports.call, memory)}${imports.text}
const start = workerData as Start | null;
if (start?.program === PROGRAM) ${imports.call.startsWith('await ') ? 'await ' : ''}serve(start);
`;
}
