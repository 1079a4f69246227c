/** Results of host functions as the engine takes them: a value that does not fit is reported here instead of failing in a conversion. */
import type { Module } from '../../wasm/module.ts';
import {
  ANY,
  EXN,
  EXTERN,
  F32,
  F64,
  heapOf,
  I32,
  I64,
  isNullable,
  isRef,
  NOEXN,
  V128,
  type ValType,
} from '../../wasm/types.ts';
import { wasmEngine } from '../../wasm/webAssembly.ts';

const NUMBERS: Readonly<Record<number, string>> = { [I32]: 'i32', [F32]: 'f32', [F64]: 'f64' };

/** Whether JavaScript can hold values of a type. Source: https://webassembly.github.io/spec/js-api/#towebassemblyvalue */
export function crosses(type: ValType): boolean {
  if (!isRef(type)) return type !== V128;
  return heapOf(type) !== EXN && heapOf(type) !== NOEXN;
}

/** Whether JavaScript functions can be imported as functions of type `typeIndex` and be called. */
export function hasJavaScriptType({ types }: Module, typeIndex: number): boolean {
  const type = types[typeIndex]?.composite;
  return type?.kind !== 'func' || [...type.params, ...type.results].every(crosses);
}

/**
 * The return value for `value` of a function with these result types.
 * @throws Error if it does not fit
 */
export function fitResults(value: unknown, types: readonly ValType[]): unknown {
  if (types.length === 0) return undefined;
  if (types.length === 1) return fit(value, types[0]);
  const values: unknown = value;
  if (!isIterable(values)) throw new Error(`it returned ${named(value)} for ${types.length} results: return an array`);
  const list = [...values];
  if (list.length !== types.length) throw new Error(`it returned ${list.length} values for ${types.length} results`);
  return list.map((one, i) => fit(one, types[i]));
}

function fit(value: unknown, type: ValType): unknown {
  if (isRef(type)) return fitReference(value, type);
  if (type === I64) {
    if (typeof value === 'bigint' || typeof value === 'boolean') return BigInt(value);
    throw new Error(`it returned ${named(value)} for an i64: return a BigInt`);
  }
  if (typeof value === 'bigint' || typeof value === 'symbol' || typeof value === 'function')
    throw new Error(`it returned ${named(value)} for ${NUMBERS[type] === 'i32' ? 'an i32' : `an ${NUMBERS[type]}`}`);
  return Number(value);
}

function fitReference(value: unknown, type: ValType): unknown {
  if (value === null || (value === undefined && heapOf(type) !== EXTERN && heapOf(type) !== ANY)) {
    if (isNullable(type)) return null;
    throw new Error(`it returned ${named(value)} for a reference that cannot be null`);
  }
  if (heapOf(type) === EXTERN || heapOf(type) === ANY) return value;
  if (isExportedFunction(value)) return value;
  throw new Error(`it returned ${named(value)} for a reference: only null and exported functions are possible`);
}

/** Whether a value is an exported function of any module. */
function isExportedFunction(value: unknown): boolean {
  if (typeof value !== 'function') return false;
  try {
    new wasmEngine.Table({ element: 'anyfunc', initial: 1 }).set(0, value);
    return true;
  } catch {
    return false; // A TypeError: a function of JavaScript.
  }
}

const isIterable = (value: unknown): value is Iterable<unknown> =>
  typeof value === 'object' && value !== null && Symbol.iterator in value;

const named = (value: unknown): string =>
  value === null || value === undefined ? String(value) : `a value of type ${typeof value}`;
