/**
 * Wasmtime. A store is the unit of concurrency; Rust enforces it, the C API and the bindings made
 * from it leave it to the embedder.
 */
import type { HostProfile } from './profile.ts';

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
};
