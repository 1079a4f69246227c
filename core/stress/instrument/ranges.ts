/** Size and growth of memories, operations on ranges of bytes, dropping of segments. */
import type { Instruction } from '../../wasm/immediates.ts';
import { ACCESS, Access } from '../../wasm/instructions.ts';
import { F64, I32, I64 } from '../../wasm/types.ts';
import {
  callFunction,
  drop,
  f64Const,
  fromF64,
  i32Const,
  localGet,
  localSet,
  toF64,
  trapIfEnded,
} from '../rewrite/emit.ts';
import { bulkOperation, siteOf, sizeOperation } from './bulk.ts';
import type { Body } from './context.ts';
import { hookFunction } from './context.ts';
import { rangePoint } from './points.ts';

/** Rewrites `memory.size`, `memory.grow`, bulk memory instructions and drops; returns false if it stays unchanged. */
export function rangeInstruction(body: Body, instruction: Instruction): boolean {
  const [first, second] = instruction.values;
  switch (ACCESS[instruction.id]) {
    case Access.MemorySize:
      return size(body, instruction, first);
    case Access.MemoryGrow:
      return grow(body, instruction, first);
    case Access.MemoryFill:
      return bytes(body, instruction, { destination: first, source: -1, other: 0 });
    case Access.MemoryCopy:
      return bytes(body, instruction, { destination: first, source: second, other: second });
    case Access.MemoryInit:
      return bytes(body, instruction, { destination: second, source: -1, other: first });
    default:
      return drops(body, instruction, first);
  }
}

const is64 = ({ context }: Body, memory: number): boolean => context.module.memories[memory]?.limits.is64 === true;

function size(body: Body, instruction: Instruction, memory: number): boolean {
  if (!body.context.changed.grown.has(memory)) return false;
  sizeOperation(body, instruction, memory, is64(body, memory));
  return true;
}

function grow(body: Body, instruction: Instruction, memory: number): boolean {
  const { context, out } = body;
  const wide = is64(body, memory);
  const pages = body.scratch('count', wide ? I64 : I32);
  const answer = body.scratch('size', F64);
  localSet(out, pages);
  i32Const(out, siteOf(body, instruction, memory));
  localGet(out, pages);
  toF64(out, wide);
  callFunction(out, hookFunction(context, 'grow'));
  trapIfEnded(out, answer);
  localGet(out, answer);
  fromF64(out, wide);
  return true;
}

/** fill, copy and init: destination, source or value, count. */
function bytes(
  body: Body,
  instruction: Instruction,
  { destination, source, other }: { destination: number; source: number; other: number },
): boolean {
  const to = is64(body, destination);
  const from = source >= 0 && is64(body, source);
  // The count of a copy is as wide as the narrower of the two memories' addresses.
  const count = source >= 0 ? to && from : ACCESS[instruction.id] === Access.MemoryFill && to;
  bulkOperation(body, instruction, siteOf(body, instruction, destination, other), [to, from, count]);
  return true;
}

/** Segments are dropped by the engine alone, which can undo it. */
function drops(body: Body, instruction: Instruction, segment: number): boolean {
  const { context, out } = body;
  i32Const(out, siteOf(body, instruction, segment));
  for (let i = 0; i < 3; i++) f64Const(out, 0);
  callFunction(out, rangePoint(context));
  drop(out);
  return true;
}
