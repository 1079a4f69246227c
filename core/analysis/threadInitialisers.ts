/**
 * Exports through which a module sets up a new thread: its stack, its thread-local storage. A host that makes an
 * instance for each thread calls one of them first in each instance.
 * Sources: wasi-threads (`wasi_thread_start`); wasm-bindgen, crates/threads-xform (`__wbindgen_start`); Emscripten,
 * system/lib/pthread and system/lib/compiler-rt/stack_ops.S; LLVM, lld/wasm (`__wasm_init_tls`, storage only)
 */
import { sourceName } from '../wasm/displayNames.ts';
import type { Module } from '../wasm/module.ts';

/** In order of preference for messages. */
const THREAD_INITIALISERS = [
  'wasi_thread_start',
  '__wbindgen_start',
  '_emscripten_thread_init',
  '__emscripten_thread_init',
  '_emscripten_stack_restore',
  'stackRestore',
  '__wasm_init_tls',
] as const;

/** Functions that run first in each new instance: thread initialisers that a host calls there, and the start function. */
export const instanceInitialisers = ({ exports, start }: Pick<Module, 'exports' | 'start'>): number[] => [
  ...exports.flatMap((exported) =>
    exported.kind === 'func' && THREAD_INITIALISERS.some((wanted) => sourceName(exported) === wanted)
      ? [exported.index]
      : [],
  ),
  ...(start === undefined ? [] : [start.func]),
];

/** Name of the first thread initialiser that a module exports; undefined if there is none. */
export const threadInitialiser = ({ exports }: Pick<Module, 'exports'>): string | undefined =>
  THREAD_INITIALISERS.find((wanted) =>
    exports.some((exported) => exported.kind === 'func' && sourceName(exported) === wanted),
  );
