/**
 * Helper functions that perform an access whole or in two halves, as the scheduler decides. Wide and misaligned plain
 * accesses are not atomic on real machines.
 * Source: https://github.com/WebAssembly/threads/blob/main/proposals/threads/Overview.md (tearing)
 */
import type { Encoder } from '../../wasm/encoder.ts';
import { ACCESS, Access, WIDTH } from '../../wasm/instructions.ts';
import { Op } from '../../wasm/ops.ts';
import { I32, I64, V128 } from '../../wasm/types.ts';
import { ifSeldom } from '../rewrite/branchHints.ts';
import {
  callFunction,
  end,
  globalGet,
  globalSet,
  i32Const,
  i64Const,
  idOf,
  ifThen,
  localGet,
  localSet,
  memoryOp,
  opcode,
  orElse,
  valueTypeOf,
} from '../rewrite/emit.ts';
import { type Context, helper } from './context.ts';
import { firstAccess, hasRecords } from './firstAccess.ts';
import { HookAnswer } from './hooks.ts';
import { middlePoint, point, point64 } from './points.ts';

/** Loads that can tear, and the instructions that make their result from 64 zero-extended bits. */
const LOADS: ReadonlyMap<number, readonly number[]> = new Map<number, readonly number[]>([
  [idOf('i32.load'), [idOf('i32.wrap_i64')]],
  [idOf('i64.load'), []],
  [idOf('f32.load'), [idOf('i32.wrap_i64'), idOf('f32.reinterpret_i32')]],
  [idOf('f64.load'), [idOf('f64.reinterpret_i64')]],
  [idOf('i32.load16_s'), [idOf('i32.wrap_i64'), idOf('i32.extend16_s')]],
  [idOf('i32.load16_u'), [idOf('i32.wrap_i64')]],
  [idOf('i64.load16_s'), [idOf('i64.extend16_s')]],
  [idOf('i64.load16_u'), []],
  [idOf('i64.load32_s'), [idOf('i64.extend32_s')]],
  [idOf('i64.load32_u'), []],
  [Op.v128_load, []],
]);

/** Stores that can tear, and the instructions that make 64 bits from their operand. */
const STORES: ReadonlyMap<number, readonly number[]> = new Map<number, readonly number[]>([
  [idOf('i32.store'), [idOf('i64.extend_i32_u')]],
  [idOf('i64.store'), []],
  [idOf('f32.store'), [idOf('i32.reinterpret_f32'), idOf('i64.extend_i32_u')]],
  [idOf('f64.store'), [idOf('i64.reinterpret_f64')]],
  [idOf('i32.store16'), [idOf('i64.extend_i32_u')]],
  [idOf('i64.store16'), []],
  [idOf('i64.store32'), []],
  [Op.v128_store, []],
]);

/** Whether an instruction may be performed in two halves: a wide or misaligned plain load or store. */
export const isTorn = (id: number): boolean => LOADS.has(id) || STORES.has(id);

/** `i64` load and store of half of `width` bytes; log2 of their alignment is 0: the address is anything. */
const HALF_LOAD: Readonly<Record<number, number>> = {
  2: idOf('i64.load8_u'),
  4: idOf('i64.load16_u'),
  8: idOf('i64.load32_u'),
  16: idOf('i64.load'),
};
const HALF_STORE: Readonly<Record<number, number>> = {
  2: idOf('i64.store8'),
  4: idOf('i64.store16'),
  8: idOf('i64.store32'),
  16: idOf('i64.store'),
};

const SPLAT = idOf('i64x2.splat');
const EXTRACT = idOf('i64x2.extract_lane');
const REPLACE = idOf('i64x2.replace_lane');

function lane(e: Encoder, id: number, index: number): void {
  opcode(e, id);
  e.u8(index);
}

/** Asks for the access at (site, address), in locals 0 and 1; `tag`: local with that of the line. Pushes the answer. */
function askOnce(context: Context, e: Encoder, id: number, memory: number, tag: number): void {
  localGet(e, 0);
  localGet(e, 1);
  if (hasRecords(context, memory)) {
    i32Const(e, WIDTH[id] - 1);
    localGet(e, tag);
    callFunction(e, firstAccess(context, ACCESS[id] === Access.Store));
  } else callFunction(e, context.module.memories[memory].limits.is64 ? point64(context) : point(context));
}

/** (site, address, tag of the line where it has a record) -> value. */
export function slowLoad(context: Context, id: number, memory: number): number {
  const is64 = context.module.memories[memory].limits.is64;
  const type = valueTypeOf(id);
  const tags = hasRecords(context, memory) ? [I32] : [];
  return helper(context, `load ${id} ${memory}`, [I32, is64 ? I64 : I32, ...tags], [type], [I64], (e) => {
    askOnce(context, e, id, memory, 2);
    i32Const(e, HookAnswer.Parts);
    e.u8(Op.i32_eq);
    ifSeldom(e, type);
    loadHalves(context, e, id, memory, 2 + tags.length);
    orElse(e);
    localGet(e, 1);
    memoryOp(e, id, 0, memory, 0);
    end(e);
  });
}

