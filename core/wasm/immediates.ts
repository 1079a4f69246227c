/**
 * Reads one instruction at a time with its immediates, for the printer, hover, the source map and the rewriter.
 * `skip.ts` only finds where an instruction ends; the scan of whole modules has its own loop.
 *
 * Source: https://webassembly.github.io/spec/core/binary/instructions.html
 */

import { message, t } from '../text/l10n.ts';
import { Cursor, DecodeFailure } from './cursor.ts';
import {
  IMM,
  Imm,
  isPrefix,
  MEMARG_HAS_MEMORY,
  MEMARG_HAS_ORDER,
  MEMARG_UNKNOWN,
  MNEMONIC,
  opId,
} from './instructions.ts';
import type { DecodeError } from './module.ts';
import { hex } from './printer/numbers.ts';
import { readHeapType, readValType } from './sections/valueTypes.ts';
import { EMPTY_BLOCK_BYTE, refType } from './types.ts';

/** How a block's type is written; first of the two `values` of a block type. */
export const BlockForm = {
  Empty: 0,
  /** Second value: the `ValType` of the only result. */
  Result: 1,
  /** Second value: a type index. */
  Type: 2,
} as const;

/** Clauses of `try_table`. */
export const CatchKind = { Catch: 0, CatchRef: 1, CatchAll: 2, CatchAllRef: 3 } as const;

/** A decoded instruction. */
export interface Instruction {
  /** `opId` of the opcode. */
  id: number;
  /** Byte offsets: the instruction is `[start, end)`, its immediates are `[at, end)`. */
  start: number;
  at: number;
  end: number;
  /**
   * Immediates that are small integers, in the order of the binary format:
   * - indices, labels, lanes, `i32.const`: the number;
   * - block types: a `BlockForm` and its value;
   * - memargs: log2 of the alignment, memory index, then the lane of lane accesses, or the ordering of an atomic one
   *   that has it;
   * - `br_table`: all labels, the default last; `select`: all `ValType`s;
   * - heap types: one `HeapType`; casting branches: label, source and target `ValType`;
   * - `try_table`: block type, then for each clause `CatchKind`, tag (0 if none), label. Floats, vectors and shuffles
   *   have no values here: read them from the bytes at `at`.
   */
  values: number[];
  /** Offset of a memarg or value of `i64.const`, else 0. */
  wide: bigint;
}

/** Signed LEB128 of at most 64 bits. */
function readS64(c: Cursor): bigint {
  const start = c.pos;
  let value = 0n;
  for (let shift = 0n; shift < 70n; shift += 7n) {
    const byte = c.u8();
    value |= BigInt(byte & 0x7f) << shift;
    if (byte < 0x80) return BigInt.asIntN(Math.min(Number(shift) + 7, 64), value);
  }
  return c.fail(t('integer representation too long'), start);
}

function readBlockType(c: Cursor, values: number[]): void {
  const byte = c.peek();
  // One-byte negative numbers are the empty type and value types, all others type indices.
  if (byte === EMPTY_BLOCK_BYTE) {
    c.u8();
    values.push(BlockForm.Empty, 0);
  } else if (byte < 0x80 && byte > EMPTY_BLOCK_BYTE) {
    values.push(BlockForm.Result, readValType(c));
  } else {
    const offset = c.pos;
    const index = c.s33();
    if (index < 0) c.fail(t('malformed block type'), offset);
    values.push(BlockForm.Type, index);
  }
}

function readMemarg(c: Cursor, values: number[]): bigint {
  const offset = c.pos;
  const flags = c.u32();
  if (flags >= 0x80 || flags & MEMARG_UNKNOWN) c.fail(t('malformed memory alignment'), offset);
  values.push(flags & 0xf, flags & MEMARG_HAS_MEMORY ? c.u32() : 0);
  if (flags & MEMARG_HAS_ORDER) values.push(c.u8());
  return c.u64();
}

function readTryTable(c: Cursor, values: number[]): void {
  readBlockType(c, values);
  for (let n = c.count(message('catch clauses'), 2); n > 0; n--) {
    const offset = c.pos;
    const kind = c.u8();
    if (kind > CatchKind.CatchAllRef) c.fail(t('malformed catch clause'), offset);
    values.push(kind, kind < CatchKind.CatchAll ? c.u32() : 0, c.u32());
  }
}

