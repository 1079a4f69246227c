/** How a module's allocator is called: blocks for arguments, by the signatures that toolchains give it. */
import { allocatorOf } from '../../../analysis/allocator.ts';
import type { Analysis } from '../../../analysis/model.ts';
import { sourceName } from '../../../wasm/displayNames.ts';
import type { Module } from '../../../wasm/module.ts';
import type { Argument, Call } from '../steps.ts';
import { functionType } from './functionType.ts';
import type { MemoryFunctions } from './functionUse.ts';

/** Allocates and frees blocks of a module. */
export interface Allocation {
  /** Name of the export that allocates. */
  name: string;
  /** Position of it in `Analysis.exports`, and of the one that frees, or -1. */
  allocate: number;
  free: number;
  /** Text is UTF-16, in objects of AssemblyScript's runtime. */
  utf16: boolean;
  /** Strings are passed as address and length, and belong to the function that gets them, as in wasm-bindgen. */
  givesStrings: boolean;
  /** Call that allocates `bytes`, of text or of anything. */
  call(bytes: number, text?: boolean): Call;
  /** Call that frees a block; undefined where nothing is known that does. */
  release(address: string, bytes: number): Call | undefined;
  functions: MemoryFunctions;
  /** Positions of all exports that allocate or free. */
  all: ReadonlySet<number>;
}

/** Class ids of AssemblyScript's runtime: `Object`, and `String`, since version 0.28 and before. */
const ASSEMBLYSCRIPT = { object: 0, string: 2 };
const ALIGNMENT = 8;

/**
 * The allocator of a module, by name and type; undefined where there is none.
 * @param given position of an allocator that was found otherwise
 */
export function allocationOf(module: Module, analysis: Analysis, given?: number): Allocation | undefined {
  const { exports } = analysis;
  const found = allocatorOf(module, analysis);
  const allocate = given ?? found.allocate;
  if (allocate < 0) return undefined;
  const { name, func } = exports[allocate];
  const known = sourceName(exports[allocate]);
  const { params } = functionType(module, func);
  const sized = sizes(known, params.length);
  if (sized === undefined) return undefined;
  const free = found.free;
  const freed = free < 0 ? 0 : functionType(module, exports[free].func).params.length;
  const all = [...found.all, allocate];
  const frees = (position: number) => functionType(module, exports[position].func).results.length === 0;
  return {
    name,
    allocate,
    free,
    utf16: known === '__new',
    givesStrings: known === '__wbindgen_malloc',
    call: (bytes, text = false) => [name, ...sized(bytes, text)],
    release: (address, bytes) =>
      free < 0 || freed > 3 ? undefined : [exports[free].name, ...[address, bytes, ALIGNMENT].slice(0, freed)],
    all: new Set(all),
    functions: {
      allocating: new Set(all.filter((position) => !frees(position)).map((position) => exports[position].func)),
      freeing: new Set(all.filter(frees).map((position) => exports[position].func)),
    },
  };
}

/** Arguments for a size; undefined for signatures that no allocator has. */
function sizes(name: string, params: number): ((bytes: number, text: boolean) => Argument[]) | undefined {
  switch (params) {
    case 1:
      return (bytes) => [bytes];
    case 2:
      if (name === '__new') return (bytes, text) => [bytes, text ? ASSEMBLYSCRIPT.string : ASSEMBLYSCRIPT.object];
      if (/calloc/.test(name)) return (bytes) => [1, bytes];
      if (/realloc/.test(name)) return (bytes) => [0, bytes];
      return (bytes, text) => [bytes, text ? 1 : ALIGNMENT];
    case 3:
      return /realloc/.test(name) ? (bytes) => [0, 0, bytes] : undefined;
    case 4:
      return (bytes, text) => [0, 0, text ? 1 : ALIGNMENT, bytes];
    default:
      return undefined;
  }
}
