/** Value, reference and composite types in the text format. */

import {
  F32,
  F64,
  type FieldType,
  type FuncType,
  HEAP_NAMES,
  type HeapType,
  heapOf,
  I8,
  I16,
  I32,
  I64,
  isNullable,
  isRef,
  type Limits,
  type TypeDef,
  typeIndexOf,
  V128,
  type ValType,
} from '../types.ts';
import type { Ids } from './ids.ts';
import { hex } from './numbers.ts';

const PLAIN_NAMES: Readonly<Record<number, string>> = {
  [I32]: 'i32',
  [I64]: 'i64',
  [F32]: 'f32',
  [F64]: 'f64',
  [V128]: 'v128',
  [I8]: 'i8',
  [I16]: 'i16',
};

/** Nullable references to abstract heap types have short names. */
const SHORT_REFS: Readonly<Record<string, string>> = {
  func: 'funcref',
  extern: 'externref',
  any: 'anyref',
  eq: 'eqref',
  i31: 'i31ref',
  struct: 'structref',
  array: 'arrayref',
  exn: 'exnref',
  none: 'nullref',
  nofunc: 'nullfuncref',
  noextern: 'nullexternref',
  noexn: 'nullexnref',
};

/** A heap type: the name of an abstract one, else the identifier of the type. */
export function heapTypeText(heap: HeapType, ids: Ids): string {
  const index = typeIndexOf(heap);
  return index < 0 ? HEAP_NAMES[heap] : ids.use('type', index);
}

/** A reference type in its long form, as `ref.test` and `ref.cast` need it. */
export function refText(heap: HeapType, nullable: boolean, ids: Ids): string {
  return `(ref ${nullable ? 'null ' : ''}${heapTypeText(heap, ids)})`;
}

/** A value type, reference types in their short form if they have one. */
export function valTypeText(type: ValType, ids: Ids): string {
  if (!isRef(type)) return PLAIN_NAMES[type] ?? `(;type ${hex(type)};)`;
  const heap = heapOf(type);
  const nullable = isNullable(type);
  return (nullable ? SHORT_REFS[HEAP_NAMES[heap]] : undefined) ?? refText(heap, nullable, ids);
}

/** Most types or fields in one list, as engines limit parameters; the rest becomes a comment. */
const MAX_LISTED = 1000;

/** `items`, each with a leading space. */
function listText<T>(items: readonly T[], text: (item: T, index: number) => string): string {
  const more = items.length > MAX_LISTED ? ` (;${items.length - MAX_LISTED} more;)` : '';
  return (
    items
      .slice(0, MAX_LISTED)
      .map((item, index) => ` ${text(item, index)}`)
      .join('') + more
  );
}

/** ` (keyword t1 t2)`, nothing for no types. */
export function typeListText(keyword: string, types: readonly ValType[], ids: Ids): string {
  return types.length === 0 ? '' : ` (${keyword}${listText(types, (type) => valTypeText(type, ids))})`;
}

/** Whether a signature is short enough to be written at each use of its type. */
export function isInline(type: FuncType): boolean {
  return type.params.length + type.results.length <= 64;
}

/** ` (param ...) (result ...)`. */
export function signatureText(type: FuncType, ids: Ids): string {
  return typeListText('param', type.params, ids) + typeListText('result', type.results, ids);
}

/** `i32` or `(mut i32)`. */
export function mutableText(type: ValType, mutable: boolean, ids: Ids): string {
  const text = valTypeText(type, ids);
  return mutable ? `(mut ${text})` : text;
}

function fieldText(field: FieldType, name: string | undefined, ids: Ids): string {
  return `(field ${name === undefined ? '' : `${name} `}${mutableText(field.type, field.mutable, ids)})`;
}

function compositeText({ composite }: TypeDef, fieldIds: ReadonlyMap<number, string>, ids: Ids): string {
  switch (composite.kind) {
    case 'func':
      return `(func${signatureText(composite, ids)})`;
    case 'struct':
      return `(struct${listText(composite.fields, (field, i) => fieldText(field, fieldIds.get(i), ids))})`;
    case 'array':
      return `(array ${mutableText(composite.field.type, composite.field.mutable, ids)})`;
  }
}

/** The right-hand side of a type definition. */
export function typeDefText(type: TypeDef, fieldIds: ReadonlyMap<number, string>, ids: Ids): string {
  const composite = compositeText(type, fieldIds, ids);
  if (type.final && type.supers.length === 0) return composite;
  const supers = type.supers.length === 0 ? '' : ` ${ids.use('type', type.supers[0])}`;
  // At most one supertype is valid, and parsers read no more.
  const more = type.supers.length > 1 ? ` (;${type.supers.length - 1} more;)` : '';
  return `(sub${type.final ? ' final' : ''}${supers}${more} ${composite})`;
}

/** ` (type $t) (param ...) (result ...)` of a function, tag or block. */
export function typeUseText(types: readonly TypeDef[], index: number, ids: Ids): string {
  const composite = types[index]?.composite;
  const signature = composite?.kind === 'func' && isInline(composite) ? signatureText(composite, ids) : '';
  return ` (type ${ids.use('type', index)})${signature}`;
}

/** `i64 1 2 shared (pagesize 0x1)`; the page size is for memories only. */
export function limitsText(limits: Limits): string {
  const parts = [limits.is64 ? 'i64 ' : '', limits.min];
  if (limits.max !== undefined) parts.push(` ${limits.max}`);
  if (limits.shared) parts.push(' shared');
  // Pages of more than 2^31 bytes are malformed: an exponent of millions must not be computed.
  if (limits.pageSizeLog2 !== undefined) parts.push(` (pagesize ${2 ** Math.min(limits.pageSizeLog2, 31)})`);
  return parts.join('');
}
