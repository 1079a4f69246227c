/** What an import is in the source, where Emscripten has minified its name. */
import type { Import } from '../../wasm/module.ts';

/** Functions of WASI preview 1 by their groups: https://github.com/WebAssembly/WASI/blob/main/legacy/preview1/docs.md */
const WASI = /^(?:args|clock|environ|fd|path|poll|proc|random|sched|sock)_[a-z_]+$/;

/**
 * Module and name of an import in the source. Emscripten minifies both, and takes functions from two modules: those of WASI,
 * and everything else from `env`.
 */
export function sourceImport({ module, name, symbol }: Pick<Import, 'module' | 'name' | 'symbol'>): {
  module: string;
  name: string;
} {
  if (symbol === undefined) return { module, name };
  return { module: WASI.test(symbol) ? 'wasi_snapshot_preview1' : 'env', name: symbol };
}
