/** What is known of an imported function: by its names in the source, where its type fits. */
import type { Import, Module } from '../../wasm/module.ts';
import { F32, F64, I32, I64, type ValType } from '../../wasm/types.ts';
import type { HostDescription, HostPointer } from './description.ts';
import { ENV_FUNCTIONS } from './emscripten.ts';
import { sourceImport } from './sourceImport.ts';
import { WASI_FUNCTIONS, type WasiVersion } from './wasi.ts';
import { bindgenFunction } from './wasmBindgen.ts';

const isVersion = (module: string): module is WasiVersion => Object.hasOwn(WASI_FUNCTIONS, module);

/** Whether an import comes from a module of WASI. */
export const isWasi = (imported: Pick<Import, 'module' | 'name' | 'symbol'>): boolean =>
  isVersion(sourceImport(imported).module);

/** Descriptions by name, whatever the type of the import. */
function candidates(imported: Import): readonly HostDescription[] {
  const { module, name } = sourceImport(imported);
  // The names come from the module and may be anything, `toString` for example.
  const own = <T>(table: Readonly<Record<string, T>>): T | undefined =>
    Object.hasOwn(table, name) ? table[name] : undefined;
  if (isVersion(module)) return listed(own(WASI_FUNCTIONS[module]));
  return module === 'env' ? (own(ENV_FUNCTIONS) ?? []) : listed(bindgenFunction(module, name));
}

const listed = (one: HostDescription | undefined): HostDescription[] => (one === undefined ? [] : [one]);

/**
 * What is known of an imported function; undefined if nothing is. A function of a known name and another type is another
 * function.
 */
export function hostFunctionOf(module: Module, imported: Import): HostDescription | undefined {
  const found = candidates(imported);
  if (found.length === 0) return undefined;
  const type = module.types[module.functions.typeIndex[imported.index]]?.composite;
  if (type?.kind !== 'func') return undefined;
  const params = type.params.map(letterOf).join('');
  return (
    found.find((one) => one.params === params) ?? found.map(legalised).find((one) => one.params === params) ?? undefined
  );
}

const LETTERS: readonly (readonly [ValType, string])[] = [
  [I32, 'i'],
  [I64, 'I'],
  [F32, 'f'],
  [F64, 'F'],
];
const letterOf = (type: ValType): string => LETTERS.find(([one]) => one === type)?.[1] ?? '?';

/** The form in which JavaScript without BigInt gets a function: each i64 is passed as two i32. */
function legalised(one: HostDescription): HostDescription {
  const before = (parameter: number): number =>
    [...one.params.slice(0, parameter)].filter((type) => type === 'I').length;
  const moved = (parameter: number): number => parameter + before(parameter);
  const pointers = one.pointers.map(
    (pointer): HostPointer => ({
      ...pointer,
      parameter: moved(pointer.parameter),
      bytes:
        typeof pointer.bytes === 'object'
          ? { ...pointer.bytes, parameter: moved(pointer.bytes.parameter) }
          : pointer.bytes,
    }),
  );
  return { ...one, params: one.params.replaceAll('I', 'ii'), pointers };
}
