/** Writing the binary format: a growing buffer with the encodings of integers, floats, names and types. */
import type { ExternalKind } from './module.ts';
import { EXTERNAL_KINDS } from './sections/imports.ts';
import {
  CONCRETE,
  type HeapType,
  heapOf,
  isNullable,
  isRef,
  type Limits,
  REF_BYTE,
  REF_NULL_BYTE,
  type ValType,
} from './types.ts';

/** A growing buffer to which the encodings of the binary format are appended. */
export class Encoder {
  private buffer: Uint8Array;
  /** Bytes written. */
  length = 0;

  constructor(capacity = 256) {
    this.buffer = new Uint8Array(capacity);
  }

  /** The bytes written so far. A view: the next write may move the buffer, so copy it to keep it. */
  bytes(): Uint8Array {
    return this.buffer.subarray(0, this.length);
  }

  clear(): void {
    this.length = 0;
  }

  private reserve(size: number): void {
    if (this.length + size <= this.buffer.length) return;
    const larger = new Uint8Array(Math.max(this.buffer.length * 2, this.length + size));
    larger.set(this.bytes());
    this.buffer = larger;
  }

  u8(byte: number): void {
    if (this.length === this.buffer.length) this.reserve(1);
    this.buffer[this.length++] = byte;
  }

  /** Unsigned LEB128 of at most 53 bits. */
  u32(value: number): void {
    let rest = value;
    while (rest >= 0x80) {
      this.u8((rest % 0x80) | 0x80);
      rest = Math.floor(rest / 0x80);
    }
    this.u8(rest);
  }

  u64(value: bigint): void {
    let rest = value;
    while (rest >= 0x80n) {
      this.u8(Number(rest & 0x7fn) | 0x80);
      rest >>= 7n;
    }
    this.u8(Number(rest));
  }

  /** Signed LEB128 of at most 53 bits: `i32.const`, heap types, block types. */
  s32(value: number): void {
    let rest = value;
    for (;;) {
      const low = ((rest % 128) + 128) % 128;
      rest = (rest - low) / 128;
      const last = (rest === 0 && low < 0x40) || (rest === -1 && low >= 0x40);
      this.u8(last ? low : low | 0x80);
      if (last) return;
    }
  }

  /** Signed LEB128 of 64 bits, of which the value has the lowest: `i64.const`. */
  s64(value: bigint): void {
    let rest = BigInt.asIntN(64, value);
    for (;;) {
      const low = Number(rest & 0x7fn);
      rest >>= 7n;
      const last = (rest === 0n && low < 0x40) || (rest === -1n && low >= 0x40);
      this.u8(last ? low : low | 0x80);
      if (last) return;
    }
  }

  /** Eight bytes, little-endian. */
  f64(value: number): void {
    this.reserve(8);
    new DataView(this.buffer.buffer).setFloat64(this.length, value, true);
    this.length += 8;
  }

  /** Appends bytes `[start, end)` of another array. */
  copy(source: Uint8Array, start = 0, end = source.length): void {
    this.reserve(end - start);
    this.buffer.set(source.subarray(start, end), this.length);
    this.length += end - start;
  }

  /** The length of a text in UTF-8, then its bytes. */
  name(text: string): void {
    const encoded = new TextEncoder().encode(text);
    this.u32(encoded.length);
    this.copy(encoded);
  }

  valType(type: ValType): void {
    if (!isRef(type)) {
      this.u8(type);
      return;
    }
    const heap = heapOf(type);
    // Nullable references to abstract types have short forms.
    if (isNullable(type) && heap < CONCRETE) {
      this.u8(heap);
      return;
    }
    this.u8(isNullable(type) ? REF_NULL_BYTE : REF_BYTE);
    this.heapType(heap);
  }

  heapType(heap: HeapType): void {
    if (heap < CONCRETE) this.u8(heap);
    else this.s32(heap - CONCRETE);
  }

  /** Limits of a memory or table. */
  limits({ min, max, is64, shared, pageSizeLog2 }: Limits): void {
    this.u8((max === undefined ? 0 : 1) | (shared ? 2 : 0) | (is64 ? 4 : 0) | (pageSizeLog2 === undefined ? 0 : 8));
    this.u64(min);
    if (max !== undefined) this.u64(max);
    if (pageSizeLog2 !== undefined) this.u32(pageSizeLog2);
  }

  /** An entry of the export section. */
  export(name: string, kind: ExternalKind, index: number): void {
    this.name(name);
    this.u8(EXTERNAL_KINDS.indexOf(kind));
    this.u32(index);
  }

  /** A section with the contents of another encoder: id, size, contents. */
  section(id: number, contents: Encoder): void {
    this.u8(id);
    this.u32(contents.length);
    this.copy(contents.bytes());
  }
}
