/** Lets a command speak of the source that a module was compiled from. */
import { dwarfOf } from '../../../core/debug/dwarf/dwarf.ts';
import { attachSource } from '../../../core/debug/moduleSource.ts';
import type { Module } from '../../../core/wasm/module.ts';
import type { SourceMode } from '../options.ts';

/** Attaches the debug information of a module to it, unless the user wants to hear of the binary alone. */
export function speakOfSource(module: Module, mode: SourceMode): void {
  const info = mode === 'off' ? undefined : dwarfOf(module);
  if (info !== undefined) attachSource(module, { info });
}
