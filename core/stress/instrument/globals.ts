/** `global.get` and `global.set` of globals that reachable code changes. */
import type { Instruction } from '../../wasm/immediates.ts';
import { ACCESS, Access } from '../../wasm/instructions.ts';
import { Op } from '../../wasm/ops.ts';
import { V128 } from '../../wasm/types.ts';
import { ifSeldom } from '../rewrite/branchHints.ts';
import { callFunction, drop, end, i32Const, localGet, localSet, memoryOp } from '../rewrite/emit.ts';
import type { Body } from './context.ts';
import { newSite, tagWord } from './context.ts';
import { TAG_BYTES, TAG_HEADER, TagWord } from './hooks.ts';
import { slowVectorGet, slowVectorSet } from './parts.ts';
import { point } from './points.ts';

/** Rewrites an access of a global; returns false if the instruction stays unchanged. */
export function globalInstruction(body: Body, instruction: Instruction): boolean {
  const { context, out } = body;
  const global = instruction.values[0];
  const declared = context.module.globals[global];
  if (!declared?.mutable || !context.changed.globals.has(global)) return false;
  const writes = ACCESS[instruction.id] === Access.GlobalSet;
  const site = newSite(context, {
    func: body.func,
    offset: instruction.start,
    op: instruction.id,
    access: ACCESS[instruction.id],
    index: global,
  });
  if (declared.type === V128) {
    const value = writes ? body.scratch('value', V128) : -1;
    if (writes) localSet(out, value);
    i32Const(out, site);
    if (writes) localGet(out, value);
    callFunction(out, writes ? slowVectorSet(context, global) : slowVectorGet(context, global));
    return true;
  }
  i32Const(out, 0);
  memoryOp(out, Op.i32_load, 2, context.tagMemory, TAG_HEADER + global * TAG_BYTES + (writes ? 4 : 0));
  tagWord(context, out, TagWord.Tag);
  out.u8(Op.i32_ne);
  ifSeldom(out);
  i32Const(out, site);
  i32Const(out, 0);
  callFunction(out, point(context));
  drop(out);
  end(out);
  return false;
}
