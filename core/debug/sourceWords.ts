/**
 * Names of places and of bytes in words of the source: `src/lib.rs:31`, `counter::COUNTER`, `state.count`, `slots[3]`. All
 * names come from the file, so each passes through the functions that make names harmless. Nothing is said where the
 * debug information does not say it: bytes beyond a variable have no name.
 */

import { displayable } from '../harmless/names.ts';
import { t } from '../text/l10n.ts';
import { quoted } from '../text/phrases.ts';
import { functionName } from '../wasm/displayNames.ts';
import type { Module } from '../wasm/module.ts';
import { hex } from '../wasm/printer/numbers.ts';
import type { DebugOrigin, SourceLine, SourceVariable } from './model.ts';
import { sourceOf } from './moduleSource.ts';
import { spelledName } from './names.ts';
import { isForeign } from './paths.ts';

/** Longest path that is told. */
const PATH_LENGTH = 400;
/** Parts of an absolute path that sentences show: a folder and a file. */
const PARTS = 2;
const ABSOLUTE = /^(?:[\\/]|[a-z][a-z\d+.-]*:)/i;

/** Where code comes from, as results and their JSON say it. Names are harmless. */
export interface SourceSite {
  /** The path by which people here know the file; that of the build where nobody knows another. */
  file: string;
  /** From 1. */
  line: number;
  column?: number;
  /** The function that the line belongs to: the inlined one if the code was inlined. */
  function?: string;
}

/** Bytes of a memory, or a global, in words of the source, as results and their JSON say them. Names are harmless. */
export interface NamedBytes {
  /** `counter::COUNTER`, `state.count`, `slots[2] to slots[5]`; to be quoted as one name. */
  name: string;
  /** The variable, where `name` is a member or an element of it. */
  of?: string;
  /** Type of the variable, where `name` is all of it and the type is simple. */
  type?: string;
  /** Where the variable is declared; of the first one if there are several. */
  file?: string;
  line?: number;
  /** The bytes belong to more than one variable. */
  several?: true;
}

const pathOf = (module: Module, file: string): string =>
  displayable(sourceOf(module)?.pathOf?.(file) ?? file, PATH_LENGTH);

/** A path in sentences: whole if it is relative, else its end, `src/lib.rs`. */
const shownPath = (path: string): string =>
  ABSOLUTE.test(path)
    ? path
        .split(/[\\/]+/)
        .slice(-PARTS)
        .join('/')
    : path;

/** Where the instruction at a byte offset comes from, the innermost line of code of one's own; undefined where that is not known. */
export function sourceSite(module: Module, offset: number): SourceSite | undefined {
  const at = lineAt(module, offset);
  if (at === undefined) return undefined;
  return {
    file: pathOf(module, at.file),
    line: at.line,
    ...(at.column ? { column: at.column } : {}),
    ...(at.function ? { function: displayable(at.function) } : {}),
  };
}

/**
 * The same where people here have the file, else undefined. `file` is the path by which they know it: a path to open,
 * which need not be harmless to show.
 */
export function sourceSiteHere(module: Module, offset: number): Omit<SourceSite, 'function'> | undefined {
  const at = lineAt(module, offset);
  const file = at && sourceOf(module)?.pathOf?.(at.file);
  return file === undefined ? undefined : { file, line: at!.line, ...(at!.column ? { column: at!.column } : {}) };
}

function lineAt(module: Module, offset: number): SourceLine | undefined {
  const { lines, chosen } = linesAt(module, offset);
  return lines[chosen];
}

/**
 * The line at a byte offset and those of the calls that were inlined, innermost first, and which of them is told: the
 * innermost that people here wrote. That an atomic operation of Rust is in the file of the standard library helps nobody.
 */
function linesAt(module: Module, offset: number): { lines: readonly SourceLine[]; chosen: number } {
  const source = sourceOf(module);
  const at = source?.info.placeOf(offset);
  // Line 0 is what compilers write for code that belongs to no line.
  const lines = at === undefined ? [] : [at, ...(at.inlined ?? [])].filter(({ line }) => line >= 1);
  const here = lines.findIndex(({ file }) => source?.pathOf?.(file) !== undefined);
  const own = here >= 0 ? here : lines.findIndex(({ file }) => !isForeign(file));
  return { lines, chosen: Math.max(own, 0) };
}

/** A place with its source line in a sentence, after `at`: `` `src/lib.rs:31` (0x9f) ``, or `0x9f` where the line is not known. */
export function offsetText(module: Module, offset: number): string {
  const at = sourceSite(module, offset);
  return at === undefined ? hex(offset) : `${quoted(linkText(at))} (${hex(offset)})`;
}

/** `src/lib.rs:31`, or `src/lib.rs:31:5`, which terminals make a link of, if the column is wanted and known. */
export const linkText = ({ file, line, column }: Omit<SourceSite, 'function'>, withColumn = false): string =>
  `${shownPath(file)}:${line}${withColumn && column !== undefined ? `:${column}` : ''}`;

