/**
 * How each host names the parts of a remedy: its lock, how the embedder reaches the memory, how instances are pooled and
 * memory is reserved. To be put into sentences; the names of functions are those of the hosts' own documentation.
 */
import type { HostId } from './profile.ts';

export interface RemedyWords {
  /** What is held around a critical section, to go after `hold`. */
  lock: string;
  /** The embedder's own accesses of the guest's memory, to go into a list of steps. */
  write: string;
  read: string;
  /** How to get instances, imperative, without a full stop. */
  pool: string;
  /**
   * Memory that does not move when it grows, a sentence with what that leaves open; undefined where the host has no means.
   * `bounded`: the memory declares a maximum.
   */
  reserve(bounded: boolean): string | undefined;
}

export const REMEDY_WORDS: Readonly<Record<HostId, RemedyWords>> = {
  wazero: {
    lock: 'one sync.Mutex',
    write: 'Memory().Write',
    read: 'Memory().Read',
    pool: 'call runtime.CompileModule once and InstantiateModule with WithName("") for each slot of a pool',
    // config.go of wazero, WithMemoryCapacityFromMax and WithMemoryLimitPages; that growth steps are lost was measured.
    reserve: (bounded) =>
      `WithMemoryCapacityFromMax(true) reserves ${bounded ? 'the declared maximum' : 'what WithMemoryLimitPages allows, 4 GiB by default,'} so that growth moves nothing, but growth steps of two callers can still be lost.`,
  },
  wasmtime: {
    lock: 'one Mutex over Store and Instance',
    write: 'Memory::write',
    read: 'Memory::read',
    pool: 'share the Module and keep pairs of Store and Instance in a pool, made by one InstancePre',
    reserve: () =>
      'Config::memory_may_move(false) with a Config::memory_reservation of that size keeps the base in place; the Store must still be used by one caller at a time.',
  },
  wasmer: {
    lock: 'one Mutex over Store and Instance',
    write: 'MemoryView::write',
    read: 'MemoryView::read',
    pool: 'share the Module and keep pairs of Store and Instance in a pool',
    reserve: () => undefined,
  },
  wamr: {
    lock: 'one lock',
    write: 'the write into its memory',
    read: 'the read of its memory',
    pool: 'call wasm_runtime_load once and keep module instances, each with an exec_env, in a pool',
    reserve: () => undefined,
  },
  'wasi-threads': {
    lock: 'one mutex',
    write: 'the write into its memory',
    read: 'the read of its memory',
    pool: 'compile the module once and keep instances in a pool',
    reserve: () => undefined,
  },
  javascript: {
    lock: 'one lock, without an await of anything else inside,',
    write: 'the write into its memory',
    read: 'the read of its memory',
    pool: 'post the WebAssembly.Module to a pool of Workers and instantiate it in each',
    reserve: () => undefined,
  },
  extism: {
    lock: 'one mutex over the Plugin',
    write: 'the input',
    read: 'the output',
    pool: 'call NewCompiledPlugin once and keep plugins of CompiledPlugin.Instance in a pool, or use the Pool of the Rust SDK',
    reserve: () => undefined,
  },
};
