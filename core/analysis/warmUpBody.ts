/**
 * The code that prepares the engine for the scanner: every instruction that its loop handles itself, on every kind of
 * value, with short and padded immediates, and every way in and out of blocks.
 */
import { MEMARG_HAS_MEMORY, opcodeOf } from '../wasm/instructions.ts';
import { Op } from '../wasm/ops.ts';
import { EMPTY_BLOCK_BYTE, F32, F64, I32, I64 } from '../wasm/types.ts';

/** Enough globals that the index of the last one is outside the scanner's small tables. */
export const GLOBALS = 40;
/** Locals of the body behind its two parameters: seven of `i32`, one of `i64`, `f32` and `f64`. */
export const LOCALS: readonly number[] = [4, 7, I32, 1, I64, 1, F32, 1, F64];

/** An index in two bytes, as linkers pad them. */
const padded = (index: number): number[] => [index | 0x80, 0];
const get = (local: number): number[] => [Op.local_get, local];
const set = (local: number): number[] => [Op.local_set, local];
const constant = (value: number): number[] => [Op.i32_const, value & 0x7f];
const load = [Op.i32_load, 2, 4];

const FRAME = 2;
const CHANGED = 3;
const RESULT = 4;
const EITHER = 5;
const SCRATCH = 6;
const SUM = 7;
const UNKNOWN = 8;
const WIDE = 9;
const FLOAT = 10;
const DOUBLE = 11;

/** Values of each kind: what pushes them. */
const VALUES: readonly (readonly number[])[] = [
  get(0),
  get(FRAME),
  get(RESULT),
  get(SUM),
  get(UNKNOWN),
  constant(8),
  constant(-4),
  [...get(0), Op.i32_eqz],
  [Op.i32_const, 0xff, 0xff, 0xff, 0xff, 0x07],
  [Op.i32_const, 0x80, 0x80, 0x80, 0x80, 0x78],
  [Op.global_get, ...padded(1)],
  [Op.global_get, GLOBALS - 1],
  [...get(0), ...load],
  [...get(RESULT), ...load],
  [Op.i32_const, 0x80, 0x08, ...load],
  [...get(0), Op.i32_load8_u, 0, 0],
];

const BINARY = [
  Op.i32_add,
  Op.i32_sub,
  Op.i32_and,
  Op.i32_or,
  Op.i32_shl,
  Op.i32_mul,
  Op.i32_shr_u,
  Op.i32_shr_s,
  Op.i32_rem_u,
  Op.i32_div_u,
  Op.i32_xor,
  Op.i32_eq,
];
const BINARY64 = [Op.i64_add, Op.i64_sub, Op.i64_and, Op.i64_or, Op.i64_shl, Op.i64_mul];

/** What needs the values above: a frame, lowered; what a call returns; a choice; a value that may be anything. */
const start = [
  ...[Op.global_get, 0, Op.i32_const, 16, Op.i32_sub, Op.local_tee, FRAME, Op.global_set, 0],
  ...[...get(0), ...get(1), Op.call, 2, ...set(RESULT)],
  ...[...get(0), ...get(1), ...get(0), Op.select, ...set(EITHER)],
  ...[...get(EITHER), ...get(1), Op.i32_add, ...set(SUM)],
  ...[...get(0), ...get(1), Op.i32_rotl, ...set(UNKNOWN)],
];

const accesses = VALUES.flatMap((value) => [
  ...[...value, ...load, Op.drop],
  ...[...value, Op.i32_load, 2, 0x84, 0, Op.drop],
  ...[...value, Op.i32_load, 2 | MEMARG_HAS_MEMORY, 0, 4, Op.drop],
  ...[...value, Op.i32_load8_u, 0, 0, Op.drop],
  ...[...value, ...get(0), Op.i32_store, 2, 0],
  ...[...value, ...constant(1), Op.i32_store8, 0, 0x80, 1],
  ...[...value, ...set(SCRATCH), ...get(SCRATCH), Op.local_tee, ...padded(SCRATCH), Op.drop],
  ...[...value, ...value, Op.call, 2, Op.drop],
  ...[...value, Op.call, ...padded(0), Op.drop],
  ...[...value, Op.i64_extend_i32_u, Op.i32_wrap_i64, Op.i64_extend_i32_s, ...set(WIDE)],
  ...[...get(0), ...value, Op.br_if, 0, Op.drop],
]);

const arithmetic = VALUES.flatMap((left, i) =>
  VALUES.flatMap((right, k) => [
    ...[...left, ...right, BINARY[(i + k) % BINARY.length], Op.drop],
    ...[...left, ...right, BINARY[(i + 5 * k + 3) % BINARY.length], Op.drop],
    ...[...left, ...right, BINARY[(i + 7 * k + 6) % BINARY.length], Op.drop],
    ...[...left, ...right, ...get(0), Op.select, Op.drop],
  ]),
);

