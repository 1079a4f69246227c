/**
 * JavaScript: browsers, Node.js, Deno, Bun. Only a module and a shared memory cross threads; on one thread calls of one
 * instance meet where an import suspends (JSPI), unwinds (Asyncify) or calls back.
 */
import { message } from '../text/l10n.ts';
import type { HostProfile } from './profile.ts';

const MODULE = 'https://developer.mozilla.org/en-US/docs/WebAssembly/JavaScript_interface/Module';
const JS_API = 'https://webassembly.github.io/spec/js-api/';
const JSPI =
  'https://github.com/WebAssembly/js-promise-integration/blob/main/proposals/js-promise-integration/Overview.md';
const THREADS = 'https://github.com/WebAssembly/threads/blob/main/proposals/threads/Overview.md';

const INTERFACE = { label: 'JavaScript interface', url: 'https://webassembly.github.io/spec/js-api/' };
const MEMORY_PAGE = {
  label: 'WebAssembly.Memory',
  url: 'https://developer.mozilla.org/en-US/docs/WebAssembly/JavaScript_interface/Memory',
};
const SUSPENSION = {
  label: 'JS Promise Integration',
  url: 'https://github.com/WebAssembly/js-promise-integration/blob/main/proposals/js-promise-integration/Overview.md',
};
const REENTRANCY = {
  label: 'emscripten#19775',
  url: 'https://github.com/emscripten-core/emscripten/issues/19775',
};
const THREADS_PROPOSAL = {
  label: 'threads proposal',
  url: 'https://github.com/WebAssembly/threads/blob/main/proposals/threads/Overview.md',
};

/** The only host with the cooperative model among those its embedders use. Generated code is TypeScript for Node.js. */
export const javascript: HostProfile = {
  id: 'javascript',
  label: 'JavaScript (browser, Node.js)',
  models: ['isolated', 'cooperative', 'shared-memory'],
  defaultModel: (hasSharedMemory) => (hasSharedMemory ? 'shared-memory' : 'isolated'),
  stance: {
    'shared-instance': {
      status: 'unavailable',
      text: message(
        'A WebAssembly.Instance cannot be posted to another thread; on its own thread, calls interleave only through imports that call back and through JSPI suspension.',
      ),
      source: JS_API,
    },
    'shared-memory': {
      status: 'allowed',
      text: message(
        'A WebAssembly.Memory created with shared: true can be posted to workers and imported by an instance in each.',
      ),
      source: THREADS,
    },
    isolated: {
      status: 'allowed',
      text: message('A WebAssembly.Module is stateless code that can be shared with workers and instantiated in each.'),
      source: MODULE,
    },
    cooperative: {
      status: 'unguarded',
      text: message(
        'Where an import suspends (JSPI), unwinds (Asyncify) or calls back, another call of the instance can run before the first one continues; nothing guards its memory, globals, tables and stack.',
      ),
      source: JSPI,
    },
  },
  growMovesMemory: false,
  growText: message(
    'No other thread can see an unshared memory; growing it detaches every ArrayBuffer of it, so existing views must be created again.',
  ),
  waitText: message("this is not allowed on a browser's main thread, where it traps"),
  importsShared: false,
  hostHazards: {},
  unguardedWasi: [],
  advice: {
    pure: message('Post the WebAssembly.Module to each Worker and instantiate it there.'),
    'reads-only': message(
      'Post the WebAssembly.Module to each Worker and instantiate it there; each instance has its own copy of what it reads.',
    ),
    stateful: message(
      'Use an instance per Worker, and finish the whole sequence of malloc, write, call, read and free before the next await. Keep shared state in a shared memory with atomics, or in one Worker that owns it.',
    ),
    grows: message(
      'Create typed array views again after every call that may grow the memory, and never keep one across an await.',
    ),
    stack: message(
      'Use an instance per Worker; on a shared memory, set the stack pointer of each instance to its own stack area before the first call.',
    ),
    synchronised: message('Import one shared WebAssembly.Memory into an instance per Worker.'),
    'host-dependent': message(
      'Check that imported functions do not call back into the instance, and keep the state that they change per Worker.',
    ),
    table: message('Use an instance per Worker: a WebAssembly.Table cannot be shared.'),
    segment: message('Use an instance per Worker: segments belong to the instance.'),
    unknown: message('Use an instance per Worker and check which state the imported functions share.'),
  },
  remedy: {
    lock: message('one lock, without awaiting anything else inside,'),
    write: message('the write into its memory'),
    read: message('the read of its memory'),
    pool: message('post the WebAssembly.Module to a pool of Workers and instantiate it in each'),
    reserve: () => undefined,
  },
  detection: { crate: /wasm-bindgen|js-sys|web-sys/, anyPackageJson: true },
  template: { language: 'typescript', runtime: 'Node.js', note: undefined },
  notes: {
    otherwise: {
      text: 'An instance never leaves its thread; its calls overlap only where an import suspends, unwinds or calls back.',
      sources: [INTERFACE, SUSPENSION],
    },
    'growable-memory': {
      text: '`Memory.grow` detaches the `ArrayBuffer`, so views must be created again.',
      sources: [MEMORY_PAGE],
    },
    'host-call': {
      text: 'Imported functions run on the thread of their instance and can call back into it.',
      sources: [INTERFACE],
    },
    'memory-grow': {
      text: 'No other thread sees the memory, but growth detaches the `ArrayBuffer`, so views must be created again.',
      sources: [MEMORY_PAGE],
    },
    'memory-read': {
      text: 'Applies between workers on one shared memory; plain accesses are unordered and may tear.',
      sources: [THREADS_PROPOSAL],
    },
    'memory-write': { text: 'Applies between workers on one shared memory.', sources: [THREADS_PROPOSAL] },
    'mixed-atomics': { text: 'Plain accesses are unordered and may tear.', sources: [THREADS_PROPOSAL] },
    'ref-func': { text: 'Does not apply: an instance never leaves its thread.', sources: [INTERFACE] },
    'stack-pointer': {
      text: 'Calls that are suspended at the same time share the stack of their instance and can return in any order; workers on one memory need separate stack areas.',
      sources: [SUSPENSION, REENTRANCY],
    },
    'static-memory-write': {
      text: 'Applies between workers on one shared memory; plain accesses are unordered.',
      sources: [THREADS_PROPOSAL],
    },
    'unknown-code': {
      text: 'JavaScript can put any exported function into an exported table with `Table.set`.',
      sources: [INTERFACE],
    },
  },
};
