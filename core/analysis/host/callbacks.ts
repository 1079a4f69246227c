/**
 * What functions of known hosts call of the module: a slot of the table that their first argument names, exports.
 * Source: `makeInvokeFunction` in tools/emscripten.py of Emscripten; crates/cli-support/src/js/mod.rs of wasm-bindgen.
 */
import { sourceName } from '../../wasm/displayNames.ts';
import type { Export, Import, Module } from '../../wasm/module.ts';
import { F32, F64, I32, I64, type ValType } from '../../wasm/types.ts';
import { sourceImport } from './sourceImport.ts';
import { bindgenOwnName, isBindgenImport } from './wasmBindgen.ts';

/** Names of exports that calls with exceptions use: versions of Emscripten have different ones. */
export const STACK_SAVE: readonly string[] = ['stackSave', 'emscripten_stack_get_current'];
export const STACK_RESTORE: readonly string[] = ['stackRestore', '_emscripten_stack_restore'];
export const SET_THREW: readonly string[] = ['setThrew', '_setThrew'];
/** Exports under which builds of wasm-bindgen have the allocator that text is passed with. */
export const BINDGEN_MALLOC: readonly string[] = ['__wbindgen_malloc', '__wbindgen_export_0', '__wbindgen_export_1'];

/** Functions that pass text to the guest. */
const GIVES_TEXT: ReadonlySet<string> = new Set(['string_get', 'debug_string']);

/** What a call of an imported function calls. */
export interface HostCallbacks {
  /** The table through which the function in the slot of the first argument is called, -1 if none is. */
  table: number;
  /** Types that this function can have, as type indices. */
  types: number[];
  /** Exported functions, as function indices. */
  functions: number[];
}

/** Whether a function of Emscripten calls a slot of the table: `invoke_vii`. */
export const isInvoke = (name: string): boolean => /^invoke_[a-z]+$/.test(name);

/** The table that a toolchain's host calls through: by its usual names, else the first that is exported. */
export function calledTable(module: Module): Export | undefined {
  const tables = module.exports.filter(({ kind }) => kind === 'table');
  return tables.find(({ name }) => name === '__indirect_function_table' || name === 'table') ?? tables[0];
}

/** What an imported function calls of the module, as far as that is known; undefined if nothing is. */
export function callbacksOf(module: Module, imported: Import): HostCallbacks | undefined {
  const { module: from, name } = sourceImport(imported);
  if (from === 'env' && isInvoke(name))
    return {
      table: calledTable(module)?.index ?? 0,
      types: invokedTypes(module, imported, name),
      functions: exported(module, [...STACK_SAVE, ...STACK_RESTORE, ...SET_THREW]),
    };
  if (isBindgenImport(from, name) && GIVES_TEXT.has(bindgenOwnName(name) ?? ''))
    return { table: -1, types: [], functions: exported(module, BINDGEN_MALLOC) };
  return undefined;
}

const exported = (module: Module, names: readonly string[]): number[] =>
  module.exports.filter((one) => one.kind === 'func' && names.includes(sourceName(one))).map(({ index }) => index);

const LETTERS: Readonly<Record<string, ValType>> = { i: I32, p: I32, j: I64, f: F32, d: F64 };

/**
 * Types of the function in the slot: that of the import without the slot, and the one that its name spells, for JavaScript
 * without BigInt gets each i64 as two i32.
 */
function invokedTypes(module: Module, imported: Import, name: string): number[] {
  const type = module.types[module.functions.typeIndex[imported.index]]?.composite;
  if (type?.kind !== 'func' || type.params.length === 0) return [];
  const [result, ...params] = [...name.slice('invoke_'.length)];
  const spelled = [params.map((letter) => LETTERS[letter]), result === 'v' ? [] : [LETTERS[result]]].join('>');
  const called = [type.params.slice(1), type.results].join('>');
  return module.types.flatMap(({ composite: one }, index) => {
    const text = one.kind === 'func' ? [one.params, one.results].join('>') : undefined;
    return text !== undefined && (text === called || text === spelled) ? [index] : [];
  });
}
