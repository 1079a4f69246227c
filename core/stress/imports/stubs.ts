/** Stubs for unknown imports, which return zero. */
import { F32, F64, I32, I64, isNullable, isRef, type ValType } from '../../wasm/types.ts';
import type { HostFunction } from './hostFunction.ts';

/** Returns `value`, converted to each of the result types; null for references. */
export function stub(name: string, value: number, results: readonly ValType[]): HostFunction {
  const values = results.map((type) => {
    if (type === I64) return BigInt(value);
    if (type === I32 || type === F32 || type === F64) return value;
    return null;
  });
  if (results.some((type) => isRef(type) && !isNullable(type)))
    return failing(name, 'no stub can return a non-null reference; name a JavaScript module in "imports"');
  const answer = values.length > 1 ? values : values[0];
  return { name, state: 'none', ranges: () => [], call: () => answer };
}

/** A function that throws when it is called. */
export const failing = (name: string, message: string): HostFunction => ({
  name,
  state: 'none',
  ranges: () => [],
  call() {
    throw new Error(message);
  },
});
