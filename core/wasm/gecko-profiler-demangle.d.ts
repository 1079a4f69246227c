/** The glue of `gecko-profiler-demangle` 0.4 without its loader, which needs WebAssembly modules as ES modules. */
declare module 'gecko-profiler-demangle/index_bg.js' {
  export function __wbg_set_wasm(exports: object): void;
  export function demangle_any(symbol: string): string;
}
