/** A module that provides the memories, tables and globals that another one imports, and passes functions through. */
import { Encoder } from '../../wasm/encoder.ts';
import { Op } from '../../wasm/ops.ts';
import { F32, F64, I32, I64, type ValType } from '../../wasm/types.ts';
import type { NumType } from '../signature.ts';
import type { FunctionImport, StateImport } from '../surface.ts';

/** Value types of the binary. */
const VAL_TYPES: Readonly<Record<NumType, ValType>> = { i32: I32, i64: I64, f32: F32, f64: F64 };
/** Bytes of `<type>.const 0`, by type. */
const ZERO: Readonly<Record<NumType, readonly number[]>> = {
  i32: [Op.i32_const, 0],
  i64: [Op.i64_const, 0],
  f32: [Op.f32_const, 0, 0, 0, 0],
  f64: [Op.f64_const, 0, 0, 0, 0, 0, 0, 0, 0],
};

/**
 * The binary: it imports `functions` from the module `from`, defines `state`, and exports both under their own names.
 * Globals are zero, tables are null.
 */
export function stateModule(
  from: string,
  functions: readonly FunctionImport[],
  state: readonly StateImport[],
): Uint8Array {
  const out = new Encoder();
  out.copy(Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0));
  const section = (id: number, count: number, write: (e: Encoder) => void): void => {
    if (count === 0) return;
    const body = new Encoder();
    body.u32(count);
    write(body);
    out.u8(id);
    out.u32(body.length);
    out.copy(body.bytes());
  };
  const memories = state.filter((one) => one.kind === 'memory');
  const tables = state.filter((one) => one.kind === 'table');
  const globals = state.filter((one) => one.kind === 'global');
  section(1, functions.length, (e) => {
    for (const { params, results } of functions) {
      e.u8(0x60);
      for (const types of [params, results]) {
        e.u32(types.length);
        for (const type of types) e.valType(VAL_TYPES[type]);
      }
    }
  });
  section(2, functions.length, (e) =>
    functions.forEach(({ name }, i) => {
      e.name(from);
      e.name(name);
      e.u8(0);
      e.u32(i);
    }),
  );
  section(4, tables.length, (e) => {
    for (const { type } of tables) {
      e.valType(type.type);
      e.limits(type.limits);
    }
  });
  section(5, memories.length, (e) => {
    for (const { type } of memories) e.limits(type.limits);
  });
  section(6, globals.length, (e) => {
    for (const { type, value } of globals) {
      e.valType(type.type);
      e.u8(type.mutable ? 1 : 0);
      for (const byte of ZERO[value]) e.u8(byte);
      e.u8(Op.end);
    }
  });
  section(7, functions.length + state.length, (e) => {
    functions.forEach(({ name }, i) => {
      e.export(name, 'func', i);
    });
    for (const list of [tables, memories, globals]) {
      list.forEach(({ name, kind }, i) => {
        e.export(name, kind, i);
      });
    }
  });
  return out.bytes().slice();
}
