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
import { ATOMIC_READ, ATOMIC_WRITE, type AtomicForm, READ, WRITE } from './effectTable.ts';

/** Forms of one-byte instructions that the scanner handles by form rather than one by one. */
export const PlainForm = {
  Other: 0,
  Load: 1,
  Store: 2,
  /** No immediates; numeric operands and one numeric result. */
  Numeric: 3,
  /** The same, with a small number as its result. */
  Compare: 4,
  /** The same, of floating-point numbers. */
  Float: 5,
} as const;

/** Numeric instructions that the scanner tracks: they compute addresses from addresses. */
const FOLLOWED: ReadonlySet<number> = new Set([
  Op.i32_add,
  Op.i64_add,
  Op.i32_sub,
  Op.i64_sub,
  Op.i32_and,
  Op.i64_and,
  Op.i32_or,
  Op.i32_shl,
  Op.i32_mul,
  Op.i32_shr_u,
  Op.i32_shr_s,
  Op.i32_rem_u,
  Op.i32_div_u,
  Op.i32_wrap_i64,
  Op.i64_extend_i32_u,
  Op.i64_extend_i32_s,
  Op.i64_or,
  Op.i64_shl,
  Op.i64_mul,
]);

/** Comparisons and tests: their result is 0 or 1, and their operands go nowhere. */
const COMPARES = /\.(?:eqz?|ne|[lg][te])(?:_[su])?$/;
/** Counts of bits. */
const COUNTS = /\.(?:clz|ctz|popcnt)$/;

function formOf(op: number): number {
  if (ACCESS[op] === Access.Load) return PlainForm.Load;
  if (ACCESS[op] === Access.Store) return PlainForm.Store;
  const numeric = IMM[op] === Imm.None && /^[ilfd]+>[ilfd]$/.test(SIGNATURE[op]);
  if (!numeric || FOLLOWED.has(op)) return PlainForm.Other;
  if (COMPARES.test(MNEMONIC[op] ?? '') || COUNTS.test(MNEMONIC[op] ?? '')) return PlainForm.Compare;
  // Only integers are addresses.
  return /^[^il]+>/.test(SIGNATURE[op]) ? PlainForm.Float : PlainForm.Numeric;
}

/** Beyond what a number may be said to be at most: it may be negative. */
const ANY_LOADED = 0x7fff_ffff;
/** Greatest value of a load that is no address, by opcode; -1: it may be one. */
export const LOADED_NUMBER = Int32Array.from({ length: FIRST_PREFIXED }, (_, op) => {
  if (ACCESS[op] !== Access.Load) return -1;
  const name = MNEMONIC[op] ?? '';
  if (/load(?:8|16)_s$/.test(name)) return ANY_LOADED;
  return /load8_u$/.test(name) ? 0xff : /load16_u$/.test(name) ? 0xffff : -1;
});

/** `PlainForm` of each one-byte opcode. */
export const PLAIN_FORM = Uint8Array.from({ length: FIRST_PREFIXED }, (_, op) => formOf(op));

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
