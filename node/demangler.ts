/**
 * The demangler of the Firefox Profiler (Rust compiled to WebAssembly), compiled with the first
 * mangled symbol. A symbol that makes it trap is shown as it stands, by a fresh instance.
 */
import * as glue from 'gecko-profiler-demangle/index_bg.js';
import { useDemangler } from '../core/wasm/demangle.ts';
import { demangleBytes } from './demangleBytes.ts';

/** The two classes of the engine that are used; the server's types have no DOM. */
interface Engine {
  Module: new (bytes: Uint8Array) => object;
  Instance: new (module: object, imports: object) => { exports: { __wbindgen_start(): void } };
}
const engine = (globalThis as unknown as { WebAssembly: Engine }).WebAssembly;

let compiled: object | undefined;
let ready = false;

function start(): void {
  compiled ??= new engine.Module(demangleBytes());
  const instance = new engine.Instance(compiled, { './index_bg.js': glue });
  glue.__wbg_set_wasm(instance.exports);
  instance.exports.__wbindgen_start();
  ready = true;
}

function demangle(symbol: string): string {
  try {
    if (!ready) start();
    return glue.demangle_any(symbol);
  } catch {
    // A trap leaves the instance in an unknown state; the symbol itself is a fine answer.
    ready = false;
    return symbol;
  }
}

/** Makes `demangled` work in this thread. Costs nothing until a mangled symbol is met. */
export const enableDemangling = (): void => useDemangler(demangle);
