/** Which memory of a module functions of hosts work on. */
import type { Module } from '../../wasm/module.ts';

/** Index of the memory that WASI functions use: the export `memory`, else the first. */
export function hostMemoryIndex(module: Module): number {
  return module.exports.find((e) => e.kind === 'memory' && e.name === 'memory')?.index ?? 0;
}
