/**
 * The loop that a caller runs in: one function of the instrumented module, entered once for each caller, which asks the
 * engine for the next call, makes it, hands over its results, and suspends when there is none. So a caller keeps its
 * stack from one execution to the next. Making one for each call costs a mapping of memory: V8 keeps about four.
 */
import type { Module } from '../../wasm/module.ts';
import { Op } from '../../wasm/ops.ts';
import { F32, F64, type FuncType, I32, I64, type ValType } from '../../wasm/types.ts';
import {
  branch,
  branchIf,
  callFunction,
  end,
  i32Const,
  i32Less,
  ifThen,
  localGet,
  localTee,
  loop,
} from '../rewrite/emit.ts';
import { type Context, helper, hookFunction, newFunction } from './context.ts';
import type { HookName } from './hooks.ts';

/** Hooks that hand over an argument and a result of a type. */
const BY_TYPE: ReadonlyMap<ValType, readonly [argument: HookName, result: HookName]> = new Map([
  [I32, ['argumentI32', 'resultI32']],
  [I64, ['argumentI64', 'resultI64']],
  [F32, ['argumentF32', 'resultF32']],
  [F64, ['argumentF64', 'resultF64']],
]);

function typeOfFunction({ functions, types }: Module, func: number): FuncType | undefined {
  const composite = types[functions.typeIndex[func]]?.composite;
  return composite?.kind === 'func' ? composite : undefined;
}

/** Those of `functions` that take and return numbers only; the others are called without the loop. */
export function residentFunctions(module: Module, functions: readonly number[]): number[] {
  return [...new Set(functions)].filter((func) => {
    const type = typeOfFunction(module, func);
    return type !== undefined && [...type.params, ...type.results].every((one) => BY_TYPE.has(one));
  });
}

/** Index in the new module of the loop: (caller) -> (), for the functions that `residentFunctions` found. */
export const residentLoop = (context: Context, functions: readonly number[]): number =>
  helper(context, 'resident', [I32], [], [I32], (e) => {
    const [caller, wanted] = [0, 1];
    const hook = (name: HookName): void => callFunction(e, hookFunction(context, name));
    loop(e);
    localGet(e, caller);
    hook('next');
    localTee(e, wanted);
    i32Const(e, 0);
    i32Less(e);
    ifThen(e);
    localGet(e, caller);
    hook('idle');
    e.u8(Op.i32_eqz);
    branchIf(e, 1);
    e.u8(Op.return);
    end(e);
    for (const [number, func] of functions.entries()) {
      const type = typeOfFunction(context.module, func);
      localGet(e, wanted);
      i32Const(e, number);
      e.u8(Op.i32_eq);
      ifThen(e);
      for (const [i, param] of (type?.params ?? []).entries()) {
        i32Const(e, i);
        hook((BY_TYPE.get(param) as readonly [HookName, HookName])[0]);
      }
      callFunction(e, newFunction(context, func));
      for (const result of [...(type?.results ?? [])].reverse())
        hook((BY_TYPE.get(result) as readonly [HookName, HookName])[1]);
      localGet(e, caller);
      hook('returned');
      // The rest of the loop would find no other number.
      branch(e, 1);
      end(e);
    }
    branch(e, 0);
    end(e);
  });
