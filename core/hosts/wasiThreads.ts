/**
 * wasi-threads: the convention of `wasm32-wasip1-threads`, whichever runtime implements it. A new
 * thread is a new instance of the same module over the imported shared memory.
 *
 * As of November 2026 it is a legacy proposal (https://github.com/WebAssembly/wasi-threads/pull/50). Wasmtime 47.0.0 of
 * July 2026 removed it (https://github.com/bytecodealliance/wasmtime/pull/13558, accepted in
 * https://github.com/bytecodealliance/rfcs/pull/47); Wasmtime 36, a long-term release, and 46 have it. WAMR implements
 * it, and Wasmer runs `wasm32-wasip1-threads`. What comes instead are the cooperative threads of WASI 0.3
 * (https://github.com/WebAssembly/component-model/pull/557), which run one at a time.
 */
import { message } from '../text/l10n.ts';
import type { HostNote, HostProfile } from './profile.ts';

const README = 'https://github.com/WebAssembly/wasi-threads/blob/main/README.md';

const PROPOSAL = { label: 'wasi-threads', url: 'https://github.com/WebAssembly/wasi-threads/blob/main/README.md' };
const REMOVED = { label: 'wasmtime#13558', url: 'https://github.com/bytecodealliance/wasmtime/pull/13558' };
const RFC = { label: 'rfcs#47', url: 'https://github.com/bytecodealliance/rfcs/pull/47' };
const MEMORY_IS_SHARED: HostNote = {
  text: 'Does not apply: the memory is shared.',
  sources: [
    {
      label: 'threads proposal',
      url: 'https://github.com/WebAssembly/threads/blob/main/proposals/threads/Overview.md',
    },
  ],
};
const OVER_SHARED_MEMORY: HostNote = { text: 'Applies between all threads.', sources: [PROPOSAL] };

/** The shared memory never moves. */
export const wasiThreads: HostProfile = {
  id: 'wasi-threads',
  label: 'wasi-threads',
  models: ['shared-memory', 'isolated'],
  // Without a memory to share, thread-spawn has nothing to work on: only instances apart remain.
  defaultModel: (hasSharedMemory) => (hasSharedMemory ? 'shared-memory' : 'isolated'),
  stance: {
    'shared-instance': {
      status: 'unavailable',
      text: message(
        'Every thread gets its own instance; several threads in one instance would need shared globals and tables, which the core specification does not have yet.',
      ),
      source: README,
    },
    'shared-memory': {
      status: 'allowed',
      text: message(
        'thread-spawn creates a new instance on the same memory, so globals and tables are private to a thread; Wasmtime has no thread-spawn since version 47 (July 2026), WAMR has it.',
      ),
      source: README,
    },
    isolated: {
      status: 'allowed',
      text: message('A module without shared memory cannot spawn threads; its instances share only the host.'),
      source: README,
    },
    cooperative: {
      status: 'unavailable',
      text: message('The functions of WASI neither suspend a call nor call back into the module.'),
      source: README,
    },
  },
  growMovesMemory: false,
  growText: message(
    'The shared memory never moves and its length is updated atomically; an unshared memory belongs to one thread.',
  ),
  importsShared: false,
  hostHazards: {},
  unguardedWasi: [],
  advice: {
    pure: message('Call it from any thread: the analysis found no shared state in it.'),
    'reads-only': message('Finish writing before you spawn the threads that read, or use atomics for both.'),
    stateful: message(
      'Protect the data in the shared memory with a mutex of your language or with atomics. A global is private to its thread: keep shared state in the memory.',
    ),
    grows: message(
      'Rely on the allocator of wasi-libc, which takes a lock. You may call memory.grow yourself, but the new pages belong to the thread that got them.',
    ),
    stack: message(
      'Let wasi_thread_start set up the stack pointer of the new thread; a second instance whose exports the host calls directly needs its own stack area, too.',
    ),
    synchronised: message(
      'Make every access of a cell atomic, and remember that an atomic load followed by an atomic store is two steps.',
    ),
    'host-dependent': message(
      'Check that the WASI implementation allows calls from several threads, especially on files and directories.',
    ),
    table: message(
      'Do not pass function pointers from one thread to another unless all threads fill their tables in the same way: tables are private to a thread.',
    ),
    segment: message(
      'Keep data segments passive and initialise memory once, as wasm-ld does with --shared-memory: an active segment is copied again in every thread.',
    ),
    unknown: message('Assume that the export writes the whole shared memory: call it from one thread at a time.'),
  },
  remedy: {
    lock: message('one mutex'),
    write: message('the write into its memory'),
    read: message('the read of its memory'),
    pool: message('compile the module once and keep instances in a pool'),
    reserve: () => undefined,
  },
  detection: { crate: /wasmtime-wasi-threads/, layer: 1 },
  template: {
    language: 'c',
    runtime: "WAMR's C API",
    note: message(
      'Wasmtime removed wasi-threads in version 47 (July 2026), so this code is for WAMR: build it with WAMR_BUILD_LIB_WASI_THREADS=1. Threads that the module starts with thread-spawn belong to the instance whose call started them; the pool and the lock are for the calls of the host.',
    ),
  },
  notes: {
    otherwise: {
      text: 'Every thread has its own instance. Wasmtime removed wasi-threads in version 47 (July 2026).',
      sources: [PROPOSAL, REMOVED, RFC],
    },
    'growable-memory': MEMORY_IS_SHARED,
    'memory-grow': MEMORY_IS_SHARED,
    'host-call': { text: 'Every thread can call WASI functions.', sources: [PROPOSAL] },
    'memory-read': OVER_SHARED_MEMORY,
    'memory-write': OVER_SHARED_MEMORY,
    'static-memory-write': OVER_SHARED_MEMORY,
    'mixed-atomics': { text: 'Follows the threads proposal.', sources: [PROPOSAL] },
    'ref-func': { text: 'Does not apply: a call has exclusive use of its instance.', sources: [PROPOSAL] },
    'stack-pointer': {
      text: 'The start function of a thread sets its stack pointer.',
      sources: [
        {
          label: 'wasi_thread_start',
          url: 'https://github.com/WebAssembly/wasi-libc/blob/main/libc-top-half/musl/src/thread/wasm32/wasi_thread_start.S',
        },
      ],
    },
    'unknown-code': { text: 'Tables are private to a thread.', sources: [PROPOSAL] },
  },
};
