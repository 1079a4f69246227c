/** The demangler's WebAssembly. The build replaces this file by one that carries the bytes in itself. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

/** Reads the binary from `node_modules`. @throws Error when the package is not installed */
export function demangleBytes(): Uint8Array {
  return readFileSync(createRequire(import.meta.url).resolve('gecko-profiler-demangle/index_bg.wasm'));
}
