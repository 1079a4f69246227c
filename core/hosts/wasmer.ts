/** Wasmer: calls take the store exclusively; instances may move between threads, not be shared by them. */
import { message } from '../text/l10n.ts';
import type { HostNote, HostProfile } from './profile.ts';

const ONE_CALLER = { label: 'wasmer-go#84', url: 'https://github.com/wasmerio/wasmer-go/issues/84' };
const OVER_SHARED_MEMORY: HostNote = {
  text: 'Only on a shared memory, because only one caller at a time may use an instance.',
  sources: [ONE_CALLER],
};

/** Has no template of its own: generated code is Rust for Wasmtime, with a note on what differs. */
export const wasmer: HostProfile = {
  id: 'wasmer',
  label: 'Wasmer',
  models: ['isolated', 'shared-memory'],
  defaultModel: (hasSharedMemory) => (hasSharedMemory ? 'shared-memory' : 'isolated'),
  stance: {
    'shared-instance': {
      status: 'forbidden',
      text: message(
        'A call takes the Store by mutable reference; in the Go binding, an instance may move between goroutines, but only one of them may use it at a time.',
      ),
      source: 'https://github.com/wasmerio/wasmer-go/issues/84',
    },
    'shared-memory': {
      status: 'allowed',
      text: message(
        'A memory with the shared flag can be imported by instances in several stores, which is how WASIX threads work.',
      ),
      source: 'https://wasix.org/docs/api-reference/wasix/thread_spawn/',
    },
    isolated: {
      status: 'allowed',
      text: message('Threads may share an Engine and a Module; each caller has its own Store and Instance.'),
      source: 'https://github.com/wasmerio/wasmer/issues/4375',
    },
    cooperative: {
      status: 'allowed',
      text: message('A host function gets the store in its FunctionEnvMut and may call exports before it returns.'),
      source: 'https://docs.rs/wasmer/latest/wasmer/struct.FunctionEnvMut.html',
    },
  },
  growMovesMemory: true,
  // wasmerio/wasmer#1632: the memory definition was replaced by a plain write of two words.
  growText: message(
    'A grow replaces the base and the length of the memory with plain writes; only exclusive use of the store excludes other callers.',
  ),
  importsShared: false,
  hostHazards: {
    'overlapping-calls': {
      name: message('two calls in one store at the same time'),
      text: message(
        'A call needs exclusive use of its Store: in Rust, concurrent calls do not compile; through the C API and the bindings made from it, nothing prevents them, and only one thread at a time may use an instance.',
      ),
      sources: [ONE_CALLER],
    },
  },
  unguardedWasi: [],
  advice: {
    pure: message('Use one Store and Instance per thread and share the Module.'),
    'reads-only': message('Use one Store and Instance per thread; each instance has its own copy of what it reads.'),
    stateful: message(
      'Use one Store and Instance per thread if callers need not share state. Otherwise, put both behind one Mutex and hold it for the whole sequence of calls and memory accesses, not for each call alone.',
    ),
    grows: message('Use one Store and Instance per thread, or a shared memory with a maximum, which does not move.'),
    stack: message(
      'Use one Store and Instance per thread: every instance has its own stack pointer. On a shared memory, give each instance its own stack area.',
    ),
    synchronised: message(
      'Import one shared memory into an instance per thread. An atomic load followed by an atomic store is still two steps.',
    ),
    'host-dependent': message(
      'Make the imported functions safe for concurrent use, and do not call back into the same instance from any of them.',
    ),
    table: message('Use one Store and Instance per thread: tables are never shared between stores.'),
    segment: message('Use one Store and Instance per thread: segments belong to the instance.'),
    unknown: message('Use one Store and Instance per thread and check which state the imported functions share.'),
  },
  remedy: {
    lock: message('one Mutex over Store and Instance'),
    write: 'MemoryView::write',
    read: 'MemoryView::read',
    pool: message('share the Module and keep pairs of Store and Instance in a pool'),
    reserve: () => undefined,
  },
  detection: {
    goModule: /github\.com\/wasmerio\/(wasmer-go|go-ext-wasm)(\/.*)?/,
    crate: /wasmer(-.+)?/,
    header: /(?:.*\/)?wasmer\.h/,
    cmake: { word: /\bwasmer\b/i, shown: 'wasmer' },
  },
  template: {
    language: 'rust',
    runtime: 'Wasmtime',
    note: message(
      'This is code for Wasmtime. Wasmer has the same parts, an Engine and a Module that threads share and a Store for each caller, but a different API: call functions through wasmer::TypedFunction and define imports with wasmer::imports!.',
    ),
  },
  notes: {
    otherwise: { text: 'Only one caller at a time may use an instance.', sources: [ONE_CALLER] },
    'growable-memory': { text: '`Memory::grow` needs exclusive access to the store.', sources: [ONE_CALLER] },
    'host-call': { text: 'Calling back into the same instance from an import is not safe.', sources: [ONE_CALLER] },
    'memory-grow': {
      text: 'The base and the length were replaced with plain writes; only one caller at a time may use an instance.',
      sources: [{ label: 'wasmer#1632', url: 'https://github.com/wasmerio/wasmer/issues/1632' }, ONE_CALLER],
    },
    'memory-read': OVER_SHARED_MEMORY,
    'memory-write': OVER_SHARED_MEMORY,
    'static-memory-write': OVER_SHARED_MEMORY,
    'ref-func': { text: 'Does not apply: a call has exclusive use of its instance.', sources: [ONE_CALLER] },
    'unknown-code': { text: 'Only instances in the same store can share tables.', sources: [ONE_CALLER] },
  },
};
