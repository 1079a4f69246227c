/** Hooks in function bodies, before every access of state that callers may share. */
import type { Instruction } from '../../wasm/immediates.ts';
import { ACCESS, Access } from '../../wasm/instructions.ts';
import { Op } from '../../wasm/ops.ts';
import { segmentReadBy } from '../../wasm/segmentReads.ts';
import { I32 } from '../../wasm/types.ts';
import { BodyRewriter } from '../rewrite/bodyWriter.ts';
import { ifSeldom } from '../rewrite/branchHints.ts';
import { callFunction, end, i32Const, i32Less, localGet, localTee, memoryOp, trapIf } from '../rewrite/emit.ts';
import { callInstruction, referenceInstruction } from './calls.ts';
import type { Body, Context } from './context.ts';
import { hookFunction, newSite, tagWord } from './context.ts';
import { globalInstruction } from './globals.ts';
import { TagWord } from './hooks.ts';
import { memoryInstruction } from './memory.ts';
import { allocates, countAllocation, countCalls } from './metering.ts';
import { fencePoint } from './points.ts';
import { rangeInstruction } from './ranges.ts';
import { segmentRead } from './segments.ts';
import { tableInstruction } from './tables.ts';

/** Hooks for the bodies of a module. */
export function hooksInBodies(context: Context): BodyRewriter {
  return new BodyRewriter(context.module, {
    wanted: (id) =>
      id === Op.loop ||
      ACCESS[id] !== Access.None ||
      id === Op.atomic_fence ||
      allocates(id) ||
      segmentReadBy(id) !== undefined,
    begin(writer) {
      const body: Body = { ...writer, context };
      countCalls(body);
      return (instruction) => rewrite(body, instruction);
    },
  });
}

/** Writes the replacement of an instruction; false if it stays unchanged (hooks before it may have been written). */
function rewrite(body: Body, instruction: Instruction): boolean {
  if (instruction.id === Op.loop) return loopHeader(body, instruction);
  if (instruction.id === Op.atomic_fence) return fence(body, instruction);
  const segment = segmentReadBy(instruction.id);
  if (segment !== undefined) segmentRead(body, instruction, segment);
  if (allocates(instruction.id)) return countAllocation(body, instruction);
  switch (ACCESS[instruction.id]) {
    case Access.Load:
    case Access.Store:
    case Access.AtomicLoad:
    case Access.AtomicStore:
    case Access.AtomicRmw:
    case Access.AtomicWait:
    case Access.AtomicNotify:
      return memoryInstruction(body, instruction);
    case Access.MemorySize:
    case Access.MemoryGrow:
    case Access.MemoryFill:
    case Access.MemoryCopy:
    case Access.MemoryInit:
    case Access.DataDrop:
    case Access.ElemDrop:
      return rangeInstruction(body, instruction);
    case Access.GlobalGet:
    case Access.GlobalSet:
      return globalInstruction(body, instruction);
    case Access.TableGet:
    case Access.TableSet:
    case Access.TableSize:
    case Access.TableGrow:
    case Access.TableFill:
    case Access.TableCopy:
    case Access.TableInit:
    case Access.CallIndirect:
      return tableInstruction(body, instruction);
    case Access.Call:
      return callInstruction(body, instruction);
    case Access.RefFunc:
      return referenceInstruction(body, instruction);
    default:
      return false;
  }
}

/** A fence waits for its caller's store buffer, where a run has one. */
function fence({ context, func, out }: Body, { start: offset, id }: Instruction): boolean {
  i32Const(out, newSite(context, { func, offset, op: id, access: Access.None, index: 0 }));
  callFunction(out, fencePoint(context));
  return false;
}

/** Iterations of the loops of one activation that use fuel at once, a power of two. Fewer use none. */
const ITERATIONS = 16;

/**
 * Iterations use fuel; without fuel, the loop asks the engine whether to continue. They are counted in a local first: an
 * iteration that used fuel would wait for the one before to write what is left.
 */
function loopHeader(body: Body, { start, end: after, id }: Instruction): boolean {
  const { context, out } = body;
  out.copy(context.module.bytes, start, after);
  const count = body.scratch('iterations', I32);
  localGet(out, count);
  i32Const(out, 1);
  out.u8(Op.i32_add);
  localTee(out, count);
  i32Const(out, ITERATIONS - 1);
  out.u8(Op.i32_and);
  out.u8(Op.i32_eqz);
  ifSeldom(out);
  const left = body.scratch('fuel', I32);
  i32Const(out, 0);
  tagWord(context, out, TagWord.Fuel);
  i32Const(out, ITERATIONS);
  out.u8(Op.i32_sub);
  localTee(out, left);
  memoryOp(out, Op.i32_store, 2, context.tagMemory, 4 * TagWord.Fuel);
  localGet(out, left);
  i32Const(out, 0);
  i32Less(out);
  ifSeldom(out);
  i32Const(out, newSite(context, { func: body.func, offset: start, op: id, access: Access.None, index: 0 }));
  callFunction(out, hookFunction(context, 'tick'));
  trapIf(out);
  end(out);
  end(out);
  return true;
}
