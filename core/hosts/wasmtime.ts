/** Wasmtime in Rust, where the compiler enforces that a store, the unit of concurrency, has one caller at a time. */
import type { HostNote, HostProfile } from './profile.ts';

const ONE_CALLER = { label: 'wasmtime#7582', url: 'https://github.com/bytecodealliance/wasmtime/issues/7582' };
const STORE_T = { label: 'wasmtime_store_t', url: 'https://docs.wasmtime.dev/c-api/structwasmtime__store.html' };
const SHARED_MEMORY = { label: 'SharedMemory', url: 'https://docs.wasmtime.dev/api/wasmtime/struct.SharedMemory.html' };
const OVER_SHARED_MEMORY: HostNote = {
  text: 'Only over a shared memory: a store must not be used by two callers at once.',
  sources: [ONE_CALLER, SHARED_MEMORY],
};

export const wasmtime: HostProfile = {
  id: 'wasmtime',
  label: 'Wasmtime',
  models: ['isolated', 'shared-memory'],
  defaultModel: (hasSharedMemory) => (hasSharedMemory ? 'shared-memory' : 'isolated'),
  stance: {
    'shared-instance': {
      status: 'forbidden',
      text: 'A call needs its store exclusively: in Rust two calls at once do not compile, through the C API and the Go, Python and .NET bindings they are undefined behaviour.',
      source: 'https://github.com/bytecodealliance/wasmtime/issues/7582',
    },
    'shared-memory': {
      status: 'allowed',
      text: 'Instances in different stores may import one SharedMemory, which is made for use by many threads.',
      source: 'https://docs.wasmtime.dev/api/wasmtime/struct.SharedMemory.html',
    },
    isolated: {
      status: 'allowed',
      text: 'Engine and Module may be shared by threads; each caller has a Store and an Instance of its own.',
      source: 'https://docs.wasmtime.dev/c-api/structwasmtime__store.html',
    },
  },
  growMovesMemory: true,
  growText:
    'A grow changes the length without synchronisation, and the base too once the memory outgrows its reservation; only the exclusive use of the store keeps other callers away.',
  importsShared: false,
  refFuncUnsafe: false,
  segmentDropCrashes: false,
  unguardedWasi: [],
  advice: {
    pure: 'Use one Store per thread and share the Module; keep an InstancePre where instantiation is frequent.',
    'reads-only': 'Use one Store per thread and share the Module; each instance has its own copy of what it reads.',
    stateful:
      'Use one Store per thread where callers need no common state. Where they do, put Store and Instance behind one Mutex and hold it around the whole protocol, not only around the call.',
    grows:
      'Use one Store per thread, or a SharedMemory, which never moves and whose growth is locked. Limit growth with Store::limiter.',
    stack:
      'Use one Store per thread: every instance has its own stack pointer. Over a SharedMemory, give each instance its own stack area before its first call.',
    synchronised:
      'Import one SharedMemory into an instance per thread. A separate atomic load and store is still not one step.',
    'host-dependent':
      'Make functions given to the Linker safe for concurrent use: their closures are Send and Sync, the state they reach is up to you. Keep per-caller state in the data of the Store.',
    table: 'Use one Store per thread: tables are never shared between stores.',
    segment: 'Use one Store per thread: segments belong to the instance.',
    unknown: 'Use one Store per thread and check what the imported functions share.',
  },
  remedy: {
    lock: 'one Mutex over Store and Instance',
    write: 'Memory::write',
    read: 'Memory::read',
    pool: 'share the Module and keep pairs of Store and Instance in a pool, made by one InstancePre',
    reserve: () =>
      'Config::memory_may_move(false) with a Config::memory_reservation of that size keeps the base in place; the Store must still be used by one caller at a time.',
  },
  detection: { crate: /wasmtime(-.+)?/ },
  template: { language: 'rust', runtime: 'Wasmtime', note: undefined },
  notes: {
    otherwise: {
      text: 'A store must not be used by two callers at once; Rust does not compile it, the C API leaves it undefined.',
      sources: [ONE_CALLER],
    },
    'growable-memory': { text: '`Memory::grow` needs the store.', sources: [STORE_T] },
    'host-call': {
      text: 'Closures given to a `Linker` are `Send + Sync`; the state they reach is up to the embedder.',
      sources: [{ label: 'IntoFunc', url: 'https://docs.rs/wasmtime/latest/wasmtime/trait.IntoFunc.html' }],
    },
    'memory-grow': {
      text: 'Length, and beyond the reservation also base, change without synchronisation; the store must be used by one caller at a time.',
      sources: [ONE_CALLER],
    },
    'memory-read': OVER_SHARED_MEMORY,
    'memory-write': OVER_SHARED_MEMORY,
    'static-memory-write': OVER_SHARED_MEMORY,
    'mixed-atomics': {
      text: 'Atomics over a shared memory follow the threads proposal.',
      sources: [
        SHARED_MEMORY,
        {
          label: 'threads proposal',
          url: 'https://github.com/WebAssembly/threads/blob/main/proposals/threads/Overview.md',
        },
      ],
    },
    'ref-func': { text: 'The rule is not used: a call has its instance to itself.', sources: [ONE_CALLER] },
    'stack-pointer': {
      text: 'A store must not be used by two callers at once; over a shared memory each instance needs its own stack area.',
      sources: [ONE_CALLER, SHARED_MEMORY],
    },
    'unknown-code': { text: 'Tables are shared within one store only.', sources: [STORE_T] },
  },
};
