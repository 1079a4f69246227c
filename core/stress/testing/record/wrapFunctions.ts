/**
 * For tests: makes functions of an instrumented module tell the engine when they begin, with which arguments, and what
 * they return. The wrapper has the index of the function, whose own body moves behind all others, so that calls, tables
 * and exports need no change.
 */

import { decodeModule } from '../../../wasm/decode.ts';
import { Encoder } from '../../../wasm/encoder.ts';
import type { Module } from '../../../wasm/module.ts';
import { Op } from '../../../wasm/ops.ts';
import { F64, I32, I64, type ValType } from '../../../wasm/types.ts';
import { HOOK_INDEX } from '../../instrument/hooks.ts';
import { callFunction, drop, f64Const, i32Const, localGet, localSet, toF64 } from '../../rewrite/emit.ts';
import { copiedSection, extendedSection } from '../../rewrite/sections.ts';

/**
 * What a hook gets in place of a site. Values go to the hook `access64`, one at a time, and then the event to `size`:
 * both have no other use for negative sites.
 */
export const VALUE_SITE = -1;

/** The event that a negative site other than `VALUE_SITE` stands for; `func` is an index of the wrapped module. */
export const eventOf = (site: number): { func: number; begins: boolean } => ({
  func: (-2 - site) >> 1,
  begins: ((-2 - site) & 1) === 0,
});
const siteOfEvent = (func: number, begins: boolean): number => -2 - (func * 2 + (begins ? 0 : 1));

/**
 * Wraps functions of an instrumented module.
 * @param bytes what `instrument` made
 * @param hooks index of the first hook: how many functions the original module imports
 * @param functions indices in the instrumented module
 */
export function wrapFunctions(bytes: Uint8Array, hooks: number, functions: readonly number[]): Uint8Array {
  const module = decodeModule(bytes);
  const types = extendedSection(module, 3, functions.length);
  for (const func of functions) types.u32(module.functions.typeIndex[func]);
  const out = new Encoder(bytes.length + 4096);
  out.copy(bytes, 0, 8);
  for (const { id } of module.sections) {
    if (id === 0) continue;
    const contents = id === 3 ? types : id === 10 ? codeSection(module, hooks, functions) : copiedSection(module, id);
    if (contents !== undefined) out.section(id, contents);
  }
  return out.bytes();
}

function codeSection(module: Module, hooks: number, functions: readonly number[]): Encoder {
  const { imported, bodyStart, bodyEnd } = module.functions;
  const e = new Encoder(module.bytes.length);
  const copied = (func: number): void => {
    const d = func - imported;
    e.u32(bodyEnd[d] - bodyStart[d]);
    e.copy(module.bytes, bodyStart[d], bodyEnd[d]);
  };
  e.u32(bodyStart.length + functions.length);
  const wrapped = new Map(functions.map((func, i) => [func, imported + bodyStart.length + i]));
  for (let d = 0; d < bodyStart.length; d++) {
    const moved = wrapped.get(imported + d);
    if (moved === undefined) copied(imported + d);
    else {
      const body = wrapper(module, hooks, imported + d, moved);
      e.u32(body.length);
      e.copy(body.bytes());
    }
  }
  for (const func of functions) copied(func);
  return e;
}

function wrapper(module: Module, hooks: number, func: number, moved: number): Encoder {
  const { composite } = module.types[module.functions.typeIndex[func]];
  if (composite.kind !== 'func') throw new Error(`function ${func} has no function type`);
  const { params, results } = composite;
  const e = new Encoder();
  const hook = (name: 'access64' | 'size', site: number, value?: () => void): void => {
    i32Const(e, site);
    value?.();
    callFunction(e, hooks + HOOK_INDEX[name]);
    drop(e);
  };
  const tell = (type: ValType, local: number): void =>
    hook('access64', VALUE_SITE, () => {
      if (type === I32 || type === I64) {
        localGet(e, local);
        toF64(e, type === I64);
      } else if (type === F64) localGet(e, local);
      else f64Const(e, 0);
    });
  const result = results.length === 1 ? results[0] : undefined;
  if (result === undefined) e.u32(0);
  else {
    e.u32(1);
    e.u32(1);
    e.valType(result);
  }
  for (const [local, type] of params.entries()) tell(type, local);
  hook('size', siteOfEvent(func, true));
  for (const local of params.keys()) localGet(e, local);
  callFunction(e, moved);
  if (result !== undefined) {
    localSet(e, params.length);
    tell(result, params.length);
  }
  hook('size', siteOfEvent(func, false));
  if (result !== undefined) localGet(e, params.length);
  e.u8(Op.end);
  return e;
}
