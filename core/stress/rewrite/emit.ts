/** The instructions that rewriters write, a function for each. */
import type { Encoder } from '../../wasm/encoder.ts';
import { MNEMONIC, opcodeOf, SIGNATURE } from '../../wasm/instructions.ts';
import { Op } from '../../wasm/ops.ts';
import { F32, F64, I32, I64, V128, type ValType } from '../../wasm/types.ts';

/** The id of an instruction by its name in the instruction table. @throws Error where the table has none of that name */
export function idOf(mnemonic: string): number {
  const id = MNEMONIC.indexOf(mnemonic);
  if (id < 0) throw new Error(`no instruction ${mnemonic}`);
  return id;
}

const F64_CONVERT_I32_U = idOf('f64.convert_i32_u');
const F64_CONVERT_I64_U = idOf('f64.convert_i64_u');
const I64_EXTEND_I32_U = idOf('i64.extend_i32_u');
const I32_TRUNC_F64_S = idOf('i32.trunc_f64_s');
const I64_TRUNC_F64_S = idOf('i64.trunc_f64_s');
const F64_LT = idOf('f64.lt');
const I32_LT_S = idOf('i32.lt_s');
const I32_GT_U = idOf('i32.gt_u');

/** Block type of a block without results. */
const NO_RESULT = 0x40;
/** Flag of a memory argument that names its memory (multi-memory). */
const MEMORY_FOLLOWS = 0x40;

const LETTERS: Readonly<Record<string, ValType>> = { i: I32, l: I64, f: F32, d: F64, v: V128 };

/** Type of an operand of an instruction, the lowest on the stack first. */
export const operandType = (id: number, position: number): ValType => LETTERS[SIGNATURE[id][position]];

/** Type of the value that a load returns or a store takes. */
export function valueTypeOf(id: number): ValType {
  const result = LETTERS[SIGNATURE[id].split('>')[1]];
  return result ?? operandType(id, 1);
}

/** The opcode of an instruction id, with its prefix. */
export function opcode(e: Encoder, id: number): void {
  const [prefix, sub] = opcodeOf(id);
  if (prefix === 0) e.u8(sub);
  else {
    e.u8(prefix);
    e.u32(sub);
  }
}

/** `local.get`. */
export function localGet(e: Encoder, index: number): void {
  e.u8(Op.local_get);
  e.u32(index);
}

/** `local.set`. */
export function localSet(e: Encoder, index: number): void {
  e.u8(Op.local_set);
  e.u32(index);
}

/** `local.tee`. */
export function localTee(e: Encoder, index: number): void {
  e.u8(Op.local_tee);
  e.u32(index);
}

/** `global.get`. */
export function globalGet(e: Encoder, index: number): void {
  e.u8(Op.global_get);
  e.u32(index);
}

/** `global.set`. */
export function globalSet(e: Encoder, index: number): void {
  e.u8(Op.global_set);
  e.u32(index);
}

/** `i32.const`; the value is truncated to 32 bits. */
export function i32Const(e: Encoder, value: number): void {
  e.u8(Op.i32_const);
  e.s32(value | 0);
}

/** `i64.const` of a safe integer. */
export function i64Const(e: Encoder, value: bigint | number): void {
  e.u8(Op.i64_const);
  e.s64(BigInt(value));
}

/** `f64.const`. */
export function f64Const(e: Encoder, value: number): void {
  e.u8(Op.f64_const);
  e.f64(value);
}

/** `call` of a function index. */
export function callFunction(e: Encoder, func: number): void {
  e.u8(Op.call);
  e.u32(func);
}

/** `if`, with one result or none. */
export function ifThen(e: Encoder, result?: ValType): void {
  e.u8(Op.if);
  if (result === undefined) e.u8(NO_RESULT);
  else e.valType(result);
}
/** `block`, with one result or none. */
export function block(e: Encoder, result?: ValType): void {
  e.u8(Op.block);
  if (result === undefined) e.u8(NO_RESULT);
  else e.valType(result);
}

/** `loop` without results. */
export function loop(e: Encoder): void {
  e.u8(Op.loop);
  e.u8(NO_RESULT);
}

/** `br`. */
export function branch(e: Encoder, label: number): void {
  e.u8(Op.br);
  e.u32(label);
}

/** `br_if`. */
export function branchIf(e: Encoder, label: number): void {
  e.u8(Op.br_if);
  e.u32(label);
}

/** `else`. */
export const orElse = (e: Encoder): void => e.u8(Op.else);
/** `end`. */
export const end = (e: Encoder): void => e.u8(Op.end);
/** `drop`. */
export const drop = (e: Encoder): void => e.u8(Op.drop);

/** Traps when the i32 on the stack is not zero. */
export function trapIf(e: Encoder): void {
  ifThen(e);
  e.u8(Op.unreachable);
  end(e);
}

/** A memory instruction with alignment, memory and offset. */
export function memoryOp(e: Encoder, id: number, alignLog2: number, memory: number, offset: number): void {
  opcode(e, id);
  if (memory === 0) e.u32(alignLog2);
  else {
    e.u32(alignLog2 | MEMORY_FOLLOWS);
    e.u32(memory);
  }
  e.u32(offset);
}

/** Takes an f64: a size, -1 for a refusal, or a lower number, which traps. Stores it in `local`. */
export function trapIfEnded(e: Encoder, local: number): void {
  localTee(e, local);
  f64Const(e, -1.5);
  f64Less(e);
  trapIf(e);
}

/** The number on the stack as f64: an i32 or i64, unsigned. */
export const toF64 = (e: Encoder, is64: boolean): void => opcode(e, is64 ? F64_CONVERT_I64_U : F64_CONVERT_I32_U);
/** The f64 on the stack as a size or -1 of the width of an address. */
export const fromF64 = (e: Encoder, is64: boolean): void => opcode(e, is64 ? I64_TRUNC_F64_S : I32_TRUNC_F64_S);
/** `i64.extend_i32_u`. */
export const extend = (e: Encoder): void => opcode(e, I64_EXTEND_I32_U);
/** `f64.lt`. */
export const f64Less = (e: Encoder): void => opcode(e, F64_LT);
/** `i32.lt_s`. */
export const i32Less = (e: Encoder): void => opcode(e, I32_LT_S);
/** `i32.gt_u`. */
export const i32GreaterUnsigned = (e: Encoder): void => opcode(e, I32_GT_U);
