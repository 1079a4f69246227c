/** Helper functions that ask the scheduler: one call in the body instead of the code around `pause`. */
import type { Encoder } from '../../wasm/encoder.ts';
import { Op } from '../../wasm/ops.ts';
import { F64, I32, I64 } from '../../wasm/types.ts';
import { callFunction, end, i32Const, ifThen, localGet, localSet, localTee, toF64, trapIf } from '../rewrite/emit.ts';
import { type Context, helper, hookFunction } from './context.ts';
import { HookAnswer } from './hooks.ts';

/**
 * Takes a `HookAnswer` from the stack, pauses or traps if it says so, and leaves the answer to act on in local
 * `answer` and on the stack.
 */
function settle(context: Context, e: Encoder, answer: number): void {
  localTee(e, answer);
  i32Const(e, HookAnswer.Pause);
  e.u8(Op.i32_eq);
  ifThen(e);
  callFunction(e, hookFunction(context, 'pause'));
  localSet(e, answer);
  end(e);
  localGet(e, answer);
  i32Const(e, HookAnswer.Abort);
  e.u8(Op.i32_eq);
  trapIf(e);
  localGet(e, answer);
}

/** (site, address) -> `HookAnswer.Perform` or `HookAnswer.Parts`. */
export const point = (context: Context): number =>
  helper(context, 'point', [I32, I32], [I32], [I32], (e) => {
    localGet(e, 0);
    localGet(e, 1);
    callFunction(e, hookFunction(context, 'access'));
    settle(context, e, 2);
  });

/** The same for a 64-bit address. */
export const point64 = (context: Context): number =>
  helper(context, 'point64', [I32, I64], [I32], [I32], (e) => {
    localGet(e, 0);
    localGet(e, 1);
    toF64(e, true);
    callFunction(e, hookFunction(context, 'access64'));
    settle(context, e, 2);
  });

/** (site, address, expected) -> (). */
export const exchangePoint = (context: Context): number =>
  helper(context, 'exchangePoint', [I32, F64, I64], [], [I32], (e) => {
    localGet(e, 0);
    localGet(e, 1);
    localGet(e, 2);
    callFunction(e, hookFunction(context, 'exchange'));
    settle(context, e, 3);
    e.u8(Op.drop);
  });

/** (site, destination, source or value, count) -> `HookAnswer.Perform` or `HookAnswer.Parts`. */
export const rangePoint = (context: Context): number =>
  helper(context, 'rangePoint', [I32, F64, F64, F64], [I32], [I32], (e) => {
    for (let i = 0; i < 4; i++) localGet(e, i);
    callFunction(e, hookFunction(context, 'range'));
    settle(context, e, 4);
  });

/** (site, source, count) -> (): before an instruction that copies from a segment to an array. */
export const segmentPoint = (context: Context): number =>
  helper(context, 'segmentPoint', [I32, I32, I32], [], [I32], (e) => {
    for (let i = 0; i < 3; i++) localGet(e, i);
    callFunction(e, hookFunction(context, 'segment'));
    settle(context, e, 3);
    e.u8(Op.drop);
  });

/** (site) -> (): between two parts. */
export const middlePoint = (context: Context): number => sitePoint(context, 'middle');

/** (site) -> (): before a fence. */
export const fencePoint = (context: Context): number => sitePoint(context, 'fence');

const sitePoint = (context: Context, hook: 'middle' | 'fence'): number =>
  helper(context, `${hook}Point`, [I32], [], [I32], (e) => {
    localGet(e, 0);
    callFunction(e, hookFunction(context, hook));
    settle(context, e, 1);
    e.u8(Op.drop);
  });
