/** The signature of a function. */
import type { Module } from '../../../wasm/module.ts';
import type { ValType } from '../../../wasm/types.ts';

/** Parameters and results of a function; none where its type is not known. */
export function functionType(
  module: Module,
  func: number,
): { params: readonly ValType[]; results: readonly ValType[] } {
  const type = module.types[module.functions.typeIndex[func]]?.composite;
  return type?.kind === 'func' ? type : { params: [], results: [] };
}
