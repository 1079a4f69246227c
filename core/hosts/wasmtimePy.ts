/**
 * Wasmtime in Python, through the package `wasmtime` (wasmtime-py), which calls Wasmtime's C API with ctypes. ctypes
 * releases the global interpreter lock during a call, so that threads really run at the same time, and nothing holds
 * them to one store each. As of wasmtime-py 50.0.1, November 2026.
 *
 * Sources: "Currently the bindings in this repository are not thread safe"
 * (https://github.com/bytecodealliance/wasmtime-py/issues/254), "A store is not safe to simultaneously use on multiple
 * threads" (https://github.com/bytecodealliance/wasmtime-py/issues/322), and the package itself.
 */
import { message, t } from '../text/l10n.ts';
import type { HostNote, HostProfile } from './profile.ts';

const NOT_SAFE = { label: 'wasmtime-py#254', url: 'https://github.com/bytecodealliance/wasmtime-py/issues/254' };
const STORE = { label: 'wasmtime-py#322', url: 'https://github.com/bytecodealliance/wasmtime-py/issues/322' };
const UNDEFINED = { label: 'wasmtime#7582', url: 'https://github.com/bytecodealliance/wasmtime/issues/7582' };
const GIL = { label: 'ctypes', url: 'https://docs.python.org/3/library/ctypes.html#ctypes.CDLL' };
const C_API = { label: 'wasmtime.h', url: 'https://docs.wasmtime.dev/c-api/wasmtime_8h.html' };
const FUNC_PY = {
  label: '_func.py',
  url: 'https://github.com/bytecodealliance/wasmtime-py/blob/main/wasmtime/_func.py',
};
const SHARED_MEMORY = {
  label: 'wasmtime-py#318',
  url: 'https://github.com/bytecodealliance/wasmtime-py/issues/318',
};
const MEASURED = 'wasmtime-py 50.0.1, Python 3.11, amd64';

const ON_MEMORY: HostNote = {
  text: 'Nothing synchronises threads that use the memory of one store; `Memory.read` and `Memory.write` take no lock either. Threads with separate stores meet only in a `SharedMemory`.',
  sources: [STORE, C_API],
};

