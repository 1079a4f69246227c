/**
 * The demangler of the Firefox Profiler (Rust compiled to WebAssembly), compiled with the first
 * mangled symbol. A symbol that makes it trap is shown as it stands, by a fresh instance.
 */
import * as glue from 'gecko-profiler-demangle/index_bg.js';
import { useDemangler } from './demangle.ts';

/** What is used of an instance. */
interface DemanglerExports {
  memory: { grow(pages: number): number };
  __wbindgen_start(): void;
}

/** The two classes of the engine that are used; types of the core have no DOM. */
interface Engine {
  Module: new (bytes: Uint8Array) => object;
  Instance: new (module: object, imports: object) => { exports: DemanglerExports };
}
const engine = (globalThis as unknown as { WebAssembly: Engine }).WebAssembly;

/** The instance that the glue was given last. */
let current: DemanglerExports | undefined;

/**
 * Makes `demangled` work in this thread. Costs nothing until a mangled symbol is met.
 * `bytes`: gives the demangler's WebAssembly, once.
 */
export function useSymbolDemangler(bytes: () => Uint8Array): void {
  let compiled: object | undefined;
  let ready = false;

  function start(): void {
    compiled ??= new engine.Module(bytes());
    // The glue keeps a view of the memory of an instance until that is detached, also when it has another instance.
    current?.memory.grow(1);
    const { exports } = new engine.Instance(compiled, { './index_bg.js': glue });
    current = exports;
    glue.__wbg_set_wasm(exports);
    exports.__wbindgen_start();
    ready = true;
  }

  useDemangler((symbol) => {
    try {
      if (!ready) start();
      return glue.demangle_any(symbol);
    } catch {
      // A trap leaves the instance in an unknown state; the symbol itself is a fine answer.
      ready = false;
      return symbol;
    }
  });
}
