/** Value types, reference types and limits, which several sections use. All readers throw `DecodeFailure`. */
import { t } from '../../text/l10n.ts';
import type { Cursor } from '../cursor.ts';
import {
  CONCRETE,
  HEAP_NAMES,
  type HeapType,
  I8,
  I16,
  I32,
  type Limits,
  REF_NULL_BYTE,
  refType,
  startsHeapType,
  V128,
  type ValType,
} from '../types.ts';

/** A heap type: the byte of an abstract one, or a type index. */
export function readHeapType(c: Cursor): HeapType {
  const offset = c.pos;
  const value = c.s33();
  if (value >= 0) return CONCRETE + value;
  const byte = value + 0x80;
  if (HEAP_NAMES[byte] === undefined) c.fail(t('malformed heap type'), offset);
  return byte;
}

/** A reference type, in its long or short form. */
export function readRefType(c: Cursor): ValType {
  const offset = c.pos;
  const byte = c.u8();
  if (startsHeapType(byte)) return refType(readHeapType(c), byte === REF_NULL_BYTE);
  if (HEAP_NAMES[byte] === undefined) c.fail(t('malformed reference type'), offset);
  return refType(byte, true);
}

/** A value type: number, vector or reference. */
export function readValType(c: Cursor): ValType {
  const byte = c.peek();
  if (byte <= I32 && byte >= V128) {
    c.pos++;
    return byte;
  }
  const offset = c.pos;
  if (!startsHeapType(byte) && HEAP_NAMES[byte] === undefined) c.fail(t('malformed value type'), offset);
  return readRefType(c);
}

/** A value type or a packed field type. */
export function readStorageType(c: Cursor): ValType {
  const byte = c.peek();
  if (byte === I8 || byte === I16) return c.u8();
  return readValType(c);
}

/**
 * Limits of a memory or table. Flags: bit 0 maximum, bit 1 shared, bit 2 64-bit, bit 3 custom page size; `allowed` is
 * the mask of those that may be set.
 */
export function readLimits(c: Cursor, allowed: number): Limits {
  const offset = c.pos;
  const flags = c.u8();
  if (flags & ~allowed) c.fail(t('malformed limits flags'), offset);
  const is64 = (flags & 4) !== 0;
  const size = () => (is64 ? c.u64() : BigInt(c.u32()));
  const min = size();
  const max = flags & 1 ? size() : undefined;
  const pageSizeLog2 = flags & 8 ? c.u32() : undefined;
  return { min, max, is64, shared: (flags & 2) !== 0, pageSizeLog2 };
}

/** Flags that the limits of a memory may have. */
export const MEMORY_LIMITS = 15;
/** Flags that the limits of a table may have. */
export const TABLE_LIMITS = 5;
