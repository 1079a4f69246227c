/** Section 1: the type index space, recursion groups flattened. */
import { message, t } from '../../text/l10n.ts';
import type { Cursor } from '../cursor.ts';
import type { FieldType, FuncType, TypeDef } from '../types.ts';
import { readStorageType, readValType } from './valueTypes.ts';

const FUNC_BYTE = 0x60;
const STRUCT_BYTE = 0x5f;
const ARRAY_BYTE = 0x5e;
const SUB_BYTE = 0x50;
const SUB_FINAL_BYTE = 0x4f;
const REC_BYTE = 0x4e;

/** Implementation limit of V8 for parameters and for results. */
const MAX_ARITY = 1000;

/** Section 1: types. Appends as it reads, so that types before an error are kept. */
export function readTypes(c: Cursor, types: TypeDef[]): void {
  const count = c.count(message('types'));
  for (let i = 0; i < count; i++) {
    const group = types.length;
    if (c.peek() === REC_BYTE) {
      c.u8();
      const size = c.count(message('types of a recursion group'));
      for (let k = 0; k < size; k++) types.push(readSubType(c, group, size, true));
    } else {
      types.push(readSubType(c, group, 1, false));
    }
  }
}

function readSubType(c: Cursor, group: number, groupSize: number, explicitGroup: boolean): TypeDef {
  const offset = c.pos;
  const supers: number[] = [];
  let final = true;
  const byte = c.peek();
  if (byte === SUB_BYTE || byte === SUB_FINAL_BYTE) {
    c.u8();
    final = byte === SUB_FINAL_BYTE;
    const count = c.count(message('supertypes'));
    for (let i = 0; i < count; i++) supers.push(c.u32());
  }
  return { composite: readComposite(c), supers, final, group, groupSize, explicitGroup, offset };
}

function readComposite(c: Cursor): TypeDef['composite'] {
  const offset = c.pos;
  switch (c.u8()) {
    case FUNC_BYTE:
      return readFuncType(c);
    case STRUCT_BYTE: {
      const fields: FieldType[] = [];
      const count = c.count(message('fields'), 2);
      for (let i = 0; i < count; i++) fields.push(readField(c));
      return { kind: 'struct', fields };
    }
    case ARRAY_BYTE:
      return { kind: 'array', field: readField(c) };
    default:
      return c.fail(t('malformed definition type'), offset);
  }
}

function readFuncType(c: Cursor): FuncType {
  const params = [];
  const results = [];
  for (let n = c.count(message('parameters'), 1, MAX_ARITY); n > 0; n--) params.push(readValType(c));
  for (let n = c.count(message('results'), 1, MAX_ARITY); n > 0; n--) results.push(readValType(c));
  return { kind: 'func', params, results };
}

function readField(c: Cursor): FieldType {
  const type = readStorageType(c);
  return { type, mutable: readMutability(c) };
}

/** Mutability of a global or field: true if it can be changed. */
export function readMutability(c: Cursor): boolean {
  const offset = c.pos;
  const byte = c.u8();
  if (byte > 1) c.fail(t('malformed mutability'), offset);
  return byte === 1;
}
