/** Values of constant expressions that are one constant. */
import { Cursor } from '../wasm/cursor.ts';
import { nextInstruction } from '../wasm/immediates.ts';
import type { ConstExpr, Module } from '../wasm/module.ts';
import { Op } from '../wasm/ops.ts';

/** Value of an `i32.const` as an unsigned number; undefined for every other expression. */
export function constantOf({ bytes }: Module, { start, end }: ConstExpr): number | undefined {
  const { id, values } = nextInstruction(new Cursor(bytes, start, end));
  return id === Op.i32_const ? values[0] >>> 0 : undefined;
}