/** A host of its own, not a row of `wasmtimeCApi`: it has a template, and hazards that only the package has. */
export const wasmtimePy: HostProfile = {
  id: 'wasmtime-py',
  label: 'Wasmtime (Python)',
  models: ['isolated', 'shared-memory', 'shared-instance'],
  defaultModel: (hasSharedMemory) => (hasSharedMemory ? 'shared-memory' : 'isolated'),
  stance: {
    'shared-instance': {
      status: 'unguarded',
      undefinedBehaviour: true,
      text: message(
        'Nothing stops two threads from calling into one Store concurrently, which is undefined behaviour whatever the calls do; the global interpreter lock does not help, because ctypes releases it during a call.',
      ),
      source: STORE.url,
    },
    'shared-memory': {
      status: 'allowed',
      text: message(
        'Instances in different stores may import one SharedMemory; wasmtime-py 50.0.1 raises a TypeError there, which the generated code works around.',
      ),
      source: SHARED_MEMORY.url,
    },
    isolated: {
      status: 'allowed',
      text: message(
        'Threads may share an Engine and a Module; each caller needs its own Store and Instance, and nothing enforces that.',
      ),
      source: C_API.url,
    },
    cooperative: {
      status: 'allowed',
      text: message(
        'A host function that asks for the Caller may call exports with it as their store before it returns; there are no asynchronous calls of core modules.',
      ),
      source: FUNC_PY.url,
    },
  },
  growMovesMemory: true,
  growText: message(
    'A grow changes the length without synchronisation, and the base too once the memory outgrows its reservation; nothing excludes other threads that use the Store.',
  ),
  importsShared: false,
  hostHazards: {
    'overlapping-calls': {
      name: message('two calls in one Store at the same time'),
      text: message(
        'Concurrent calls in one Store are undefined behaviour, even of exports that share no state: the calls change the store itself. The process panicked or crashed in every run of four threads whose calls trapped.',
      ),
      measured: MEASURED,
      sources: [STORE, UNDEFINED, GIL],
    },
  },
  unguardedWasi: [],
  advice: {
    pure: message(
      'Use one Store per thread and share Engine and Module: even a pure export must not run concurrently in one Store.',
    ),
    'reads-only': message(
      'Use one Store per thread and share Engine and Module: even exports that only read must not run concurrently in one Store.',
    ),
    stateful: message(
      'Use one Store per thread if callers need not share state. Otherwise, hold one threading.Lock for everything that uses the Store, from the allocation to the last read of its memory.',
    ),
    grows: message(
      'Use one Store per thread, or hold one threading.Lock for every use of the Store, and call get_buffer_ptr again after each call.',
    ),
    stack: message(
      'Use one Store per thread: every instance has its own stack pointer. On a SharedMemory, give each instance its own stack area before its first call.',
    ),
    synchronised: message(
      'Import one SharedMemory into an instance per thread. An atomic load followed by an atomic store is still two steps.',
    ),
    'host-dependent': message(
      'Make the Python functions that you define in the Linker safe for concurrent use, and give every Store its own WasiConfig. Do not rely on which call raises an exception of a host function: the package keeps it in one variable for all threads.',
    ),
    table: message('Use one Store per thread: tables are never shared between stores.'),
    segment: message('Use one Store per thread: segments belong to the instance.'),
    unknown: message('Use one Store per thread and check which state the host functions share.'),
  },
  remedy: {
    lock: message('one threading.Lock over the Store'),
    write: 'Memory.write',
    read: 'Memory.read',
    pool: message(
      'share Engine and Module, and keep pairs of Store and Instance in a pool, made with Linker.instantiate_pre',
    ),
    reserve: () =>
      t(
        'Config.memory_may_move = False with a Config.memory_reservation of that size keeps the base in place; only one thread at a time may use the Store.',
      ),
  },
  detection: { pythonPackage: /wasmtime/ },
  template: { language: 'python', runtime: 'wasmtime-py', note: undefined },
  notes: {
    otherwise: {
      text: 'Two threads must not use a Store concurrently, and nothing prevents it: the package takes no lock, and ctypes releases the global interpreter lock during a call.',
      sources: [NOT_SAFE, STORE, GIL],
    },
    'growable-memory': {
      text: '`Memory.grow` uses the Store like any call; pointers of `data_ptr` and `get_buffer_ptr` are invalid afterwards.',
      sources: [C_API],
    },
    'host-call': {
      text: 'A host function runs on the thread of the call. If it raises, the package keeps the exception in one variable for all threads until the call ends: with concurrent calls, another call raised it instead, even in another Store.',
      measured: MEASURED,
      sources: [FUNC_PY],
    },
    'memory-grow': {
      text: 'The length, and beyond the reservation also the base, change without synchronisation while other threads use the Store.',
      sources: [UNDEFINED],
    },
    'memory-read': ON_MEMORY,
    'memory-write': ON_MEMORY,
    'static-memory-write': ON_MEMORY,
    'mixed-atomics': {
      text: 'Atomics on a shared memory follow the threads proposal. Python reads and writes a `SharedMemory` through `data_ptr`, which is not atomic.',
      sources: [
        SHARED_MEMORY,
        {
          label: 'threads proposal',
          url: 'https://github.com/WebAssembly/threads/blob/main/proposals/threads/Overview.md',
        },
      ],
    },
    'ref-func': {
      text: 'Does not apply: any two concurrent calls in one Store are undefined behaviour.',
      sources: [STORE],
    },
    'stack-pointer': {
      text: 'Two threads must not use a Store concurrently; on a shared memory, each instance needs its own stack area.',
      sources: [STORE, SHARED_MEMORY],
    },
    'unknown-code': { text: 'Only instances in the same Store can share tables.', sources: [C_API] },
  },
};
