/**
 * What functions do with their parameters: whether one is an address, of text, of an object with pointers, of a place for
 * an answer; and whether the result is memory that was allocated. Followed through direct calls.
 */
import { DecodeFailure } from '../../../wasm/cursor.ts';
import type { Module } from '../../../wasm/module.ts';
import { BodyUse } from './bodyUse.ts';
import { functionType } from './functionType.ts';
import type { FunctionUse, MemoryFunctions, UseOf } from './functionUse.ts';

/** Calls are followed this deep. */
const MAX_DEPTH = 10;
/** Bytes of code that are read in all; then nothing more is known of callees. */
const MAX_CODE = 4_000_000;
/** Makes the question for one module. */
export function parameterUses(module: Module, memory: MemoryFunctions): UseOf {
  const known = new Map<number, FunctionUse>();
  let code = 0;
  const useAt = (func: number, depth: number): FunctionUse => {
    const before = known.get(func);
    if (before !== undefined) return before;
    const use = nothingOf(module, func);
    if (memory.allocating.has(func)) use.returnsMemory = true;
    const d = func - module.functions.imported;
    const size = d < 0 ? 0 : module.functions.bodyEnd[d] - module.functions.bodyStart[d];
    if (d < 0 || depth > MAX_DEPTH || code + size > MAX_CODE) return use;
    code += size;
    // Functions that call themselves see what is known so far.
    known.set(func, use);
    try {
      new BodyUse(module, memory, func, use, (callee) => useAt(callee, depth + 1)).follow();
    } catch (error) {
      if (!(error instanceof DecodeFailure)) throw error;
    }
    if (memory.freeing.has(func) && use.parameters.length > 0) use.parameters[0].freed = true;
    return use;
  };
  return (func) => useAt(func, 0);
}

const nothingOf = (module: Module, func: number): FunctionUse => ({
  parameters: functionType(module, func).params.map(() => ({
    address: false,
    extent: 0,
    reads: false,
    writes: false,
    bytewise: false,
    pointers: false,
    freed: false,
    receivesMemory: false,
    callee: false,
    length: false,
    stored: false,
  })),
  returnsMemory: false,
});
