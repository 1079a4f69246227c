/**
 * Sections 3 to 8 and 13: functions, tables, memories, globals, exports, start, tags. All readers append as they read,
 * so that items before an error are kept, and throw `DecodeFailure`.
 */
import { message, t } from '../../text/l10n.ts';
import type { Cursor } from '../cursor.ts';
import type { Export, Module } from '../module.ts';
import { readConstExpr } from './constExpr.ts';
import { EXTERNAL_KINDS, readGlobalType, readTableType, readTagType, type Spaces } from './imports.ts';
import { MEMORY_LIMITS, readLimits } from './valueTypes.ts';

/** Section 3: type indices of the defined functions. */
export function readFunctions(c: Cursor, spaces: Spaces): void {
  const count = c.count(message('functions'));
  for (let i = 0; i < count; i++) spaces.functionTypes.push(c.u32());
}

/** Section 4: tables. */
export function readTables(c: Cursor, spaces: Spaces): void {
  const count = c.count(message('tables'), 3);
  for (let i = 0; i < count; i++) {
    const offset = c.pos;
    // 0x40 0x00 announces an initialiser expression after the type.
    const initialised = c.peek() === 0x40;
    if (initialised) {
      c.u8();
      if (c.u8() !== 0) c.fail(t('malformed table'), offset);
    }
    const type = readTableType(c);
    spaces.tables.push({ ...type, init: initialised ? readConstExpr(c) : undefined, imported: false, offset });
  }
}

/** Section 5: memories. */
export function readMemories(c: Cursor, spaces: Spaces): void {
  const count = c.count(message('memories'), 2);
  for (let i = 0; i < count; i++) {
    const offset = c.pos;
    spaces.memories.push({ limits: readLimits(c, MEMORY_LIMITS), imported: false, offset });
  }
}

/** Section 6: globals. */
export function readGlobals(c: Cursor, spaces: Spaces): void {
  const count = c.count(message('globals'), 3);
  for (let i = 0; i < count; i++) {
    const offset = c.pos;
    const type = readGlobalType(c);
    spaces.globals.push({ ...type, init: readConstExpr(c), imported: false, offset });
  }
}

/** Section 13: tags. */
export function readTags(c: Cursor, spaces: Spaces): void {
  const count = c.count(message('tags'), 2);
  for (let i = 0; i < count; i++) {
    const offset = c.pos;
    spaces.tags.push({ typeIndex: readTagType(c), imported: false, offset });
  }
}

/** Section 7: exports. */
export function readExports(c: Cursor, exports: Export[]): void {
  const count = c.count(message('exports'), 3);
  for (let i = 0; i < count; i++) {
    const offset = c.pos;
    const name = c.name();
    const kindOffset = c.pos;
    const kind = EXTERNAL_KINDS[c.u8()];
    if (kind === undefined) c.fail(t('malformed export kind'), kindOffset);
    exports.push({ name, kind, index: c.u32(), offset });
  }
}

/** Section 8: the start function. */
export function readStart(c: Cursor): Module['start'] {
  const offset = c.pos;
  return { func: c.u32(), offset };
}
