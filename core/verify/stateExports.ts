/** The module under test with its globals exported, so that a host can read what calls leave in them. */
import { extendedSection } from '../stress/rewrite/sections.ts';
import { Encoder } from '../wasm/encoder.ts';
import type { Module } from '../wasm/module.ts';

/** Name of the added export of a global. */
export const globalExport = (index: number): string => `wasm-hazards global ${index}`;

const EXPORT = 7;
/** Sections that come after the exports: start, elements, number of data segments, code, data. */
const LATER: ReadonlySet<number> = new Set([8, 9, 12, 10, 11]);

/** The binary with further exports; functions, their bodies and all indices stay as they are. */
export function withExportedGlobals(module: Module, globals: readonly number[]): Uint8Array {
  if (globals.length === 0) return module.bytes;
  const exports = extendedSection(module, EXPORT, globals.length);
  for (const index of globals) exports.export(globalExport(index), 'global', index);
  const out = new Encoder(module.bytes.length + exports.length + 16);
  out.copy(module.bytes, 0, module.sections[0]?.offset ?? module.bytes.length);
  let written = false;
  const write = (): void => {
    if (!written) out.section(EXPORT, exports);
    written = true;
  };
  for (const { id, offset, end } of module.sections) {
    if (LATER.has(id)) write();
    if (id === EXPORT) write();
    else out.copy(module.bytes, offset, end);
  }
  write();
  return out.bytes().slice();
}