function readBrOnCast(c: Cursor, values: number[]): void {
  const offset = c.pos;
  const flags = c.u8();
  if (flags > 3) c.fail(t('malformed cast flags'), offset);
  values.push(c.u32(), refType(readHeapType(c), (flags & 1) !== 0), refType(readHeapType(c), (flags & 2) !== 0));
}

/** Reads immediates of `kind` at the cursor into `values`; returns the wide one. */
function readImmediates(c: Cursor, kind: number, values: number[]): bigint {
  switch (kind) {
    case Imm.None:
      return 0n;
    case Imm.BlockType:
      readBlockType(c, values);
      return 0n;
    case Imm.BrTable:
      for (let n = c.count(message('labels')) + 1; n > 0; n--) values.push(c.u32());
      return 0n;
    case Imm.Label:
    case Imm.Func:
    case Imm.Type:
    case Imm.Local:
    case Imm.Global:
    case Imm.Table:
    case Imm.Elem:
    case Imm.Memory:
    case Imm.Data:
    case Imm.Tag:
      values.push(c.u32());
      return 0n;
    case Imm.TypeUse:
    case Imm.TableTable:
    case Imm.ElemTable:
    case Imm.MemoryMemory:
    case Imm.DataMemory:
    case Imm.TypeField:
    case Imm.TypeCount:
    case Imm.TypeData:
    case Imm.TypeElem:
    case Imm.TypeType:
      values.push(c.u32(), c.u32());
      return 0n;
    case Imm.Memarg:
      return readMemarg(c, values);
    case Imm.MemargLane: {
      const offset = readMemarg(c, values);
      values.push(c.u8());
      return offset;
    }
    case Imm.I32:
      values.push(c.s33() | 0);
      return 0n;
    case Imm.I64:
      return readS64(c);
    case Imm.F32:
      c.skip(4);
      return 0n;
    case Imm.F64:
      c.skip(8);
      return 0n;
    case Imm.V128:
    case Imm.Shuffle:
      c.skip(16);
      return 0n;
    case Imm.Lane:
    case Imm.Fence:
      values.push(c.u8());
      return 0n;
    case Imm.HeapType:
      values.push(readHeapType(c));
      return 0n;
    case Imm.SelectTypes:
      for (let n = c.count(message('types')); n > 0; n--) values.push(readValType(c));
      return 0n;
    case Imm.TryTable:
      readTryTable(c, values);
      return 0n;
    case Imm.BrOnCast:
      readBrOnCast(c, values);
      return 0n;
    default:
      return c.fail(t('unknown kind of immediates'));
  }
}

/**
 * Reads an opcode and returns its id.
 * @throws DecodeFailure if the instruction table has no such opcode.
 */
export function readOpcode(c: Cursor): number {
  const start = c.pos;
  const byte = c.u8();
  const prefixed = isPrefix(byte);
  const sub = prefixed ? c.u32() : byte;
  const id = opId(prefixed ? byte : 0, sub);
  if (id < 0 || MNEMONIC[id] === undefined) {
    c.fail(t('unknown opcode {0}', prefixed ? `${hex(byte)} ${hex(sub)}` : hex(byte)), start);
  }
  return id;
}

/**
 * Reads the instruction at the cursor.
 * @throws DecodeFailure if it is unknown or malformed.
 */
export function nextInstruction(c: Cursor): Instruction {
  const start = c.pos;
  const id = readOpcode(c);
  const at = c.pos;
  const values: number[] = [];
  const wide = readImmediates(c, IMM[id], values);
  return { id, start, at, end: c.pos, values, wide };
}

/**
 * Reads the instruction at byte `offset` of a body or expression that ends at `end`; the error if it cannot be read.
 */
export function readInstruction(bytes: Uint8Array, offset: number, end: number): Instruction | DecodeError {
  try {
    return nextInstruction(new Cursor(bytes, offset, end));
  } catch (error) {
    if (error instanceof DecodeFailure) return { offset: error.offset, message: error.message };
    throw error;
  }
}
