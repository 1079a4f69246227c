/** Which files beside a module may know its names. */

/** Ends of JavaScript glue, after the path of the module without `.wasm`. */
export const GLUE_ENDS: readonly string[] = ['.js', '.mjs', '.cjs'];

/** Ends of symbol maps, likewise. */
export const SYMBOL_MAP_ENDS: readonly string[] = ['.js.symbols', '.mjs.symbols', '.wasm.symbols', '.symbols'];
