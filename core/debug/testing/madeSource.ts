/** For tests: debug information that says what it is told to. */
import type { Module } from '../../wasm/module.ts';
import type { DebugInfo, DebugOrigin, SourceFunction, SourceLine, SourceVariable } from '../model.ts';
import { attachSource } from '../moduleSource.ts';

/** What the debug information says. A variable with `members` knows the path of each of its bytes. */
export interface Said {
  lines?: Record<number, SourceLine>;
  variables?: readonly (SourceVariable & { pathOf?(byte: number): string })[];
  functions?: Record<number, SourceFunction>;
}

/** Attaches such information to a module. `pathOf`: how paths of the build are called here. */
export function speakAs(
  module: Module,
  { lines = {}, variables = [], functions = {} }: Said,
  pathOf?: (file: string) => string | undefined,
  origin: DebugOrigin = 'dwarf',
): void {
  const info: DebugInfo = {
    origin,
    placeOf: (offset) => lines[offset],
    variableAt(address, memory = 0) {
      if (memory !== 0) return undefined;
      const found = variables.find(({ start, size = 1 }) => start <= address && address < start + size);
      return found && { ...found, path: found.pathOf?.(address - found.start) ?? found.path };
    },
    functionAt: (index) => functions[index],
    offsetsOf: () => [],
    files: () => [],
    problems: () => [],
  };
  attachSource(module, { info, pathOf });
}
