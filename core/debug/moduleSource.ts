/**
 * What is known of the source that a module was compiled from, for everything that speaks about the module. Whoever opens
 * a module attaches it once; sentences, tables and results ask for it. A module without one is spoken of by its binary.
 */
import type { Module } from '../wasm/module.ts';
import type { DebugInfo } from './model.ts';

/** Debug information, and how its paths are called here. */
export interface ModuleSource {
  info: DebugInfo;
  /** The path by which people here know a file of the build, relative to what they look at; undefined: as it was built. */
  pathOf?(file: string): string | undefined;
  /** What keeps the debug information from being right or complete, in sentences without a full stop. */
  notes?(): readonly string[];
}

const sources = new WeakMap<Module, ModuleSource>();

/** Lets everything that speaks about `module` speak of its source. Nothing is read before somebody asks. */
export function attachSource(module: Module, source: ModuleSource): void {
  sources.set(module, source);
}

/** The source of a module; undefined where none is attached. */
export const sourceOf = (module: Module): ModuleSource | undefined => sources.get(module);
