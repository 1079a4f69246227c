/** Value types, reference types, limits and constant expressions: the parts that sections share. */
import type { Cursor } from '../cursor.ts';
import { IMM, Imm, MNEMONIC, opId } from '../instructions.ts';
import type { ConstExpr } from '../module.ts';
import {
  CONCRETE,
  HEAP_NAMES,
  type HeapType,
  I8,
  I16,
  I32,
  type Limits,
  refType,
  V128,
  type ValType,
} from '../types.ts';

/** A heap type: an abstract one by its byte, or a type index. */
export function readHeapType(c: Cursor): HeapType {
  const offset = c.pos;
  const value = c.s33();
  if (value >= 0) return CONCRETE + value;
  const byte = value + 0x80;
  if (HEAP_NAMES[byte] === undefined) c.fail('malformed heap type', offset);
  return byte;
}

export function readRefType(c: Cursor): ValType {
  const offset = c.pos;
  const byte = c.u8();
  if (byte === 0x64 || byte === 0x63) return refType(readHeapType(c), byte === 0x63);
  if (HEAP_NAMES[byte] === undefined) c.fail('malformed reference type', offset);
  return refType(byte, true);
}

export function readValType(c: Cursor): ValType {
  const byte = c.peek();
  if (byte <= I32 && byte >= V128) {
    c.pos++;
    return byte;
  }
  const offset = c.pos;
  if (byte !== 0x64 && byte !== 0x63 && HEAP_NAMES[byte] === undefined) c.fail('malformed value type', offset);
  return readRefType(c);
}

/** A value type or a packed field type. */
export function readStorageType(c: Cursor): ValType {
  const byte = c.peek();
  if (byte === I8 || byte === I16) return c.u8();
  return readValType(c);
}

/** Flags: bit 0 maximum, bit 1 shared, bit 2 64-bit, bit 3 custom page size. */
export function readLimits(c: Cursor, allowed: number): Limits {
  const offset = c.pos;
  const flags = c.u8();
  if (flags & ~allowed) c.fail('malformed limits flags', offset);
  const is64 = (flags & 4) !== 0;
  const size = () => (is64 ? c.u64() : BigInt(c.u32()));
  const min = size();
  const max = flags & 1 ? size() : undefined;
  const pageSizeLog2 = flags & 8 ? c.u32() : undefined;
  return { min, max, is64, shared: (flags & 2) !== 0, pageSizeLog2 };
}

/** Flags that a memory's and a table's limits may have. */
export const MEMORY_LIMITS = 15;
export const TABLE_LIMITS = 5;

/** Skips a constant expression. Its instructions are those of the table, up to the first `end`. */
export function readConstExpr(c: Cursor): ConstExpr {
  const start = c.pos;
  for (;;) {
    const offset = c.pos;
    const byte = c.u8();
    if (byte === 0x0b) return { start, end: c.pos };
    const id = byte >= 0xfb && byte <= 0xfe ? opId(byte, c.u32()) : byte;
    if (id < 0 || MNEMONIC[id] === undefined) c.fail(`unknown opcode 0x${byte.toString(16)}`, offset);
    switch (IMM[id]) {
      case Imm.None:
        break;
      case Imm.I32:
      case Imm.I64:
        skipSigned(c, IMM[id] === Imm.I32 ? 5 : 10);
        break;
      case Imm.F32:
        c.skip(4);
        break;
      case Imm.F64:
        c.skip(8);
        break;
      case Imm.V128:
        c.skip(16);
        break;
      case Imm.HeapType:
        readHeapType(c);
        break;
      case Imm.Func:
      case Imm.Global:
      case Imm.Type:
        c.u32();
        break;
      case Imm.TypeCount:
      case Imm.TypeData:
      case Imm.TypeElem:
        c.u32();
        c.u32();
        break;
      default:
        c.fail(`${MNEMONIC[id]} is not a constant instruction`, offset);
    }
  }
}

function skipSigned(c: Cursor, most: number): void {
  const start = c.pos;
  for (let i = 0; i < most; i++) if (c.u8() < 0x80) return;
  c.fail('integer representation too long', start);
}
