import { sourceName } from '../wasm/displayNames.ts';
import type { Export } from '../wasm/module.ts';

/**
 * Exports that a toolchain makes for the runtime or for generated bindings: constructors, thread initialisers, stack
 * helpers, the entries of Asyncify. The host calls them at fixed times of an instance's life; concurrent callers do not
 * use them.
 * Sources: https://github.com/WebAssembly/WASI/blob/main/legacy/application-abi.md (`_start`, `_initialize`),
 * https://github.com/WebAssembly/wasi-threads (`wasi_thread_start`),
 * https://github.com/WebAssembly/tool-conventions/blob/main/DynamicLinking.md and LLVM's lld/wasm (`__wasm_*`),
 * wasm-bindgen (`__wbindgen_start`, `__wbindgen_thread_destroy`), Emscripten's system/lib/pthread,
 * system/lib/compiler-rt/stack_*.S and tools/emscripten.py (with or without one more underscore before the name),
 * Binaryen's Asyncify pass (`asyncify_*`), AssemblyScript (`~start`), Clang (`_GLOBAL__sub_I_*`, `__cxx_global_var_init`).
 */
const PLUMBING: readonly RegExp[] = [
  /^(?:_initialize|_start|~start|wasi_thread_start)$/,
  /^__wasm_(?:call_ctors|call_dtors|init_memory|init_tls|apply_(?:data|global|tls)_relocs|apply_global_tls_relocs)$/,
  /^(?:_GLOBAL__sub_[ID]_.*|__cxx_global_var_init(?:\.\d+)?)$/,
  /^__wbindgen_(?:start|thread_destroy)$/,
  /^_{0,2}emscripten_(?:tls_init|thread_(?:init|exit|crashed|free_data|mailbox_await|mailbox_shutdown)|proxy_main|check_mailbox)$/,
  /^_{0,2}emscripten_stack_(?:init|set_limits|restore|alloc|get_(?:base|end|free|current))$/,
  /^(?:stack(?:Save|Restore|Alloc)|setThrew|__set_stack_limits|establishStackSpace)$/,
  /^asyncify_(?:(?:start|stop)_(?:unwind|rewind)|get_state)$/,
];

/** Whether a function is exported for the runtime, not for callers. */
export const isPlumbing = (exported: Pick<Export, 'name' | 'symbol'>): boolean =>
  PLUMBING.some((pattern) => pattern.test(sourceName(exported)));
