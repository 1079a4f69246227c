/**
 * The `name` custom section with the extended subsections. Malformed names are never an error of the module: reading
 * stops, and the names read so far are kept.
 */
import { Cursor, DecodeFailure, decodeLossy, MAX_ITEMS } from '../cursor.ts';
import type { Names } from '../module.ts';

/** Names of a module without a name section. */
export function emptyNames(): Names {
  return {
    module: undefined,
    functions: new Map(),
    locals: new Map(),
    labels: new Map(),
    types: new Map(),
    tables: new Map(),
    memories: new Map(),
    globals: new Map(),
    elements: new Map(),
    data: new Map(),
    fields: new Map(),
    tags: new Map(),
  };
}

/** Reads subsections of `[start, end)` into `names`. */
export function readNames(bytes: Uint8Array, start: number, end: number, names: Names): void {
  const c = new Cursor(bytes, start, end);
  try {
    while (!c.atEnd()) {
      const id = c.u8();
      const size = c.u32();
      const sub = new Cursor(bytes, c.pos, Math.min(c.pos + size, end));
      c.skip(size);
      readSubsection(id, sub, names);
    }
  } catch (error) {
    if (!(error instanceof DecodeFailure)) throw error;
  }
}

/** Subsections that map indices to names, and those that map indices to name maps. */
const NAME_MAPS = {
  1: 'functions',
  4: 'types',
  5: 'tables',
  6: 'memories',
  7: 'globals',
  8: 'elements',
  9: 'data',
  11: 'tags',
} as const;
const INDIRECT_MAPS = { 2: 'locals', 3: 'labels', 10: 'fields' } as const;

function readSubsection(id: number, c: Cursor, names: Names): void {
  if (id === 0) names.module = lossyName(c);
  else if (id in NAME_MAPS) readNameMap(c, names[NAME_MAPS[id as keyof typeof NAME_MAPS]]);
  else if (id in INDIRECT_MAPS) readIndirectMap(c, names[INDIRECT_MAPS[id as keyof typeof INDIRECT_MAPS]]);
}

function lossyName(c: Cursor): string {
  const size = c.u32();
  const start = c.pos;
  c.skip(size);
  return decodeLossy(c.bytes.slice(start, start + size));
}

function readNameMap(c: Cursor, into: Map<number, string>): void {
  const count = Math.min(c.u32(), MAX_ITEMS);
  for (let i = 0; i < count; i++) {
    const index = c.u32();
    into.set(index, lossyName(c));
  }
}

/** Records where each inner name map is; `readInnerNames` decodes it on demand. */
function readIndirectMap(c: Cursor, into: Map<number, [number, number]>): void {
  const count = Math.min(c.u32(), MAX_ITEMS);
  for (let i = 0; i < count; i++) {
    const index = c.u32();
    const start = c.pos;
    const inner = c.u32();
    for (let k = 0; k < inner; k++) {
      c.u32();
      c.skip(c.u32());
    }
    into.set(index, [start, c.pos]);
  }
}

/** Names of one function's locals or labels, or of one type's fields, by index. */
export function readInnerNames(bytes: Uint8Array, range: [number, number] | undefined): Map<number, string> {
  const names = new Map<number, string>();
  if (range === undefined) return names;
  try {
    readNameMap(new Cursor(bytes, range[0], range[1]), names);
  } catch (error) {
    if (!(error instanceof DecodeFailure)) throw error;
  }
  return names;
}
