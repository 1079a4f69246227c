/** Sizes of memories and tables, and operations on ranges: the engine is asked first and may perform them itself. */
import type { Instruction } from '../../wasm/immediates.ts';
import { ACCESS } from '../../wasm/instructions.ts';
import { Op } from '../../wasm/ops.ts';
import { I32, I64 } from '../../wasm/types.ts';
import {
  callFunction,
  drop,
  end,
  fromF64,
  i32Const,
  ifThen,
  localGet,
  localSet,
  orElse,
  toF64,
  trapIf,
} from '../rewrite/emit.ts';
import type { Body } from './context.ts';
import { hookFunction, newSite } from './context.ts';
import { HookAnswer } from './hooks.ts';
import { point, rangePoint } from './points.ts';

/** A site of an instruction that accesses item `index`, and `other` if there are two. */
export const siteOf = (body: Body, { start, id }: Instruction, index: number, other = 0): number =>
  newSite(body.context, { func: body.func, offset: start, op: id, access: ACCESS[id], index, other });

/** `memory.size` and `table.size` of item `index`, whose size the engine knows. */
export function sizeOperation(body: Body, instruction: Instruction, index: number, wide: boolean): void {
  const { context, out } = body;
  const site = siteOf(body, instruction, index);
  i32Const(out, site);
  i32Const(out, 0);
  callFunction(out, point(context));
  drop(out);
  i32Const(out, site);
  callFunction(out, hookFunction(context, 'size'));
  fromF64(out, wide);
}

/** Destination, source or value, and count are on the stack; `wide` says which of them have 64 bits. */
export function bulkOperation(
  body: Body,
  instruction: Instruction,
  site: number,
  wide: readonly [destination: boolean, source: boolean, count: boolean],
): void {
  const { context, out } = body;
  const locals = ['destination', 'source', 'count'].map((role, i) => body.scratch(role, wide[i] ? I64 : I32));
  for (const local of locals.toReversed()) localSet(out, local);
  const operands = (): void => {
    i32Const(out, site);
    locals.forEach((local, i) => {
      localGet(out, local);
      toF64(out, wide[i]);
    });
  };
  operands();
  callFunction(out, rangePoint(context));
  i32Const(out, HookAnswer.Parts);
  out.u8(Op.i32_eq);
  ifThen(out);
  operands();
  callFunction(out, hookFunction(context, 'bulk'));
  trapIf(out);
  orElse(out);
  for (const local of locals) localGet(out, local);
  out.copy(context.module.bytes, instruction.start, instruction.end);
  end(out);
}
