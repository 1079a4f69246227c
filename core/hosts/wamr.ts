/** WebAssembly Micro Runtime: an `exec_env` per thread; spawned ones share the memory, not the globals. */
import type { HostProfile } from './profile.ts';

const EMBED = 'https://github.com/bytecodealliance/wasm-micro-runtime/blob/main/doc/embed_wamr.md';

export const wamr: HostProfile = {
  id: 'wamr',
  label: 'WAMR (C)',
  models: ['isolated', 'shared-memory'],
  defaultModel: (hasSharedMemory) => (hasSharedMemory ? 'shared-memory' : 'isolated'),
  stance: {
    'shared-instance': {
      status: 'unguarded',
      text: 'Threads with an exec_env each can call one module instance, but nothing guards it, and a grow in one thread moves the memory under another.',
      source: 'https://github.com/bytecodealliance/wasm-micro-runtime/issues/317',
    },
    'shared-memory': {
      status: 'allowed',
      text: 'wasm_runtime_spawn_exec_env and wasm_runtime_spawn_thread give a thread its own exec_env over the same shared memory; one exec_env must not run in two threads.',
      source: EMBED,
    },
    isolated: {
      status: 'allowed',
      text: 'A thread may have a module instance, function instance and exec_env of its own, which is what the maintainers recommend.',
      source: 'https://github.com/bytecodealliance/wasm-micro-runtime/issues/2452',
    },
  },
  growMovesMemory: true,
  growText: 'A concurrent grow can move the base of an unshared memory while another thread still uses the old one.',
  importsShared: false,
  refFuncUnsafe: false,
  segmentDropCrashes: false,
  advice: {
    pure: 'Use a module instance and an exec_env per thread; never use one exec_env in two threads.',
    'reads-only': 'Use a module instance and an exec_env per thread; each instance has its own copy of what it reads.',
    stateful:
      'Use wasm_runtime_instantiate per thread where callers need no common state. Where they do, hold one lock around the whole protocol from wasm_runtime_module_malloc to wasm_runtime_module_free.',
    grows:
      'Use a module instance per thread, or build the module with shared memory and a maximum, which does not move.',
    stack:
      'Use a module instance per thread, or wasm_runtime_spawn_exec_env, which gives the new thread a stack area of its own.',
    synchronised:
      'Build the module with -pthread and shared memory, and call wasm_runtime_spawn_exec_env for each thread. Raise max_thread_num where four threads are too few.',
    'host-dependent': 'Make native functions given to wasm_runtime_register_natives safe for concurrent use.',
    table: 'Use a module instance per thread: tables belong to the instance.',
    segment: 'Use a module instance per thread: segments belong to the instance.',
    unknown: 'Use a module instance and an exec_env per thread, and check what the native functions share.',
  },
};