function loadHalves(context: Context, e: Encoder, id: number, memory: number, half: number): void {
  const width = WIDTH[id];
  localGet(e, 1);
  memoryOp(e, HALF_LOAD[width], 0, memory, 0);
  localSet(e, half);
  localGet(e, 0);
  callFunction(e, middlePoint(context));
  if (width === 16) {
    localGet(e, half);
    opcode(e, SPLAT);
    localGet(e, 1);
    memoryOp(e, HALF_LOAD[width], 0, memory, 8);
    lane(e, REPLACE, 1);
    return;
  }
  localGet(e, 1);
  memoryOp(e, HALF_LOAD[width], 0, memory, width / 2);
  i64Const(e, width * 4);
  e.u8(Op.i64_shl);
  localGet(e, half);
  e.u8(Op.i64_or);
  for (const conversion of LOADS.get(id) ?? []) opcode(e, conversion);
}

/** (site, address, value, tag of the line where it has a record) -> (). */
export function slowStore(context: Context, id: number, memory: number): number {
  const is64 = context.module.memories[memory].limits.is64;
  const type = valueTypeOf(id);
  const tags = hasRecords(context, memory) ? [I32] : [];
  return helper(context, `store ${id} ${memory}`, [I32, is64 ? I64 : I32, type, ...tags], [], [I64], (e) => {
    askOnce(context, e, id, memory, 3);
    i32Const(e, HookAnswer.Parts);
    e.u8(Op.i32_eq);
    ifSeldom(e);
    storeHalves(context, e, id, memory, 3 + tags.length);
    orElse(e);
    localGet(e, 1);
    localGet(e, 2);
    memoryOp(e, id, 0, memory, 0);
    end(e);
  });
}

function storeHalves(context: Context, e: Encoder, id: number, memory: number, bits: number): void {
  const width = WIDTH[id];
  const half = HALF_STORE[width];
  if (width !== 16) {
    localGet(e, 2);
    for (const conversion of STORES.get(id) ?? []) opcode(e, conversion);
    localSet(e, bits);
  }
  for (const part of [0, 1]) {
    localGet(e, 1);
    localGet(e, width === 16 ? 2 : bits);
    if (width === 16) lane(e, EXTRACT, part);
    else if (part === 1) {
      i64Const(e, width * 4);
      e.u8(Op.i64_shr_u);
    }
    memoryOp(e, half, 0, memory, part === 0 ? 0 : width / 2);
    if (part === 1) return;
    localGet(e, 0);
    callFunction(e, middlePoint(context));
  }
}

/** (site) -> v128: `global.get` of a vector, which is two words. */
export const slowVectorGet = (context: Context, global: number): number =>
  helper(context, `vector get ${global}`, [I32], [V128], [I64], (e) => {
    askGlobal(context, e);
    ifThen(e, V128);
    globalGet(e, global);
    lane(e, EXTRACT, 0);
    localSet(e, 1);
    localGet(e, 0);
    callFunction(e, middlePoint(context));
    globalGet(e, global);
    localGet(e, 1);
    lane(e, REPLACE, 0);
    orElse(e);
    globalGet(e, global);
    end(e);
  });

/** (site, value) -> (). */
export const slowVectorSet = (context: Context, global: number): number =>
  helper(context, `vector set ${global}`, [I32, V128], [], [], (e) => {
    askGlobal(context, e);
    ifThen(e);
    for (const part of [0, 1]) {
      globalGet(e, global);
      localGet(e, 1);
      lane(e, EXTRACT, part);
      lane(e, REPLACE, part);
      globalSet(e, global);
      if (part === 1) break;
      localGet(e, 0);
      callFunction(e, middlePoint(context));
    }
    orElse(e);
    localGet(e, 1);
    globalSet(e, global);
    end(e);
  });

function askGlobal(context: Context, e: Encoder): void {
  localGet(e, 0);
  i32Const(e, 0);
  callFunction(e, point(context));
  i32Const(e, HookAnswer.Parts);
  e.u8(Op.i32_eq);
}

/** Functions through which the engine reads and writes a v128 global: low and high half, and both. */
export function vectorAccessors(context: Context, global: number): { low: number; high: number; set: number } {
  const read = (name: string, part: number): number =>
    helper(context, `vector ${name} ${global}`, [], [I64], [], (e) => {
      globalGet(e, global);
      lane(e, EXTRACT, part);
    });
  return {
    low: read('low', 0),
    high: read('high', 1),
    set: helper(context, `vector both ${global}`, [I64, I64], [], [], (e) => {
      localGet(e, 0);
      opcode(e, SPLAT);
      localGet(e, 1);
      lane(e, REPLACE, 1);
      globalSet(e, global);
    }),
  };
}