/** Name of a function in the source, else its display name. */
export const sourceFunctionName = (module: Module, index: number): string =>
  sourceFunction(module, index) ?? functionName(module, index);

/** Name of a function in the source; undefined where only the binary names it. */
export function sourceFunction(module: Module, index: number): string | undefined {
  const info = sourceOf(module)?.info;
  // Who knows no source only knows what the binary calls the function.
  const known = info !== undefined && KNOWS_SOURCE.has(info.origin) ? info.functionAt(index) : undefined;
  return known?.name ? displayable(known.name) : undefined;
}

const KNOWS_SOURCE: ReadonlySet<DebugOrigin> = new Set(['dwarf', 'source-map']);

/** Where a function is declared; undefined where that is not known. */
export function sourceFunctionSite(module: Module, index: number): SourceSite | undefined {
  const { file, line } = sourceOf(module)?.info.functionAt(index) ?? {};
  return file === undefined || line === undefined || line < 1 ? undefined : { file: pathOf(module, file), line };
}

/** Functions of inlined code that are named, the innermost ones. */
const MAX_INLINED = 3;

/**
 * The functions of the source whose code was put into the one at a byte offset, outermost first: the last one has the line
 * of `sourceSite`. Empty where nothing was inlined.
 */
export function inlinedFunctions(module: Module, offset: number): string[] {
  const { lines, chosen } = linesAt(module, offset);
  // The last call is in the function that the code really belongs to.
  const names = lines.slice(chosen, -1).flatMap(({ function: name }) => (name ? displayable(name) : []));
  return names.slice(0, MAX_INLINED).reverse();
}

/** The bytes `[start, end)` by name; undefined unless the first and the last of them belong to variables. */
export function namedBytes(module: Module, memory: number, start: number, end: number): NamedBytes | undefined {
  const info = sourceOf(module)?.info;
  const first = info?.variableAt(start, memory);
  if (info === undefined || first === undefined) return undefined;
  const last = end - start > 1 ? info.variableAt(end - 1, memory) : first;
  if (last === undefined) return undefined;
  const both = { name: t('{0} to {1}', spelled(first), spelled(last)), ...declaration(module, first) };
  if (last.start !== first.start || last.name !== first.name) return { ...both, several: true };
  const { size = Number.POSITIVE_INFINITY } = first;
  const whole = start <= first.start && end >= first.start + size;
  // A structure of one member is known by its member, an array by its name.
  if (first.path === last.path) return named(module, first, first.path);
  if (whole) return named(module, first, '');
  const around = [start - 1, end].map((address) => (address < 0 ? undefined : info.variableAt(address, memory)));
  const array = wholeArray(first, last, around);
  return array === undefined ? { ...both, of: displayable(first.name) } : named(module, first, array);
}

/**
 * The path of an array member, `.slots`, of which the bytes from `first` to `last` are all: those `around` them are of
 * something else. Undefined otherwise.
 */
function wholeArray(
  first: SourceVariable,
  last: SourceVariable,
  around: readonly (SourceVariable | undefined)[],
): string | undefined {
  const found = first.path.indexOf('[0]');
  const path = first.path.slice(0, found);
  if (found < 1 || !last.path.startsWith(`${path}[`)) return undefined;
  const goesOn = around.some((one) => one?.start === first.start && one.path.startsWith(`${path}[`));
  return goesOn ? undefined : path;
}

/** The array that has its first element at `start`; undefined if the variable there is no array. */
export function namedArray(module: Module, memory: number, start: number): NamedBytes | undefined {
  const variable = sourceOf(module)?.info.variableAt(start, memory);
  return variable?.path.startsWith('[0]') ? named(module, variable, '') : undefined;
}

/**
 * The variable of a mutable global: AssemblyScript keeps its variables in globals, which it names by their file,
 * `assembly/counter/hits`. Undefined for globals of other compilers, which are no variables of the source.
 */
export function namedGlobal(module: Module, index: number): NamedBytes | undefined {
  const name = module.names.globals.get(index);
  if (name === undefined || !name.includes('/') || sourceOf(module)?.info.origin !== 'source-map') return undefined;
  const known = spelledName(name, true);
  return known === name ? undefined : { name: displayable(known) };
}

const spelled = ({ name, path }: SourceVariable, part = path): string => displayable(name) + displayable(part);

const named = (module: Module, variable: SourceVariable, part: string): NamedBytes => ({
  name: spelled(variable, part),
  ...(part === '' ? {} : { of: displayable(variable.name) }),
  ...(part === '' && variable.type ? { type: displayable(variable.type) } : {}),
  ...declaration(module, variable),
});

const declaration = (module: Module, { file, line }: SourceVariable): Pick<NamedBytes, 'file' | 'line'> =>
  file === undefined || line === undefined || line < 1 ? {} : { file: pathOf(module, file), line };

/** `src/lib.rs:12`, where a variable is declared; undefined where that is not known. */
export const declaredText = ({ file, line }: NamedBytes): string | undefined =>
  file === undefined || line === undefined ? undefined : linkText({ file, line });
