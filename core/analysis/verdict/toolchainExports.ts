/**
 * Exports that generated bindings call and no embedder: helpers of wasm-bindgen, Emscripten, Embind and emnapi. They use
 * the state of the runtime, and no caller is interested in a verdict about them.
 * Sources: wasm-bindgen (crates/cli-support), Emscripten (system/lib, src/lib/libcore.js, `dynCall_*`, Embind's
 * system/lib/embind/bind.cpp), emnapi (`packages/emnapi`).
 */
import { sourceName } from '../../wasm/displayNames.ts';
import type { Export } from '../../wasm/module.ts';

const TOOLCHAIN: readonly RegExp[] = [
  /^(?:__wbindgen_|__externref_|__wbg_|wasm_bindgen__)/,
  /^_{0,3}(?:errno_location|getTypeName|embind_\w+|cxa_\w+|get_exception_message|trap|funcs_on_exit|stdio_exit|set_stack_limits)$/,
  /^(?:dynCall_\w+|_{0,2}emscripten_\w+|[gs]etTempRet0|saveSetjmp|__THREW__|_?fflush|memory_base|__tls_get_addr)$/,
  /^(?:emnapi_\w+|_?napi_(?:prepare|wasm|register)_?\w*|__napi_register__\w+|__wrap_\w+)$/,
  /^(?:__data_end|__heap_base|wasm_(?:export_run|export_resume|pc_f_loop)\w*|runtime\.\w+)$/,
];

/** Whether a toolchain exports the function for its own bindings. */
export const isToolchain = (exported: Pick<Export, 'name' | 'symbol'>): boolean =>
  TOOLCHAIN.some((pattern) => pattern.test(sourceName(exported)));
