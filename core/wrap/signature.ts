/** Types of functions, as far as host languages have them: numbers in, numbers out. */

import { t } from '../text/l10n.ts';
import type { Module } from '../wasm/module.ts';
import { F32, F64, I32, I64, isRef, type ValType } from '../wasm/types.ts';

/** Value types that every host language has; v128 and references are not among them. */
export type NumType = 'i32' | 'i64' | 'f32' | 'f64';

/** Type of a function that takes and returns at most 16 numbers each. */
export interface Signature {
  params: NumType[];
  results: NumType[];
}

const NUM_TYPES: ReadonlyMap<ValType, NumType> = new Map([
  [I32, 'i32'],
  [I64, 'i64'],
  [F32, 'f32'],
  [F64, 'f64'],
]);

/** Rust has tuples, and Wasmtime functions, of up to 16. */
const MAX_VALUES = 16;

/** The type of a global; undefined for those that hold a vector or a reference. */
export const numTypeOf = (type: ValType): NumType | undefined => NUM_TYPES.get(type);

/** The type of a function, by its index, or in half a sentence why a wrapper cannot have it. */
export function signatureOf(module: Module, func: number): Signature | string {
  const type = module.types[module.functions.typeIndex[func]]?.composite;
  if (type?.kind !== 'func') return t('its type is not known');
  if (type.params.length > MAX_VALUES || type.results.length > MAX_VALUES)
    return t('it has more than {0} parameters or results', MAX_VALUES);
  const params = numTypesOf(type.params);
  const results = numTypesOf(type.results);
  if (params !== undefined && results !== undefined) return { params, results };
  return [...type.params, ...type.results].some(isRef)
    ? t('it takes or returns references')
    : t('it takes or returns v128 values');
}

/** Undefined where one of the types is no number. */
function numTypesOf(types: readonly ValType[]): NumType[] | undefined {
  const found = types.flatMap((type) => NUM_TYPES.get(type) ?? []);
  return found.length === types.length ? found : undefined;
}

/** `(i32, i64) -> f32`. */
export const functionTypeText = ({ params, results }: Signature): string =>
  `(${params.join(', ')}) -> ${results.length === 1 ? results[0] : `(${results.join(', ')})`}`;

/** Whether a function has these types of parameters and results, as `i32,i32`; none is ''. */
export function hasSignature(module: Module, func: number, params: string, results: string): boolean {
  const signature = signatureOf(module, func);
  return typeof signature !== 'string' && signature.params.join() === params && signature.results.join() === results;
}
