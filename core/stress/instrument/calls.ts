/** Calls and references to functions, whose indices move; calls of the host are steps of their own. */
import type { Instruction } from '../../wasm/immediates.ts';
import { ACCESS } from '../../wasm/instructions.ts';
import { callFunction, drop, i32Const, opcode } from '../rewrite/emit.ts';
import type { Body } from './context.ts';
import { newFunction, newSite } from './context.ts';
import { point } from './points.ts';

/** Rewrites `call` and `return_call`. */
export function callInstruction(body: Body, instruction: Instruction): boolean {
  const { context, out, func } = body;
  const callee = instruction.values[0];
  if (callee < context.module.functions.imported) {
    const { start: offset, id } = instruction;
    i32Const(out, newSite(context, { func, offset, op: id, access: ACCESS[id], index: callee }));
    i32Const(out, 0);
    callFunction(out, point(context));
    drop(out);
  }
  opcode(out, instruction.id);
  out.u32(newFunction(context, callee));
  return true;
}

/** `ref.func`; a step of its own where the host keeps an account of the references that calls take. */
export function referenceInstruction({ context, out, func }: Body, instruction: Instruction): boolean {
  if (context.referencesMatter) {
    const { start: offset, id } = instruction;
    i32Const(out, newSite(context, { func, offset, op: id, access: ACCESS[id], index: 0 }));
    i32Const(out, 0);
    callFunction(out, point(context));
    drop(out);
  }
  opcode(out, instruction.id);
  out.u32(newFunction(context, instruction.values[0]));
  return true;
}
