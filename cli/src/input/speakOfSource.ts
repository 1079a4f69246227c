/** Lets a command speak of the source that a module was compiled from. */
import type { Module } from '../../../core/wasm/module.ts';
import type { SourceMode } from '../options.ts';

/** TODO maps14 */
export async function speakOfSource(module: Module, file: string, mode: SourceMode): Promise<void> {
  if (mode === 'off' || file === '-' || module.kind !== 'module') return;
}
