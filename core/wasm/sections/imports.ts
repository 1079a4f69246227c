/** Section 2: imports, which come first in every index space. */
import { message, t } from '../../text/l10n.ts';
import type { Cursor } from '../cursor.ts';
import type { ExternalKind, Global, Import, Memory, Table, Tag } from '../module.ts';
import type { ValType } from '../types.ts';
import { readMutability } from './types.ts';
import { MEMORY_LIMITS, readLimits, readRefType, readValType, TABLE_LIMITS } from './valueTypes.ts';

/** Index spaces under construction, filled by sections 2 to 13. */
export interface Spaces {
  imports: Import[];
  /** Type index of each function, imported ones first. */
  functionTypes: number[];
  tables: Table[];
  memories: Memory[];
  globals: Global[];
  tags: Tag[];
}

/** External kinds by their byte in the binary format. */
export const EXTERNAL_KINDS: readonly ExternalKind[] = ['func', 'table', 'memory', 'global', 'tag'];

/**
 * Section 2: imports. Appends as it reads, so that imports before an error are kept.
 * @throws DecodeFailure if an import is malformed.
 */
export function readImports(c: Cursor, spaces: Spaces): void {
  const count = c.count(message('imports'), 4);
  for (let i = 0; i < count; i++) {
    const offset = c.pos;
    const module = c.name();
    const name = c.name();
    const kindOffset = c.pos;
    const kind = EXTERNAL_KINDS[c.u8()];
    if (kind === undefined) c.fail(t('malformed import kind'), kindOffset);
    spaces.imports.push({ module, name, kind, index: readImported(c, kind, offset, spaces), offset });
  }
}

/** Reads the type of an import into its index space and returns its index there. */
function readImported(c: Cursor, kind: ExternalKind, offset: number, spaces: Spaces): number {
  switch (kind) {
    case 'func':
      return spaces.functionTypes.push(c.u32()) - 1;
    case 'table':
      return spaces.tables.push({ ...readTableType(c), init: undefined, imported: true, offset }) - 1;
    case 'memory':
      return spaces.memories.push({ limits: readLimits(c, MEMORY_LIMITS), imported: true, offset }) - 1;
    case 'global':
      return spaces.globals.push({ ...readGlobalType(c), init: undefined, imported: true, offset }) - 1;
    case 'tag':
      return spaces.tags.push({ typeIndex: readTagType(c), imported: true, offset }) - 1;
  }
}

/** Element type and limits of a table. */
export function readTableType(c: Cursor): Pick<Table, 'type' | 'limits'> {
  const type = readRefType(c);
  return { type, limits: readLimits(c, TABLE_LIMITS) };
}

/** Value type and mutability of a global. */
export function readGlobalType(c: Cursor): { type: ValType; mutable: boolean } {
  const type = readValType(c);
  return { type, mutable: readMutability(c) };
}

/** A tag's type index; the attribute byte before it is 0 (exception). */
export function readTagType(c: Cursor): number {
  const offset = c.pos;
  if (c.u8() !== 0) c.fail(t('malformed tag attribute'), offset);
  return c.u32();
}
