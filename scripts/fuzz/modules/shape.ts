/** What a generated module consists of, before its bodies are written: an item of everything, some of it at random. */
import type { Random } from '../../../core/testing/random.ts';
import {
  ANY,
  type ArrayType,
  CONCRETE,
  EQ,
  EXTERNREF,
  F32,
  F64,
  type FieldType,
  FUNCREF,
  type FuncType,
  I8,
  I16,
  I31,
  I32,
  I64,
  refType,
  type StructType,
  V128,
  type ValType,
} from '../../../core/wasm/types.ts';

/** Proposals of which a module has all or nothing. */
export interface Features {
  /** `try` and `catch`, which engines do not accept beside `try_table`. */
  legacyExceptions: boolean;
  /** 128-bit arithmetic, and memories with pages of one byte: unknown to some engines. */
  beyondEngines: boolean;
}

/** A memory or a table; a table has an element type. */
export interface Sized {
  is64: boolean;
  shared: boolean;
  element: ValType;
  pagesOfOneByte: boolean;
}

/** A global with a constant of its type. */
export interface GlobalShape {
  type: ValType;
  mutable: boolean;
  imported: boolean;
}

/** A segment of functions: of `element`, for `table` or passive. */
export interface ElemShape {
  element: ValType;
  table: number | undefined;
}

/** All index spaces; imported items come first in each. */
export interface ModuleShape {
  features: Features;
  types: (FuncType | StructType | ArrayType)[];
  /** Type of each function. */
  functions: number[];
  importedFunctions: number;
  tables: Sized[];
  memories: Sized[];
  globals: GlobalShape[];
  /** Type of each tag. */
  tags: number[];
  elems: ElemShape[];
  /** Memory of each data segment, undefined for passive ones. */
  data: (number | undefined)[];
}

/** Types of fixed meaning, which every module has. */
export const TYPE = { nothing: 0, struct: 1, bytes: 2, words: 3, refs: 4, unary: 5 } as const;

const STRUCT_REF = refType(CONCRETE + TYPE.struct, true);

/** Types that a local, parameter or result may have; references are nullable. */
const VALUE_TYPES: readonly ValType[] = [
  I32,
  I32,
  I32,
  I64,
  I64,
  F32,
  F64,
  V128,
  FUNCREF,
  EXTERNREF,
  refType(ANY, true),
  refType(EQ, true),
  refType(I31, true),
  STRUCT_REF,
  refType(CONCRETE + TYPE.bytes, true),
  refType(CONCRETE + TYPE.words, true),
  refType(CONCRETE + TYPE.unary, true),
];

/** One of `items`. */
export const choice = <T>(items: readonly T[], next: Random): T => items[next(items.length)];

/** A type for a local. */
export const anyValueType = (next: Random): ValType => choice(VALUE_TYPES, next);

const several = <T>(most: number, next: Random, make: () => T): T[] => Array.from({ length: next(most + 1) }, make);

const functionType = (next: Random): FuncType => ({
  kind: 'func',
  params: several(3, next, () => anyValueType(next)),
  results: several(next(4) === 0 ? 3 : 1, next, () => anyValueType(next)),
});

/** A random shape; the first memory has 32-bit addresses. */
export function randomShape(next: Random): ModuleShape {
  const legacyExceptions = next(3) === 0;
  const beyondEngines = next(5) === 0;
  const fields: FieldType[] = [
    { type: I32, mutable: true },
    { type: choice([I8, I16], next), mutable: true },
    { type: STRUCT_REF, mutable: next(2) === 0 },
    ...several(2, next, () => ({ type: anyValueType(next), mutable: next(2) === 0 })),
  ];
  const types: ModuleShape['types'] = [
    { kind: 'func', params: [], results: [] },
    { kind: 'struct', fields },
    { kind: 'array', field: { type: I8, mutable: true } },
    { kind: 'array', field: { type: choice([I32, I64, F32, F64], next), mutable: true } },
    { kind: 'array', field: { type: FUNCREF, mutable: true } },
    { kind: 'func', params: [I32], results: [I32] },
    ...several(4, next, () => functionType(next)),
  ];
  const functionTypes = types.flatMap(({ kind }, i) => (kind === 'func' ? [i] : []));
  const importedFunctions = next(3);
  const memory = (): Sized => ({
    is64: next(4) === 0,
    shared: next(2) === 0,
    element: I8,
    pagesOfOneByte: beyondEngines && next(2) === 0,
  });
  const table = (element: ValType): Sized => ({ is64: next(4) === 0, shared: false, element, pagesOfOneByte: false });
  const elements = [FUNCREF, FUNCREF, EXTERNREF, refType(CONCRETE + TYPE.unary, true)];
  const tables = elements.map(table);
  const memories = [{ ...memory(), is64: false, pagesOfOneByte: false }, ...several(3, next, memory)];
  return {
    features: { legacyExceptions, beyondEngines },
    types,
    importedFunctions,
    functions: Array.from({ length: importedFunctions + 2 + next(5) }, () => choice(functionTypes, next)),
    tables,
    memories,
    globals: VALUE_TYPES.flatMap((type, i): GlobalShape[] =>
      next(2) === 0 || i === 0 ? [{ type, mutable: next(4) > 0, imported: false }] : [],
    ),
    tags: [TYPE.nothing, ...several(2, next, () => functionTypes[0]), TYPE.unary].map((type) =>
      types[type].kind === 'func' && (types[type] as FuncType).results.length > 0 ? TYPE.nothing : type,
    ),
    elems: [
      { element: FUNCREF, table: undefined },
      { element: FUNCREF, table: next(2) },
      { element: refType(CONCRETE + TYPE.unary, true), table: undefined },
    ],
    data: [undefined, ...several(3, next, () => next(memories.length)), undefined],
  };
}
