/** WebAssembly Micro Runtime: an `exec_env` per thread; spawned ones share the memory, not the globals. */
import { message } from '../text/l10n.ts';
import type { HostNote, HostProfile } from './profile.ts';

const EMBED = 'https://github.com/bytecodealliance/wasm-micro-runtime/blob/main/doc/embed_wamr.md';

const THREAD_ADVICE = { label: 'wamr#2452', url: 'https://github.com/bytecodealliance/wasm-micro-runtime/issues/2452' };
const GROW_MOVES = { label: 'wamr#317', url: 'https://github.com/bytecodealliance/wasm-micro-runtime/issues/317' };
const EXCEPTION = { label: 'wamr#4007', url: 'https://github.com/bytecodealliance/wasm-micro-runtime/pull/4007' };
const EMBED_GUIDE = {
  label: 'embed_wamr.md',
  url: 'https://github.com/bytecodealliance/wasm-micro-runtime/blob/main/doc/embed_wamr.md',
};
const OVER_SHARED_MEMORY: HostNote = {
  text: 'On a shared memory, between spawned exec_envs.',
  sources: [EMBED_GUIDE],
};

/** Growth of a memory during an access to it damages the host itself. */
export const wamr: HostProfile = {
  id: 'wamr',
  label: 'WAMR (C)',
  models: ['isolated', 'shared-memory'],
  defaultModel: (hasSharedMemory) => (hasSharedMemory ? 'shared-memory' : 'isolated'),
  stance: {
    'shared-instance': {
      status: 'unguarded',
      text: message(
        'Threads with separate exec_envs can call one module instance, but nothing synchronises them, and growth in one thread can move the memory while another thread uses it.',
      ),
      source: 'https://github.com/bytecodealliance/wasm-micro-runtime/issues/317',
    },
    'shared-memory': {
      status: 'allowed',
      text: message(
        'wasm_runtime_spawn_exec_env and wasm_runtime_spawn_thread give a thread its own exec_env on the same shared memory; two threads must not use one exec_env.',
      ),
      source: EMBED,
    },
    isolated: {
      status: 'allowed',
      text: message(
        'Each thread can have its own module instance, function instance and exec_env, which is what the maintainers recommend.',
      ),
      source: 'https://github.com/bytecodealliance/wasm-micro-runtime/issues/2452',
    },
    cooperative: {
      status: 'allowed',
      text: message('A native function gets the exec_env of the call and may call exports with it before it returns.'),
      source: 'https://github.com/bytecodealliance/wasm-micro-runtime/blob/main/doc/export_native_api.md',
    },
  },
  growMovesMemory: true,
  growText: message(
    'A concurrent grow can move the base of an unshared memory while another thread still uses the old one.',
  ),
  importsShared: false,
  hostHazards: {
    'memory-growth': {
      name: message('growth of a memory during an access to it'),
      text: message(
        'WAMR can move the memory while another thread still uses its old base. That thread then reads or writes memory that the host has freed.',
      ),
      sources: [GROW_MOVES],
    },
    'overlapping-calls': {
      name: message('two calls in one module instance at the same time'),
      text: message(
        'WAMR keeps the exception of a call in the module instance, so a trap in one thread is taken for one of the others. Its maintainers say that functions of one instance cannot run in several threads.',
      ),
      sources: [THREAD_ADVICE, GROW_MOVES, EXCEPTION],
    },
  },
  unguardedWasi: [],
  advice: {
    pure: message('Use a module instance and an exec_env per thread; never use one exec_env in two threads.'),
    'reads-only': message(
      'Use a module instance and an exec_env per thread; each instance has its own copy of what it reads.',
    ),
    stateful: message(
      'Call wasm_runtime_instantiate per thread if callers need not share state. Otherwise, hold one lock for the whole sequence from wasm_runtime_module_malloc to wasm_runtime_module_free.',
    ),
    grows: message(
      'Use a module instance per thread, or build the module with a shared memory that has a maximum, which does not move.',
    ),
    stack: message(
      'Use a module instance per thread, or wasm_runtime_spawn_exec_env, which gives the new thread its own stack area.',
    ),
    synchronised: message(
      'Build the module with -pthread and shared memory, and call wasm_runtime_spawn_exec_env for each thread. Raise max_thread_num if you need more than four threads.',
    ),
    'host-dependent': message(
      'Make the native functions that you register with wasm_runtime_register_natives safe for concurrent use.',
    ),
    table: message('Use a module instance per thread: tables belong to the instance.'),
    segment: message('Use a module instance per thread: segments belong to the instance.'),
    unknown: message(
      'Use a module instance and an exec_env per thread, and check which state the native functions share.',
    ),
  },
  remedy: {
    lock: message('one lock'),
    write: message('the write into its memory'),
    read: message('the read of its memory'),
    pool: message('call wasm_runtime_load once and keep module instances, each with an exec_env, in a pool'),
    reserve: () => undefined,
  },
  detection: {
    goModule: /github\.com\/(bytecodealliance|wasm-micro-runtime)\/wasm-micro-runtime(\/.*)?/,
    crate: /wamr(-rust)?-(sdk|sys)/,
    header: /(?:.*\/)?wasm_export\.h/,
    cmake: { word: /\bWAMR_(ROOT_DIR|BUILD_\w+)\b|\bwasm-micro-runtime\b/, shown: 'wasm-micro-runtime' },
  },
  template: { language: 'c', runtime: "WAMR's C API", note: undefined },
  notes: {
    otherwise: { text: 'Each thread should have its own instance and exec_env.', sources: [THREAD_ADVICE] },
    'growable-memory': { text: 'Growth may change the base while another thread uses it.', sources: [GROW_MOVES] },
    'host-call': { text: 'Native functions are registered once for all instances.', sources: [EMBED_GUIDE] },
    'memory-grow': {
      text: 'Growth in one thread may change the base while another thread uses it.',
      sources: [GROW_MOVES],
    },
    'memory-read': OVER_SHARED_MEMORY,
    'memory-write': OVER_SHARED_MEMORY,
    'static-memory-write': OVER_SHARED_MEMORY,
    'mixed-atomics': { text: 'Follows the threads proposal.', sources: [EMBED_GUIDE] },
    'ref-func': { text: 'Does not apply: a call has exclusive use of its instance.', sources: [THREAD_ADVICE] },
    'stack-pointer': {
      text: 'A spawned exec_env gets its own stack area.',
      sources: [
        {
          label: 'thread_manager.c',
          url: 'https://github.com/bytecodealliance/wasm-micro-runtime/blob/main/core/iwasm/libraries/thread-mgr/thread_manager.c',
        },
      ],
    },
    'unknown-code': { text: 'Only one thread should use a module instance.', sources: [THREAD_ADVICE] },
  },
};
