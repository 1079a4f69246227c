/** Constant expressions of any type, for what stands in place of an import. */
import { Encoder } from '../encoder.ts';
import { opcodeOf } from '../instructions.ts';
import type { Module } from '../module.ts';
import { Op } from '../ops.ts';
import {
  ANY,
  EQ,
  EXTERN,
  F32,
  F64,
  FUNC,
  type HeapType,
  heapOf,
  I31,
  I32,
  I64,
  isNullable,
  isRef,
  typeIndexOf,
  V128,
  type ValType,
} from '../types.ts';

/**
 * A constant expression of the type with its `end`. A reference to a function is one to a function that is added to the
 * module: its type index is appended to `functions`. Undefined if there is none, as of references to exceptions.
 */
export function anyConstant(module: Module, type: ValType, functions: number[]): Uint8Array | undefined {
  const e = new Encoder(24);
  const isKnown = isRef(type) ? reference(e, module, type, functions) : numeric(e, type);
  if (!isKnown) return undefined;
  opcode(e, Op.end);
  return e.bytes();
}

/** A zero. */
function numeric(e: Encoder, type: ValType): boolean {
  const zero = new Map<ValType, [id: number, size: number]>([
    [I32, [Op.i32_const, 1]],
    [I64, [Op.i64_const, 1]],
    [F32, [Op.f32_const, 4]],
    [F64, [Op.f64_const, 8]],
    [V128, [Op.v128_const, 16]],
  ]).get(type);
  if (zero === undefined) return false;
  opcode(e, zero[0]);
  e.copy(new Uint8Array(zero[1]));
  return true;
}

function reference(e: Encoder, module: Module, type: ValType, functions: number[]): boolean {
  const heap = heapOf(type);
  if (isNullable(type)) {
    opcode(e, Op.ref_null);
    e.heapType(heap);
    return true;
  }
  const index = typeIndexOf(heap);
  return index >= 0 ? concrete(e, module, index, functions) : abstract(e, module, heap, functions);
}

function abstract(e: Encoder, module: Module, heap: HeapType, functions: number[]): boolean {
  if (heap === FUNC) {
    const type = module.types.findIndex(({ composite }) => composite.kind === 'func');
    return type >= 0 && concrete(e, module, type, functions);
  }
  if (heap !== ANY && heap !== EQ && heap !== I31 && heap !== EXTERN) return false;
  numeric(e, I32);
  opcode(e, Op.ref_i31);
  if (heap === EXTERN) opcode(e, Op.extern_convert_any);
  return true;
}

/** A structure is one of defaults, and there is none where a field has no default. */
function concrete(
  e: Encoder,
  { types, functions: { typeIndex } }: Module,
  index: number,
  functions: number[],
): boolean {
  const composite = types[index]?.composite;
  switch (composite?.kind) {
    case 'func':
      opcode(e, Op.ref_func);
      e.u32(typeIndex.length + functions.push(index) - 1);
      return true;
    case 'array':
      opcode(e, Op.array_new_fixed);
      e.u32(index);
      e.u32(0);
      return true;
    case 'struct':
      if (composite.fields.some(({ type }) => isRef(type) && !isNullable(type))) return false;
      opcode(e, Op.struct_new_default);
      e.u32(index);
      return true;
    default:
      return false;
  }
}

function opcode(e: Encoder, id: number): void {
  const [prefix, sub] = opcodeOf(id);
  if (prefix === 0) e.u8(sub);
  else {
    e.u8(prefix);
    e.u32(sub);
  }
}
