/** Instructions as the instrumenter writes them: an encoder with one method for each that it needs. */
import type { Encoder } from '../../wasm/encoder.ts';
import { Op, opcodeOf, SIGNATURE } from '../../wasm/instructions.ts';
import { F32, F64, I32, I64, V128, type ValType } from '../../wasm/types.ts';

/** Opcodes without a name in `Op`. */
const F64_CONVERT_I32_U = 0xb8;
const F64_CONVERT_I64_U = 0xba;
const I64_EXTEND_I32_U = 0xad;
const I32_TRUNC_F64_S = 0xaa;
const I64_TRUNC_F64_S = 0xb0;
const F64_LT = 0x63;
const I32_LT_S = 0x48;
const I32_GT_U = 0x4b;

const LETTERS: Readonly<Record<string, ValType>> = { i: I32, l: I64, f: F32, d: F64, v: V128 };

/** Type of an operand of an instruction, the lowest on the stack first. */
export const operandType = (id: number, position: number): ValType => LETTERS[SIGNATURE[id][position]];

/** Type of the value that a load gives or a store takes. */
export function valueTypeOf(id: number): ValType {
  const result = LETTERS[SIGNATURE[id].split('>')[1]];
  return result ?? operandType(id, 1);
}

/** An opcode, with its prefix. */
export function opcode(e: Encoder, id: number): void {
  const [prefix, sub] = opcodeOf(id);
  if (prefix === 0) e.u8(sub);
  else {
    e.u8(prefix);
    e.u32(sub);
  }
}

export function localGet(e: Encoder, index: number): void {
  e.u8(Op.local_get);
  e.u32(index);
}
export function localSet(e: Encoder, index: number): void {
  e.u8(Op.local_set);
  e.u32(index);
}
export function localTee(e: Encoder, index: number): void {
  e.u8(Op.local_tee);
  e.u32(index);
}
export function globalGet(e: Encoder, index: number): void {
  e.u8(Op.global_get);
  e.u32(index);
}
export function globalSet(e: Encoder, index: number): void {
  e.u8(Op.global_set);
  e.u32(index);
}
export function i32Const(e: Encoder, value: number): void {
  e.u8(Op.i32_const);
  e.s32(value | 0);
}
export function i64Const(e: Encoder, value: number): void {
  e.u8(Op.i64_const);
  e.s32(value);
}
export function f64Const(e: Encoder, value: number): void {
  e.u8(Op.f64_const);
  e.f64(value);
}
export function callFunction(e: Encoder, func: number): void {
  e.u8(Op.call);
  e.u32(func);
}

/** `if`, with one result or none. */
export function ifThen(e: Encoder, result?: ValType): void {
  e.u8(Op.if);
  if (result === undefined) e.u8(0x40);
  else e.valType(result);
}
/** `loop` without results. */
export function loop(e: Encoder): void {
  e.u8(Op.loop);
  e.u8(0x40);
}
export function branchIf(e: Encoder, label: number): void {
  e.u8(Op.br_if);
  e.u32(label);
}
export const orElse = (e: Encoder): void => e.u8(Op.else);
export const end = (e: Encoder): void => e.u8(Op.end);
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
    e.u32(alignLog2 | 0x40);
    e.u32(memory);
  }
  e.u32(offset);
}

/** The f64 on the stack is a size, -1 for a refusal, or below that: then traps. The size or -1 stays in `local`. */
export function trapIfEnded(e: Encoder, local: number): void {
  localTee(e, local);
  f64Const(e, -1.5);
  f64Less(e);
  trapIf(e);
}

/** The number on the stack as f64: an i32 or i64, unsigned. */
export const toF64 = (e: Encoder, is64: boolean): void => e.u8(is64 ? F64_CONVERT_I64_U : F64_CONVERT_I32_U);
/** The f64 on the stack as a size or -1 of the width of an address. */
export const fromF64 = (e: Encoder, is64: boolean): void => e.u8(is64 ? I64_TRUNC_F64_S : I32_TRUNC_F64_S);
export const extend = (e: Encoder): void => e.u8(I64_EXTEND_I32_U);
export const f64Less = (e: Encoder): void => e.u8(F64_LT);
export const i32Less = (e: Encoder): void => e.u8(I32_LT_S);
export const i32GreaterUnsigned = (e: Encoder): void => e.u8(I32_GT_U);
