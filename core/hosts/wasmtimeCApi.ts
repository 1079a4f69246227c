/**
 * Wasmtime through its C API and the bindings made from it: C, C++, .NET, Go; Python has a
 * profile of its own, `wasmtimePy`. The rules are Wasmtime's, a store
 * is the unit of concurrency, but nothing holds an embedder to them: where Rust refuses to compile two calls into one
 * store, here they run, and are undefined behaviour.
 *
 * Sources: "some functions cannot be called concurrently" (https://docs.wasmtime.dev/c-api/wasmtime_8h.html),
 * C (https://github.com/bytecodealliance/wasmtime/issues/7582),
 * Python (https://github.com/bytecodealliance/wasmtime-py/issues/254),
 * .NET (https://github.com/bytecodealliance/wasmtime-dotnet/issues/89),
 * Go (https://github.com/bytecodealliance/wasmtime-go/issues/60).
 */
import { message, t } from '../text/l10n.ts';
import type { HostNote, HostProfile } from './profile.ts';

const C_API = { label: 'wasmtime.h', url: 'https://docs.wasmtime.dev/c-api/wasmtime_8h.html' };
const UNDEFINED = { label: 'wasmtime#7582', url: 'https://github.com/bytecodealliance/wasmtime/issues/7582' };
const PYTHON = { label: 'wasmtime-py#254', url: 'https://github.com/bytecodealliance/wasmtime-py/issues/254' };
const DOTNET = { label: 'wasmtime-dotnet#89', url: 'https://github.com/bytecodealliance/wasmtime-dotnet/issues/89' };
const SHARED_MEMORY = { label: 'sharedmemory.h', url: 'https://docs.wasmtime.dev/c-api/sharedmemory_8h.html' };
const ON_MEMORY: HostNote = {
  text: 'Nothing synchronises threads that use the memory of one store. Threads with separate stores can access the same shared memory.',
  sources: [UNDEFINED, SHARED_MEMORY],
};

/** Unlike `wasmtime`, lists the shared instance among its models, because nothing prevents it. */
export const wasmtimeCApi: HostProfile = {
  id: 'wasmtime-c-api',
  label: 'Wasmtime C API (C, .NET, Go)',
  models: ['isolated', 'shared-memory', 'shared-instance'],
  defaultModel: (hasSharedMemory) => (hasSharedMemory ? 'shared-memory' : 'isolated'),
  stance: {
    'shared-instance': {
      status: 'unguarded',
      undefinedBehaviour: true,
      text: message(
        'Nothing stops two threads from calling into one store concurrently, which is undefined behaviour whatever the calls do: hold a lock for every use of the store.',
      ),
      source: UNDEFINED.url,
    },
    'shared-memory': {
      status: 'allowed',
      text: message(
        'Instances in different stores may import one wasmtime_sharedmemory_t, which many threads may use.',
      ),
      source: SHARED_MEMORY.url,
    },
    isolated: {
      status: 'allowed',
      text: message(
        'Threads may share an engine and a module; each caller needs its own store and instance, and nothing enforces that.',
      ),
      source: C_API.url,
    },
    cooperative: {
      status: 'allowed',
      text: message(
        'A host function gets a wasmtime_caller_t and may call exports through its context before it returns; while a wasmtime_call_future_t is alive, no other function of its store may be called.',
      ),
      source: 'https://docs.wasmtime.dev/c-api/async_8h.html',
    },
  },
  growMovesMemory: true,
  growText: message(
    'A grow changes the length without synchronisation, and the base too once the memory outgrows its reservation; nothing excludes other callers of the store.',
  ),
  importsShared: false,
  hostHazards: {
    'overlapping-calls': {
      name: message('two calls in one store at the same time'),
      text: message(
        'Concurrent calls in one wasmtime_store_t are undefined behaviour, even of exports that share no state: the calls change the store itself. Panics and access violations of the host were reported.',
      ),
      sources: [UNDEFINED, C_API],
    },
  },
  unguardedWasi: [],
  advice: {
    pure: message(
      'Use one store per thread and share the module: even a pure export must not run concurrently in one store.',
    ),
    'reads-only': message(
      'Use one store per thread and share the module: even exports that only read must not run concurrently in one store.',
    ),
    stateful: message(
      'Use one store per thread if callers need not share state. Otherwise, hold one lock for everything that uses the store, from the allocation to the last read of its memory.',
    ),
    grows: message(
      'Use one store per thread, or hold one lock for every use of the store, and call wasmtime_memory_data again after each call.',
    ),
    stack: message(
      'Use one store per thread: every instance has its own stack pointer. On a shared memory, give each instance its own stack area before its first call.',
    ),
    synchronised: message(
      'Import one wasmtime_sharedmemory_t into an instance per thread. An atomic load followed by an atomic store is still two steps.',
    ),
    'host-dependent': message(
      'Make callbacks safe for concurrent use: all stores share what a callback reaches beyond the data of its store.',
    ),
    table: message('Use one store per thread: tables are never shared between stores.'),
    segment: message('Use one store per thread: segments belong to the instance.'),
    unknown: message('Use one store per thread and check which state the callbacks share.'),
  },
  remedy: {
    lock: message('one lock over the store'),
    write: message('the write into its memory'),
    read: message('the read of its memory'),
    pool: message('share engine and module, and keep pairs of store and instance in a pool'),
    reserve: () =>
      t(
        'wasmtime_config_memory_may_move_set(config, false) with a wasmtime_config_memory_reservation_set of that size keeps the base in place; only one thread at a time may use the store.',
      ),
  },
  detection: {
    goModule: /github\.com\/bytecodealliance\/wasmtime-go(\/.*)?/,
    nugetPackage: /wasmtime(\..+)?/i,
    header: /(?:.*\/)?wasmtime(?:\.hh?|\/.*)/,
    cmake: { word: /\bwasmtime\b/i, shown: 'wasmtime' },
  },
  template: {
    language: 'c',
    runtime: "Wasmtime's C API",
    note: message(
      'This code is C. The bindings for .NET and Go wrap the same functions: there, too, share the engine and the module, and give each slot a store.',
    ),
  },
  notes: {
    otherwise: {
      text: 'Two threads must not use a store concurrently, and nothing prevents it: neither the C API nor its bindings take a lock.',
      sources: [C_API, PYTHON, DOTNET],
    },
    'growable-memory': {
      text: '`wasmtime_memory_grow` uses the store like any call; get pointers to the data again afterwards.',
      sources: [C_API],
    },
    'host-call': {
      text: 'A callback runs on the thread of the call, so the host code that a call reaches runs under the lock of its store.',
      sources: [DOTNET],
    },
    'memory-grow': {
      text: 'The length, and beyond the reservation also the base, change without synchronisation while other threads use the store.',
      sources: [UNDEFINED],
    },
    'memory-read': ON_MEMORY,
    'memory-write': ON_MEMORY,
    'static-memory-write': ON_MEMORY,
    'ref-func': {
      text: 'Does not apply: any two concurrent calls in one store are undefined behaviour.',
      sources: [UNDEFINED],
    },
    'unknown-code': { text: 'Only instances in the same store can share tables.', sources: [C_API] },
  },
};
