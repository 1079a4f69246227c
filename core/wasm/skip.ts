/**
 * Finds where an instruction ends without decoding it: the one skipper of immediates, derived from the instruction
 * table. In a module of 50 MB nearly all bodies are only skipped, so immediates are not validated (immediates.ts does
 * that), but nothing behind the end is read.
 */
import { t } from '../text/l10n.ts';
import type { Cursor } from './cursor.ts';
import { readOpcode } from './immediates.ts';
import { IMM, Imm, MEMARG_HAS_MEMORY, MEMARG_HAS_ORDER, OP_COUNT } from './instructions.ts';
import { startsHeapType } from './types.ts';

/** What follows an opcode: up to 16 bytes, or LEB128 numbers and variable forms. */
const Shape = {
  Leb1: 17,
  Leb2: 18,
  Memarg: 19,
  MemargLane: 20,
  BlockType: 21,
  Labels: 22,
  Types: 23,
  TryTable: 24,
  BrOnCast: 25,
  Unknown: 26,
} as const;

function shapeOf(imm: number): number {
  switch (imm) {
    case Imm.None:
      return 0;
    case Imm.Unknown:
      return Shape.Unknown;
    case Imm.Lane:
    case Imm.Fence:
      return 1;
    case Imm.F32:
      return 4;
    case Imm.F64:
      return 8;
    case Imm.V128:
    case Imm.Shuffle:
      return 16;
    case Imm.Memarg:
      return Shape.Memarg;
    case Imm.MemargLane:
      return Shape.MemargLane;
    case Imm.BlockType:
      return Shape.BlockType;
    case Imm.BrTable:
      return Shape.Labels;
    case Imm.SelectTypes:
      return Shape.Types;
    case Imm.TryTable:
      return Shape.TryTable;
    case Imm.BrOnCast:
      return Shape.BrOnCast;
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
      return Shape.Leb2;
    default:
      return Shape.Leb1;
  }
}

const SHAPE = new Uint8Array(OP_COUNT);
for (let id = 0; id < OP_COUNT; id++) SHAPE[id] = shapeOf(IMM[id]);

/**
 * Offset behind the immediates of instruction `id`, which start at `at`: beyond `end` if they do not fit, -1 if the
 * table has no such instruction. LEB128 numbers may have any length.
 */
export function skipImmediates(bytes: Uint8Array, id: number, at: number, end: number): number {
  const shape = SHAPE[id];
  if (shape < Shape.Leb1) return at + shape;
  return shape === Shape.Leb1 ? skipLeb(bytes, at, end) : skipOther(shape, bytes, at, end);
}

function skipOther(shape: number, bytes: Uint8Array, at: number, end: number): number {
  switch (shape) {
    case Shape.Memarg:
      return skipMemarg(bytes, at, end);
    case Shape.BlockType:
      return skipType(bytes, at, end);
    case Shape.Leb2:
      return skipLebs(bytes, at, end, 2);
    case Shape.Unknown:
      return -1;
    case Shape.MemargLane:
      return skipMemarg(bytes, at, end) + 1;
    case Shape.Labels:
      return skipLebs(bytes, skipLeb(bytes, at, end), end, lebValue(bytes, at, end) + 1);
    case Shape.BrOnCast:
      return skipLebs(bytes, at + 1, end, 3);
    case Shape.Types: {
      let next = skipLeb(bytes, at, end);
      for (let n = lebValue(bytes, at, end); n > 0; n--) {
        if (next >= end) return end + 1;
        next = skipType(bytes, next, end);
      }
      return next;
    }
    default: {
      const clauses = skipType(bytes, at, end);
      let next = skipLeb(bytes, clauses, end);
      // Clauses of kind 0 and 1 have a tag before their label.
      for (let n = lebValue(bytes, clauses, end); n > 0; n--) {
        if (next >= end) return end + 1;
        next = skipLebs(bytes, next + 1, end, bytes[next] < 2 ? 2 : 1);
      }
      return next;
    }
  }
}

/** Offset behind the LEB128 number at `at`, beyond `end` if it does not fit. */
export function skipLeb(bytes: Uint8Array, at: number, end: number): number {
  while (at < end && bytes[at] >= 0x80) at++;
  return at + 1;
}

/** Offset behind `numbers` LEB128 numbers, beyond `end` if there are fewer. */
function skipLebs(bytes: Uint8Array, at: number, end: number, numbers: number): number {
  for (; numbers > 0; numbers--) {
    if (at >= end) return end + 1;
    at = skipLeb(bytes, at, end);
  }
  return at;
}

/** Value types and block types: one number, and a heap type after the first byte of `(ref ...)`. */
const skipType = (bytes: Uint8Array, at: number, end: number): number =>
  skipLeb(bytes, at < end && startsHeapType(bytes[at]) ? at + 1 : at, end);

/** Flags, a memory index if there is one, an ordering in one byte if there is one, an offset. */
function skipMemarg(bytes: Uint8Array, at: number, end: number): number {
  const numbers = bytes[at] & MEMARG_HAS_MEMORY ? 2 : 1;
  if (!(bytes[at] & MEMARG_HAS_ORDER)) return skipLebs(bytes, at, end, numbers + 1);
  return skipLebs(bytes, skipLebs(bytes, at, end, numbers) + 1, end, 1);
}

/** Value of the unsigned LEB128 number at `at`; any large number if it is too large for its use. */
export function lebValue(bytes: Uint8Array, at: number, end: number): number {
  let value = 0;
  for (let scale = 1; at < end; scale *= 128, at++) {
    value += (bytes[at] & 0x7f) * scale;
    if (bytes[at] < 0x80) break;
  }
  return value;
}

/**
 * Moves the cursor past an instruction and returns its id.
 * @throws DecodeFailure if the opcode is unknown or the instruction is incomplete.
 */
export function skipInstruction(c: Cursor): number {
  const id = readOpcode(c);
  const at = skipImmediates(c.bytes, id, c.pos, c.end);
  if (at > c.end) c.fail(t('unexpected end'));
  c.pos = at;
  return id;
}

/**
 * Moves the cursor past the locals vector of a body (groups of a count and a type) and returns the number of locals.
 * @throws DecodeFailure if it is incomplete.
 */
export function skipLocals(c: Cursor): number {
  let locals = 0;
  for (let groups = c.u32(); groups > 0; groups--) {
    locals += c.u32();
    if (startsHeapType(c.u8())) c.s33();
  }
  return locals;
}
