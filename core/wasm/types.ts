/**
 * Value, heap and composite types of WebAssembly 3.0, packed into small integers.
 *
 * A value type is one number:
 * - numbers, vectors and packed storage types are the byte of the binary format
 *   (`0x7f` i32, `0x7e` i64, `0x7d` f32, `0x7c` f64, `0x7b` v128, `0x78` i8, `0x77` i16);
 * - a reference type is `REF + 2 * heap + nullable`, where `heap` is the byte of an abstract
 *   heap type (`0x69..0x74`) or `CONCRETE + typeIndex`.
 *
 * Source: https://webassembly.github.io/spec/core/binary/types.html
 */
export type ValType = number;

/** A heap type: the byte of an abstract one, or `CONCRETE + typeIndex`. */
export type HeapType = number;

/** Value type `i32`. */
export const I32 = 0x7f;
/** Value type `i64`. */
export const I64 = 0x7e;
/** Value type `f32`. */
export const F32 = 0x7d;
/** Value type `f64`. */
export const F64 = 0x7c;
/** Value type `v128`. */
export const V128 = 0x7b;
/** Packed storage type `i8`. */
export const I8 = 0x78;
/** Packed storage type `i16`. */
export const I16 = 0x77;

/** First byte of `(ref null heap)`; the heap type follows. */
export const REF_NULL_BYTE = 0x63;
/** First byte of `(ref heap)`; the heap type follows. */
export const REF_BYTE = 0x64;
/** Whether a heap type follows this first byte of a type. */
export const startsHeapType = (byte: number): boolean => byte === REF_NULL_BYTE || byte === REF_BYTE;

/** The block type without parameters and results. */
export const EMPTY_BLOCK_BYTE = 0x40;

/** First number that is a reference type. */
export const REF = 0x100;
/** First heap type that is a type index. */
export const CONCRETE = 0x80;

/** Heap type `func`. */
export const FUNC = 0x70;
/** Heap type `extern`. */
export const EXTERN = 0x6f;
/** Heap type `any`. */
export const ANY = 0x6e;
/** Heap type `eq`. */
export const EQ = 0x6d;
/** Heap type `i31`. */
export const I31 = 0x6c;
/** Heap type `exn`, whose references JavaScript cannot hold. */
export const EXN = 0x69;
/** Heap type `noexn`, the bottom type of `exn`. */
export const NOEXN = 0x74;

/** Names of the abstract heap types by their byte. */
export const HEAP_NAMES: Readonly<Record<number, string>> = {
  0x74: 'noexn',
  0x73: 'nofunc',
  0x72: 'noextern',
  0x71: 'none',
  0x70: 'func',
  0x6f: 'extern',
  0x6e: 'any',
  0x6d: 'eq',
  0x6c: 'i31',
  0x6b: 'struct',
  0x6a: 'array',
  0x69: 'exn',
};

/** Reference to `heap`, nullable or not. */
export const refType = (heap: HeapType, nullable: boolean): ValType => REF + 2 * heap + (nullable ? 1 : 0);

/** Whether a value type is a reference type. */
export const isRef = (type: ValType): boolean => type >= REF;
/** Whether a value type is a nullable reference type. */
export const isNullable = (type: ValType): boolean => type >= REF && (type & 1) === 1;
/** Heap type of a reference type. */
export const heapOf = (type: ValType): HeapType => (type - REF) >> 1;
/** Type index of a concrete heap type, or -1 for an abstract one. */
export const typeIndexOf = (heap: HeapType): number => (heap >= CONCRETE ? heap - CONCRETE : -1);

/** `funcref`: a nullable reference to `func`. */
export const FUNCREF = refType(FUNC, true);
/** `externref`: a nullable reference to `extern`. */
export const EXTERNREF = refType(EXTERN, true);

/** A function type. */
export interface FuncType {
  kind: 'func';
  params: ValType[];
  results: ValType[];
}

/** Type of a struct's field or of an array's elements; `type` may be a packed storage type. */
export interface FieldType {
  type: ValType;
  mutable: boolean;
}

/** A struct type. */
export interface StructType {
  kind: 'struct';
  fields: FieldType[];
}

/** An array type. */
export interface ArrayType {
  kind: 'array';
  field: FieldType;
}

/** One entry of the type index space. */
export interface TypeDef {
  composite: FuncType | StructType | ArrayType;
  /** Declared supertypes (type indices). */
  supers: number[];
  final: boolean;
  /** Index of the first type of its recursion group and the group's size (1 outside `rec`). */
  group: number;
  groupSize: number;
  /** Whether the group was written with the `rec` byte 0x4e. */
  explicitGroup: boolean;
  /** Byte offset of the definition. */
  offset: number;
}

/** Size limits of a memory (pages) or a table (elements); `max` undefined when unbounded. */
export interface Limits {
  min: bigint;
  max: bigint | undefined;
  /** Whether addresses have 64 bits. */
  is64: boolean;
  shared: boolean;
  /** log2 of the page size if the custom-page-sizes flag is set, else undefined. */
  pageSizeLog2: number | undefined;
}
