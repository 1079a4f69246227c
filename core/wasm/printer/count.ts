/**
 * How many instructions a body has, for bodies that are not shown. In a module of 50 MB that is
 * nearly all of them, so this only finds where each instruction ends: immediates are not checked
 * (printing does that), yet reading never leaves the body.
 */
import { IMM, Imm, MNEMONIC, OP_COUNT, opId } from '../instructions.ts';

/** What follows an opcode: 0..3 LEB128 numbers, fixed sizes, or one of the forms that need a look. */
const Shape = {
  None: 0,
  Leb1: 1,
  Leb2: 2,
  Byte: 3,
  Bytes4: 4,
  Bytes8: 5,
  Bytes16: 6,
  Memarg: 7,
  MemargLane: 8,
  BlockType: 9,
  Labels: 10,
  Types: 11,
  TryTable: 12,
  BrOnCast: 13,
  Unknown: 14,
} as const;

function shapeOf(imm: number): number {
  switch (imm) {
    case Imm.None:
      return Shape.None;
    case Imm.Lane:
    case Imm.Fence:
      return Shape.Byte;
    case Imm.F32:
      return Shape.Bytes4;
    case Imm.F64:
      return Shape.Bytes8;
    case Imm.V128:
    case Imm.Shuffle:
      return Shape.Bytes16;
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
    case Imm.Unknown:
      return Shape.Unknown;
    default:
      return Shape.Leb1;
  }
}

const SHAPE = new Uint8Array(OP_COUNT);
for (let id = 0; id < OP_COUNT; id++) SHAPE[id] = MNEMONIC[id] === undefined ? Shape.Unknown : shapeOf(IMM[id]);

/** Bytes of reference types with a heap type after them. */
const REF_NULL_BYTE = 0x63;
const REF_BYTE = 0x64;

/** Offset behind the LEB128 number at `at`, which may be behind `end`. */
function skipLeb(bytes: Uint8Array, at: number, end: number): number {
  while (at < end && bytes[at] >= 0x80) at++;
  return at + 1;
}

/** Behind `end` when there are fewer than `numbers`. */
function skipLebs(bytes: Uint8Array, at: number, end: number, numbers: number): number {
  for (; numbers > 0; numbers--) {
    if (at >= end) return end + 1;
    at = skipLeb(bytes, at, end);
  }
  return at;
}

/** Value types and block types: one number, and a heap type after the bytes of `(ref ...)`. */
function skipType(bytes: Uint8Array, at: number, end: number): number {
  const hasHeapType = bytes[at] === REF_BYTE || bytes[at] === REF_NULL_BYTE;
  return hasHeapType ? skipLeb(bytes, at + 1, end) : skipLeb(bytes, at, end);
}

/** Value of the LEB128 count at `at`; only its size in bytes matters when it is too large. */
function count(bytes: Uint8Array, at: number, end: number): number {
  let value = 0;
  for (let scale = 1; at < end; scale *= 128, at++) {
    value += (bytes[at] & 0x7f) * scale;
    if (bytes[at] < 0x80) break;
  }
  return value;
}

function skipRare(shape: number, bytes: Uint8Array, at: number, end: number): number {
  switch (shape) {
    case Shape.MemargLane:
      return skipMemarg(bytes, at, end) + 1;
    case Shape.Labels:
      return skipLebs(bytes, skipLeb(bytes, at, end), end, count(bytes, at, end) + 1);
    case Shape.BrOnCast:
      return skipLebs(bytes, at + 1, end, 3);
    case Shape.Types: {
      let next = skipLeb(bytes, at, end);
      for (let n = count(bytes, at, end); n > 0; n--) {
        if (next >= end) return end + 1;
        next = skipType(bytes, next, end);
      }
      return next;
    }
    default: {
      const clauses = skipType(bytes, at, end);
      let next = skipLeb(bytes, clauses, end);
      // Clauses of kind 0 and 1 have a tag before their label.
      for (let n = count(bytes, clauses, end); n > 0; n--) {
        if (next >= end) return end + 1;
        next = skipLebs(bytes, next + 1, end, bytes[next] < 2 ? 2 : 1);
      }
      return next;
    }
  }
}

function skipMemarg(bytes: Uint8Array, at: number, end: number): number {
  return skipLebs(bytes, at, end, bytes[at] & 0x40 ? 3 : 2);
}

/**
 * Instructions in `[start, end)`, or, when there is an unknown opcode or the last instruction does
 * not end at `end`, the offset of the one that is wrong as `-1 - offset`.
 */
export function countInstructions(bytes: Uint8Array, start: number, end: number): number {
  let instructions = 0;
  let at = start;
  let last = start;
  while (at < end) {
    last = at;
    let id = bytes[at++];
    if (id >= 0xfb && id <= 0xfe) {
      const sub = count(bytes, at, end);
      at = skipLeb(bytes, at, end);
      id = opId(id, sub);
      if (id < 0) return -1 - last;
    }
    instructions++;
    switch (SHAPE[id]) {
      case Shape.None:
        break;
      case Shape.Leb1:
        at = skipLeb(bytes, at, end);
        break;
      case Shape.Leb2:
        at = skipLebs(bytes, at, end, 2);
        break;
      case Shape.Memarg:
        at = skipMemarg(bytes, at, end);
        break;
      case Shape.BlockType:
        at = skipType(bytes, at, end);
        break;
      case Shape.Byte:
        at += 1;
        break;
      case Shape.Bytes4:
        at += 4;
        break;
      case Shape.Bytes8:
        at += 8;
        break;
      case Shape.Bytes16:
        at += 16;
        break;
      case Shape.Unknown:
        return -1 - last;
      default:
        at = skipRare(SHAPE[id], bytes, at, end);
    }
  }
  return at === end ? instructions : -1 - last;
}
