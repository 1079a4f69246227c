/** Instructions by form, as tables for the scanner: what it need not look at one by one. */
import {
  ACCESS,
  Access,
  FIRST_PREFIXED,
  IMM,
  Imm,
  MNEMONIC,
  OP_COUNT,
  POPS,
  PUSHES,
  SIGNATURE,
  WIDTH,
} from '../wasm/instructions.ts';
import { Op } from '../wasm/ops.ts';
import { ANY_NUMBER, bounded } from './abstractValue.ts';
import { ATOMIC_READ, ATOMIC_WRITE, type AtomicForm, READ, WRITE } from './effectTable.ts';

/**
 * Forms of one-byte instructions, by which the scanner's loop tells them apart. The loop names them by number, which the
 * compiler compares with these.
 */
export const ScanForm = {
  /** Anything that the loop leaves to `scanRare.ts`. */
  Other: 0,
  Load: 1,
  Store: 2,
  /** No immediates; numeric operands and one numeric result. */
  Numeric: 3,
  /** The same, with a small number as its result. */
  Compare: 4,
  /** The same, of floating-point numbers. */
  Float: 5,
  LocalGet: 6,
  LocalSet: 7,
  LocalTee: 8,
  I32Const: 9,
  Add: 10,
  Subtract: 11,
  Mask: 12,
  SetBits: 13,
  ShiftLeft: 14,
  Multiply: 15,
  ShiftRight: 16,
  ShiftRightSigned: 17,
  DivideOrRemainder: 18,
  Add64: 19,
  Subtract64: 20,
  Low64: 21,
  Wrap: 22,
  Extend: 23,
  GlobalGet: 24,
  GlobalSet: 25,
  Call: 26,
  /** `block`, `loop`, `if` and `try`. */
  Block: 27,
  End: 28,
  /** `else`, `catch` and `catch_all`. */
  NextPart: 29,
  BranchIf: 30,
  Branch: 31,
  /** `return` and `unreachable`. */
  Leave: 32,
  BranchTable: 33,
  I64Const: 34,
  F32Const: 35,
  F64Const: 36,
  Drop: 37,
  Select: 38,
} as const;

/** Instructions with a form of their own, by opcode. */
const FORM_OF: ReadonlyMap<number, number> = new Map([
  [Op.local_get, ScanForm.LocalGet],
  [Op.local_set, ScanForm.LocalSet],
  [Op.local_tee, ScanForm.LocalTee],
  [Op.i32_const, ScanForm.I32Const],
  [Op.i32_add, ScanForm.Add],
  [Op.i32_sub, ScanForm.Subtract],
  [Op.i32_and, ScanForm.Mask],
  [Op.i64_and, ScanForm.Mask],
  [Op.i32_or, ScanForm.SetBits],
  [Op.i32_shl, ScanForm.ShiftLeft],
  [Op.i32_mul, ScanForm.Multiply],
  [Op.i32_shr_u, ScanForm.ShiftRight],
  [Op.i32_shr_s, ScanForm.ShiftRightSigned],
  [Op.i32_rem_u, ScanForm.DivideOrRemainder],
  [Op.i32_div_u, ScanForm.DivideOrRemainder],
  [Op.i64_add, ScanForm.Add64],
  [Op.i64_sub, ScanForm.Subtract64],
  [Op.i64_or, ScanForm.Low64],
  [Op.i64_shl, ScanForm.Low64],
  [Op.i64_mul, ScanForm.Low64],
  [Op.i32_wrap_i64, ScanForm.Wrap],
  [Op.i64_extend_i32_s, ScanForm.Extend],
  [Op.i64_extend_i32_u, ScanForm.Extend],
  [Op.global_get, ScanForm.GlobalGet],
  [Op.global_set, ScanForm.GlobalSet],
  [Op.call, ScanForm.Call],
  [Op.block, ScanForm.Block],
  [Op.loop, ScanForm.Block],
  [Op.if, ScanForm.Block],
  [Op.try, ScanForm.Block],
  [Op.end, ScanForm.End],
  [Op.else, ScanForm.NextPart],
  [Op.catch, ScanForm.NextPart],
  [Op.catch_all, ScanForm.NextPart],
  [Op.br_if, ScanForm.BranchIf],
  [Op.br, ScanForm.Branch],
  [Op.return, ScanForm.Leave],
  [Op.unreachable, ScanForm.Leave],
  [Op.br_table, ScanForm.BranchTable],
  [Op.i64_const, ScanForm.I64Const],
  [Op.f32_const, ScanForm.F32Const],
  [Op.f64_const, ScanForm.F64Const],
  [Op.drop, ScanForm.Drop],
  [Op.select, ScanForm.Select],
]);

