/** Names and paths from debug information as they are shown: in the spelling of their language, and harmless. */

import { displayable } from '../harmless/names.ts';
import { demangled } from '../wasm/demangle.ts';
import type { SourceFunction, SourceLine, SourceVariable } from './model.ts';

/** Longest path that is kept whole, in characters. */
const LONGEST_PATH = 1000;
/** Longest name of a function or a variable, likewise. */
const LONGEST_NAME = 200;

/**
 * AssemblyScript's name of a function is a path, `assembly/index/Counter#bump` or `~lib/rt/stub/__alloc`: the last part is
 * the name.
 */
const ASSEMBLYSCRIPT = /^(?:~lib\/)?(?:[\w.@-]+\/)+([\w$#:~|<>,.]+)$/;

/** `counter::bump` for a mangled one. `assemblyScript`: whether that made the module. */
export function spelledName(name: string, assemblyScript = false): string {
  const last = assemblyScript ? ASSEMBLYSCRIPT.exec(name)?.[1] : undefined;
  return displayable(last ?? demangled(name), LONGEST_NAME);
}

/** A path of the build without characters that hide, reorder, or end a line. */
export const shownPath = (path: string): string => displayable(path, LONGEST_PATH);

/** A place with such names. */
export function shownLine(place: SourceLine): SourceLine {
  const { file, function: name, inlined } = place;
  return {
    ...place,
    file: shownPath(file),
    ...(name !== undefined && { function: spelledName(name) }),
    ...(inlined !== undefined && { inlined: inlined.map(shownLine) }),
  };
}

/** A function with such names. */
export const shownFunction = (found: SourceFunction): SourceFunction => ({
  ...found,
  name: spelledName(found.name),
  ...(found.file !== undefined && { file: shownPath(found.file) }),
});

/** A variable with such names. */
export const shownVariable = (found: SourceVariable): SourceVariable => ({
  ...found,
  name: spelledName(found.name),
  path: displayable(found.path, LONGEST_NAME),
  ...(found.type !== undefined && { type: displayable(found.type, LONGEST_NAME) }),
  ...(found.file !== undefined && { file: shownPath(found.file) }),
});
