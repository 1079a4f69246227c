/**
 * Exports that a compiler makes for the runtime or for generated bindings: they run once, before all calls, and
 * concurrent callers do not use them.
 * Sources: https://github.com/WebAssembly/WASI/blob/main/legacy/application-abi.md (`_start`, `_initialize`),
 * https://github.com/WebAssembly/tool-conventions/blob/main/DynamicLinking.md and LLVM's lld/wasm (`__wasm_*`),
 * wasm-bindgen (`__wbindgen_start`).
 */
const PLUMBING: ReadonlySet<string> = new Set([
  '_initialize',
  '_start',
  '__wasm_call_ctors',
  '__wasm_init_memory',
  '__wbindgen_start',
]);

/** Whether a function is exported for the runtime, not for callers. */
export const isPlumbing = ({ name }: { name: string }): boolean => PLUMBING.has(name);
