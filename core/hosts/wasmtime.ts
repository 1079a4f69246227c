/**
 * Wasmtime in Rust, where the compiler enforces that a store, the unit of concurrency, has one caller at a time. As of
 * version 50, November 2026: asynchronous calls need no `Config::async_support` any more
 * (https://github.com/bytecodealliance/wasmtime/pull/12371), and wasi-threads is gone since version 47
 * (https://github.com/bytecodealliance/wasmtime/pull/13558); shared memories and atomics stay.
 */
import { message, t } from '../text/l10n.ts';
import type { HostNote, HostProfile } from './profile.ts';

const ONE_CALLER = { label: 'wasmtime#7582', url: 'https://github.com/bytecodealliance/wasmtime/issues/7582' };
const STORE_T = { label: 'wasmtime_store_t', url: 'https://docs.wasmtime.dev/c-api/structwasmtime__store.html' };
const SHARED_MEMORY = { label: 'SharedMemory', url: 'https://docs.wasmtime.dev/api/wasmtime/struct.SharedMemory.html' };
const OVER_SHARED_MEMORY: HostNote = {
  text: 'Only on a shared memory, because two callers must not use a store concurrently.',
  sources: [ONE_CALLER, SHARED_MEMORY],
};

/** The Rust API, for which code is generated. The C API and the bindings made from it are `wasmtimeCApi`. */
export const wasmtime: HostProfile = {
  id: 'wasmtime',
  label: 'Wasmtime',
  models: ['isolated', 'shared-memory'],
  defaultModel: (hasSharedMemory) => (hasSharedMemory ? 'shared-memory' : 'isolated'),
  stance: {
    'shared-instance': {
      status: 'forbidden',
      text: message(
        'A call needs exclusive access to its store: in Rust, concurrent calls do not compile; through the C API and the Go, Python and .NET bindings, they are undefined behaviour.',
      ),
      source: 'https://github.com/bytecodealliance/wasmtime/issues/7582',
    },
    'shared-memory': {
      status: 'allowed',
      text: message('Instances in different stores may import one SharedMemory, which many threads may use.'),
      source: 'https://docs.wasmtime.dev/api/wasmtime/struct.SharedMemory.html',
    },
    isolated: {
      status: 'allowed',
      text: message('Threads may share an Engine and a Module; each caller has its own Store and Instance.'),
      source: 'https://docs.wasmtime.dev/c-api/structwasmtime__store.html',
    },
    cooperative: {
      status: 'allowed',
      text: message(
        'call_async keeps its Store borrowed until it is done, so no other call of that Store starts meanwhile, except those that a host function makes through its Caller; only calls of components (call_concurrent, WASI 0.3) can interleave in one instance.',
      ),
      source: 'https://docs.wasmtime.dev/api/wasmtime/component/struct.Func.html#method.call_concurrent',
    },
  },
  growMovesMemory: true,
  growText: message(
    'A grow changes the length without synchronisation, and the base too once the memory outgrows its reservation; only exclusive use of the store excludes other callers.',
  ),
  importsShared: false,
  hostHazards: {
    'overlapping-calls': {
      name: message('two calls in one store at the same time'),
      text: message(
        'A call takes its Store by mutable reference, so concurrent calls in one Store compile only with unsafe code, and are undefined behaviour there.',
      ),
      sources: [ONE_CALLER],
    },
  },
  unguardedWasi: [],
  advice: {
    pure: message('Use one Store per thread and share the Module; keep an InstancePre if you instantiate often.'),
    'reads-only': message(
      'Use one Store per thread and share the Module; each instance has its own copy of what it reads.',
    ),
    stateful: message(
      'Use one Store per thread if callers need not share state. Otherwise, put the Store and the Instance behind one Mutex and hold it for the whole sequence of calls and memory accesses, not for each call alone.',
    ),
    grows: message(
      'Use one Store per thread, or a SharedMemory, which never moves and whose growth is locked. Limit growth with Store::limiter.',
    ),
    stack: message(
      'Use one Store per thread: every instance has its own stack pointer. On a SharedMemory, give each instance its own stack area before its first call.',
    ),
    synchronised: message(
      'Import one SharedMemory into an instance per thread. An atomic load followed by an atomic store is still two steps.',
    ),
    'host-dependent': message(
      'Make the functions that you define in the Linker safe for concurrent use: their closures are Send and Sync, but the state they reach is your responsibility. Keep per-caller state in the data of the Store.',
    ),
    table: message('Use one Store per thread: tables are never shared between stores.'),
    segment: message('Use one Store per thread: segments belong to the instance.'),
    unknown: message('Use one Store per thread and check which state the imported functions share.'),
  },
  remedy: {
    lock: message('one Mutex over Store and Instance'),
    write: 'Memory::write',
    read: 'Memory::read',
    pool: message('share the Module and keep pairs of Store and Instance in a pool, created from one InstancePre'),
    reserve: () =>
      t(
        'Config::memory_may_move(false) with a Config::memory_reservation of that size keeps the base in place; only one caller at a time may use the Store.',
      ),
  },
  detection: { crate: /wasmtime(-.+)?/ },
  template: { language: 'rust', runtime: 'Wasmtime', note: undefined },
  notes: {
    otherwise: {
      text: 'Two callers must not use a store concurrently; in Rust this does not compile, in the C API it is undefined behaviour.',
      sources: [ONE_CALLER],
    },
    'growable-memory': { text: '`Memory::grow` needs exclusive access to the store.', sources: [STORE_T] },
    'host-call': {
      text: 'Closures defined in a `Linker` are `Send + Sync`; the embedder is responsible for the state they reach.',
      sources: [{ label: 'IntoFunc', url: 'https://docs.rs/wasmtime/latest/wasmtime/trait.IntoFunc.html' }],
    },
    'memory-grow': {
      text: 'The length, and beyond the reservation also the base, change without synchronisation; only one caller at a time may use the store.',
      sources: [ONE_CALLER],
    },
    'memory-read': OVER_SHARED_MEMORY,
    'memory-write': OVER_SHARED_MEMORY,
    'static-memory-write': OVER_SHARED_MEMORY,
    'mixed-atomics': {
      text: 'Atomics on a shared memory follow the threads proposal.',
      sources: [
        SHARED_MEMORY,
        {
          label: 'threads proposal',
          url: 'https://github.com/WebAssembly/threads/blob/main/proposals/threads/Overview.md',
        },
      ],
    },
    'ref-func': { text: 'Does not apply: a call has exclusive use of its instance.', sources: [ONE_CALLER] },
    'stack-pointer': {
      text: 'Two callers must not use a store concurrently; on a shared memory, each instance needs its own stack area.',
      sources: [ONE_CALLER, SHARED_MEMORY],
    },
    'unknown-code': { text: 'Only instances in the same store can share tables.', sources: [STORE_T] },
  },
};