const wide = [
  ...[Op.i64_const, 1, Op.i64_const, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 1, Op.i64_add, ...set(WIDE)],
  ...[Op.i64_const, 0xff, 0xff, 0xff, 0xff, 0x0f, Op.i32_wrap_i64, Op.drop, Op.i32_const, 0x7f, Op.i64_extend_i32_u],
  ...set(WIDE),
  ...BINARY64.flatMap((op) =>
    [
      get(WIDE),
      [Op.i64_const, 0],
      [Op.i64_const, 32],
      [...get(0), Op.i64_extend_i32_u],
      [...get(WIDE), Op.i64_clz],
    ].flatMap((value) => [
      ...[...value, ...get(0), Op.i64_extend_i32_u, op, Op.drop],
      ...[...value, Op.i64_const, 32, op, Op.drop],
      ...[...value, Op.i64_const, 0, op, Op.drop],
    ]),
  ),
  ...[Op.f32_const, 0, 0, 0, 0, Op.f32_neg, ...set(FLOAT), ...get(FLOAT), Op.f64_promote_f32, ...set(DOUBLE)],
  ...[Op.f64_const, 0, 0, 0, 0, 0, 0, 0, 0, ...get(DOUBLE), Op.f64_add, Op.drop],
];

/** A loop that sets what it reads, a branch out of it, and what is set in only one way. */
const loops = [
  ...[Op.block, EMPTY_BLOCK_BYTE, Op.loop, EMPTY_BLOCK_BYTE],
  ...[...get(CHANGED), ...load, Op.drop, ...get(CHANGED), ...constant(4), Op.i32_add, ...set(CHANGED)],
  ...[...get(SCRATCH), ...constant(1), Op.i32_add, Op.local_tee, SCRATCH, Op.br_if, 0],
  ...[Op.loop, EMPTY_BLOCK_BYTE, ...get(CHANGED), ...get(FRAME), Op.i32_store, 2, 0, ...get(0), Op.br_if, 0, Op.end],
  ...[...get(0), Op.if, EMPTY_BLOCK_BYTE, ...get(1), ...set(SCRATCH), Op.else, ...get(0), ...set(CHANGED), Op.end],
  ...[...get(0), Op.br_if, ...padded(1), ...get(CHANGED), ...get(SCRATCH), Op.i32_store, 2, 0],
  ...[Op.br, ...padded(0), Op.nop, Op.end, Op.end, ...get(CHANGED), ...get(SCRATCH), Op.i32_store, 2, 0],
];

/** Blocks with results, which code leaves by their ends and by branches. */
const blocks = VALUES.flatMap((value) => [
  ...[Op.block, I32, ...value, ...get(0), Op.br_if, 0, Op.drop, ...get(1), Op.end, Op.drop],
  ...[...get(0), Op.if, I32, ...value, Op.else, Op.i32_const, 2, Op.br, 0, Op.nop, Op.end, Op.drop],
  ...[...get(0), Op.if, EMPTY_BLOCK_BYTE, ...value, ...set(CHANGED), Op.end, ...get(CHANGED), ...load, Op.drop],
]);

const exits = [
  ...[Op.try, EMPTY_BLOCK_BYTE, Op.nop, Op.catch_all, Op.end],
  ...[Op.block, EMPTY_BLOCK_BYTE, Op.block, EMPTY_BLOCK_BYTE, ...get(0), Op.br_table, 1, 0, 1, Op.end],
  ...[...get(RESULT), Op.return, Op.nop, Op.end],
  ...[Op.block, EMPTY_BLOCK_BYTE, ...get(0), Op.if, EMPTY_BLOCK_BYTE, ...get(SUM), Op.return, Op.end],
  ...[...get(0), Op.br_table, ...padded(1), ...padded(0), 0, Op.end],
  ...[Op.block, EMPTY_BLOCK_BYTE, Op.unreachable, Op.end],
];

const rare = [
  ...[...get(0), ...get(0), Op.call_indirect, 0, 0, Op.drop, Op.memory_size, 0, Op.memory_grow, 0, Op.drop],
  ...[...get(0), ...constant(0), ...constant(4), ...opcodeOf(Op.memory_fill), 0],
  ...[...get(0), ...get(1), ...get(RESULT), ...opcodeOf(Op.memory_copy), 0, 0],
  ...[Op.i32_const, 0xff, 0x7f, Op.drop, ...constant(7), Op.global_set, ...padded(GLOBALS - 1)],
  ...[...get(FRAME), Op.i32_const, 16, Op.i32_add, Op.global_set, 0, ...get(EITHER), Op.end],
];

/** The code of the body, from its first instruction to its `end`. */
export const WARM_UP_CODE: readonly number[] = [
  ...start,
  ...[accesses, arithmetic, wide, loops, blocks, exits, rare].flat(),
];
