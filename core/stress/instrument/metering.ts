/**
 * What bounds code that neither loops nor accesses anything for long: calls are counted, so that recursion asks the
 * engine now and then whether to continue, and so are the bytes of the arrays and structures that code allocates.
 * A function counts the calls that stand in its body, so one that makes none, often small and called often, costs nothing.
 */
import type { Instruction } from '../../wasm/immediates.ts';
import { Access } from '../../wasm/instructions.ts';
import { Op } from '../../wasm/ops.ts';
import { F32, I8, I16, I32, V128 } from '../../wasm/types.ts';
import { ifSeldom } from '../rewrite/branchHints.ts';
import {
  callFunction,
  end,
  globalGet,
  globalSet,
  i32Const,
  i32GreaterUnsigned,
  localGet,
  localSet,
  trapIf,
} from '../rewrite/emit.ts';
import { type Body, hookFunction, newSite } from './context.ts';
import { ALLOCATION_BYTES } from './hooks.ts';

/** Calls between two checks of the clock. */
const CALLS = 1 << 20;
/** Units of `ALLOCATION_BYTES` between two questions to the engine: 64 MiB. */
const UNITS = 1 << 20;
const UNIT_LOG2 = Math.log2(ALLOCATION_BYTES);

/** log2 of the bytes of an element of array type `index`. */
function elementLog2({ context }: Body, index: number): number {
  const composite = context.module.types[index]?.composite;
  const type = composite?.kind === 'array' ? composite.field.type : V128;
  return ELEMENT_LOG2.get(type) ?? 3;
}

/** Of what is neither 64 bits wide nor a reference. */
const ELEMENT_LOG2: ReadonlyMap<number, number> = new Map([
  [I8, 0],
  [I16, 1],
  [I32, 2],
  [F32, 2],
  [V128, 4],
]);

/** Begins a body: counts the calls that it makes, each once; of those that loops make again there are as many as iterations. */
export function countCalls({ context, out, func }: Body): void {
  const { bodyStart, imported } = context.module.functions;
  const calls = context.changed.calls[func - imported];
  if (calls === 0) return;
  globalGet(out, context.callsGlobal);
  i32Const(out, calls);
  out.u8(Op.i32_add);
  globalSet(out, context.callsGlobal);
  globalGet(out, context.callsGlobal);
  i32Const(out, CALLS);
  i32GreaterUnsigned(out);
  ifSeldom(out);
  i32Const(
    out,
    newSite(context, { func, offset: bodyStart[func - imported], op: Op.call, access: Access.None, index: func }),
  );
  callFunction(out, hookFunction(context, 'tick'));
  trapIf(out);
  i32Const(out, 0);
  globalSet(out, context.callsGlobal);
  end(out);
}

/** Whether an instruction allocates what the garbage collector has to keep. */
export const allocates = (id: number): boolean =>
  id === Op.struct_new || id === Op.struct_new_default || (id >= Op.array_new && id <= Op.array_new_elem);

/** Before an allocation: counts its bytes. The instruction stays unchanged. */
export function countAllocation(body: Body, { id, start, values }: Instruction): false {
  const { context, out, func } = body;
  const counted = id !== Op.array_new_fixed && id >= Op.array_new;
  const count = counted ? body.scratch('count', I32) : -1;
  if (counted) localSet(out, count);
  globalGet(out, context.allocatedGlobal);
  if (counted) {
    localGet(out, count);
    i32Const(out, UNIT_LOG2 - elementLog2(body, values[0]));
    out.u8(Op.i32_shr_u);
    out.u8(Op.i32_add);
  }
  const fixed = id === Op.array_new_fixed ? values[1] : 0;
  i32Const(out, 1 + (fixed >> (UNIT_LOG2 - 3)));
  out.u8(Op.i32_add);
  globalSet(out, context.allocatedGlobal);
  globalGet(out, context.allocatedGlobal);
  i32Const(out, UNITS);
  i32GreaterUnsigned(out);
  ifSeldom(out);
  i32Const(out, newSite(context, { func, offset: start, op: id, access: Access.None, index: 0 }));
  globalGet(out, context.allocatedGlobal);
  callFunction(out, hookFunction(context, 'allocated'));
  trapIf(out);
  i32Const(out, 0);
  globalSet(out, context.allocatedGlobal);
  end(out);
  if (counted) localGet(out, count);
  return false;
}
