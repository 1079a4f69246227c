/** TypeScript: what runs in a worker thread. */

import { tsString } from '../../harmless/code.ts';
import { isMain, type LifeCall } from '../lifeCalls.ts';
import { isProgram, type Surface } from '../surface.ts';
import type { WrapInput } from '../wrapInput.ts';
import type { ThreadPoolKind } from './owner.ts';
import { list, sharedMemories } from './parts.ts';

/** Expression of memory 0 in a worker, undefined where it cannot be reached. */
export function memoryExpression({ surface }: WrapInput): string | undefined {
  const shared = sharedMemories(surface);
  const first = surface.state.find(({ kind }) => kind === 'memory');
  if (shared.length > 0 && first === shared[0]) return 'memories[0]';
  return surface.memory && surface.memoryExport !== undefined
    ? `instance.exports[${tsString(surface.memoryExport)}] as WebAssembly.Memory`
    : undefined;
}

/** Under which name WASI looks for the memory. */
const hasWasiMemory = ({ memoryExport }: Surface): boolean => memoryExport === 'memory';

/** The same where WASI would call `_initialize` or refuse `_start`: the calls of the life are made one by one. */
function initialView(surface: Surface): string {
  const taken = surface.life.filter(({ name }) => name === '_initialize');
  if (taken.length === 0) return wasiView(surface);
  return `{ exports: { ...${hasWasiMemory(surface) ? 'instance.exports' : 'exports'}, _initialize: undefined } }`;
}

/** Statements of the life of an instance; `once`: a word of shared memory, as the functions of `Atomics` take it, which tells whether it has begun. */
function lifeLines(surface: Surface, once: string | undefined): string[] {
  const { life, wasi } = surface;
  const statements = (calls: readonly LifeCall[], indent: string): string[] =>
    calls.flatMap((call) => {
      const { name, args } = call;
      if (isMain(call) && wasi)
        return [
          `${indent}// The main program initialises the runtime of its language.`,
          `${indent}const code = wasi.start(${wasiView(surface)});`,
          `${indent}if (code !== 0) throw new Error(\`exit code \${code}\`);`,
        ];
      const type = `(${args.map((_, i) => `a${i}: number`).join(', ')}) => unknown`;
      return [`${indent}(instance.exports[${tsString(name)}] as ${type})(${args.join(', ')});`];
    });
  if (once === undefined || life.every(({ per }) => per === 'instance')) return statements(life, '  ');
  return [
    '  // What writes the common memory is done by the first thread, while the others wait.',
    `  if (Atomics.compareExchange(${once}, 0, 1) === 0) {`,
    '    let state = 3;',
    '    try {',
    ...statements(
      life.filter(({ per }) => per === 'memory'),
      '      ',
    ),
    '      state = 2;',
    '    } finally {',
    `      Atomics.store(${once}, state);`,
    `      Atomics.notify(${once});`,
    '    }',
    '  } else {',
    `    Atomics.wait(${once}, 1);`,
    `    if (Atomics.load(${once}) !== 2) throw new Error('the memory is not initialised');`,
    '  }',
    ...statements(
      life.filter(({ per }) => per === 'instance'),
      '  ',
    ),
  ];
}

/** What WASI is given for the instance. */
const wasiView = (surface: Surface): string => (hasWasiMemory(surface) ? 'instance' : '{ exports }');

/**
 * Statements that make `instance`, and `memory` where there is an expression for it, and that run its start functions.
 * `options`: WASI gets `wasiOptions`.
 */
export function instantiation(
  surface: Surface,
  imports: string,
  memory: string | undefined,
  once: string | undefined,
  options = false,
): string {
  const { wasi, command } = surface;
  const lines: string[] = [];
  if (wasi) lines.push(`  const wasi = new WASI({ version: 'preview1'${options ? ', ...wasiOptions' : ''} });`);
  if (imports === '') lines.push('  const instance = new WebAssembly.Instance(module);');
  else {
    // What the user's module gives may ask for the instance.
    const type = imports.startsWith('await ') ? ': WebAssembly.Instance' : '';
    lines.push(`  const given = ${imports};`, `  const instance${type} = new WebAssembly.Instance(module, given);`);
  }
  if (memory !== undefined) lines.push(`  const memory = ${memory};`);
  if (wasi && !hasWasiMemory(surface)) {
    const given = memory === undefined ? 'memory: new WebAssembly.Memory({ initial: 0 })' : 'memory';
    lines.push('  // WASI needs a memory of this name.', `  const exports = { ...instance.exports, ${given} };`);
  }
  if (wasi && !command && !surface.life.some(isMain)) lines.push(`  wasi.initialize(${initialView(surface)});`);
  lines.push(...lifeLines(surface, once));
  return lines.join('\n');
}

/** Functions of the worker. `imports` and `memory` are expressions. */
export function worker(
  { surface }: WrapInput,
  variant: ThreadPoolKind,
  imports: string,
  memory: string | undefined,
): string {
  const locked = variant === 'locked';
  const shared = sharedMemories(surface).length > 0;
  const program = surface.exports.some(isProgram);
  const once = surface.life.some(({ per }) => per === 'memory');
  const taken = [
    'module',
    ...(shared ? ['memories'] : []),
    ...(once ? ['begun'] : []),
    ...(locked ? ['lock', 'id'] : []),
    ...(imports.startsWith('await ') ? ['imported'] : []),
    ...(surface.wasi ? ['wasiOptions'] : []),
  ];
  const asynchronous = imports.startsWith('await ');
  return `${asynchronous ? 'async ' : ''}function serve(start: Start): ${asynchronous ? 'Promise<void>' : 'void'} {
${list('  ', 'const {', taken, '} = start;')}
${instantiation(surface, imports, memory, once ? 'begun, 0' : undefined, true)}
  const functions = instance.exports as Record<string, (...args: Value[]) => unknown>;
  const answer = (request: Request): unknown => {
${locked ? "    if ('lock' in request) return request.lock === 'acquire' ? acquire(lock, id) : release(lock);\n" : ''}${
  surface.wasi && surface.command
    ? `    // WASI starts a command.
    if ('call' in request && request.call === '_start') {
      const code = wasi.start(${wasiView(surface)});
      if (code !== 0) throw new Error(\`exit code \${code}\`);
      return undefined;
    }
`
    : ''
}    if ('call' in request) return functions[request.call](...request.args);
${
  memory === undefined
    ? "    throw new Error('the module does not export its memory');"
    : `    // A new view each time: growth detaches older ones. Beyond 2 GiB an i32 is negative.
    if ('read' in request)
      return new Uint8Array(memory.buffer, request.read >>> 0, request.size).slice();
    return new Uint8Array(memory.buffer).set(request.bytes, request.write >>> 0);`
}
  };
  // Requests that were sent before the failure of a call was known.
  let failed: string | undefined;
  parentPort?.on('message', (request: Request) => {
    let reply: Reply;
    try {
      if (failed !== undefined) throw new Error(failed);
      reply = { value: answer(request)${program ? ", spent: 'call' in request && request.call === '_start'" : ''} };
    } catch (error) {
      reply = { failure: String(error), fatal: 'call' in request };
      if (reply.fatal) failed ??= \`an earlier call failed: \${reply.failure}\`;
    }
    parentPort?.postMessage(reply);
  });
}
${
  locked
    ? `
/** Blocks only this thread. */
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