/** Comparisons and tests: their result is 0 or 1, and their operands go nowhere. */
const COMPARES = /\.(?:eqz?|ne|[lg][te])(?:_[su])?$/;
/** Counts of bits. */
const COUNTS = /\.(?:clz|ctz|popcnt)$/;

function formOf(op: number): number {
  const own = FORM_OF.get(op);
  if (own !== undefined) return own;
  if (ACCESS[op] === Access.Load) return ScanForm.Load;
  if (ACCESS[op] === Access.Store) return ScanForm.Store;
  if (IMM[op] !== Imm.None || !/^[ilfd]+>[ilfd]$/.test(SIGNATURE[op])) return ScanForm.Other;
  if (COMPARES.test(MNEMONIC[op] ?? '') || COUNTS.test(MNEMONIC[op] ?? '')) return ScanForm.Compare;
  // Only integers are addresses.
  return /^[^il]+>/.test(SIGNATURE[op]) ? ScanForm.Float : ScanForm.Numeric;
}

/** `ScanForm` of each one-byte opcode. */
export const FORM = Uint8Array.from({ length: FIRST_PREFIXED }, (_, op) => formOf(op));

/** In `LOADED_NUMBER`: what is loaded may be an address. */
export const MAY_BE_ADDRESS = -2;
/** The second number of the `Number` that a load gives, by opcode, or MAY_BE_ADDRESS. */
export const LOADED_NUMBER = Int32Array.from({ length: FIRST_PREFIXED }, (_, op) => {
  if (ACCESS[op] !== Access.Load) return MAY_BE_ADDRESS;
  const name = MNEMONIC[op] ?? '';
  // It may be negative.
  if (/load(?:8|16)_s$/.test(name)) return ANY_NUMBER;
  return /load8_u$/.test(name) ? bounded(0xff, 0) : /load16_u$/.test(name) ? bounded(0xffff, 0) : MAY_BE_ADDRESS;
});

/** Net stack change of numeric instructions; 0 where it depends on immediates. */
export const STACK_DELTA = Int8Array.from(POPS, (pops, op) => (pops >= 0 && PUSHES[op] >= 0 ? PUSHES[op] - pops : 0));

/** Kind of memory access of loads, stores and atomics, -1 for others. */
export const MEMORY_ACCESS = new Int8Array(OP_COUNT).fill(-1);
const MEMORY_ACCESS_OF: Readonly<Record<number, number>> = {
  [Access.Load]: READ,
  [Access.Store]: WRITE,
  [Access.AtomicLoad]: ATOMIC_READ,
  [Access.AtomicStore]: ATOMIC_WRITE,
  [Access.AtomicRmw]: ATOMIC_WRITE,
  [Access.AtomicWait]: ATOMIC_READ,
  [Access.AtomicNotify]: ATOMIC_READ,
};
for (let op = 0; op < OP_COUNT; op++) if (WIDTH[op] > 0) MEMORY_ACCESS[op] = MEMORY_ACCESS_OF[ACCESS[op]] ?? -1;

/** Atomic instructions by id. */
export const ATOMIC_FORM: readonly (AtomicForm | undefined)[] = Array.from({ length: OP_COUNT }, (_, op) => {
  if (MEMORY_ACCESS[op] < ATOMIC_READ) return undefined;
  // `memory.atomic.notify` names an address and accesses no bytes there.
  const widths = ACCESS[op] === Access.AtomicNotify ? 0 : WIDTH[op];
  return { width: WIDTH[op], widths, waits: ACCESS[op] === Access.AtomicWait };
});
