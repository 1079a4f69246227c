/** Sections 9, 11 and 12: element segments, data segments (headers only), data count. */
import { message, t } from '../../text/l10n.ts';
import type { Cursor } from '../cursor.ts';
import type { ConstExpr, DataSegment, ElementSegment } from '../module.ts';
import { FUNCREF } from '../types.ts';
import { readConstExpr } from './constExpr.ts';
import { readRefType } from './valueTypes.ts';

/**
 * Section 9: element segments.
 * @throws DecodeFailure if one is malformed; those before it are kept.
 */
export function readElements(c: Cursor, elements: ElementSegment[]): void {
  const count = c.count(message('element segments'), 2);
  for (let i = 0; i < count; i++) elements.push(readElement(c));
}

/**
 * Flags: bit 0 passive or declarative, bit 1 explicit table (active) or declarative, bit 2
 * expressions instead of function indices.
 */
function readElement(c: Cursor): ElementSegment {
  const offset = c.pos;
  const flags = c.u32();
  if (flags > 7) c.fail(t('malformed elements segment kind'), offset);
  const active = (flags & 1) === 0;
  const mode = active ? 'active' : flags & 2 ? 'declarative' : 'passive';
  const table = active && flags & 2 ? c.u32() : 0;
  const offsetExpr = active ? readConstExpr(c) : undefined;
  const usesExprs = (flags & 4) !== 0;
  let type = FUNCREF;
  if (flags & 3) {
    if (usesExprs) {
      type = readRefType(c);
    } else {
      const kindOffset = c.pos;
      if (c.u8() !== 0) c.fail(t('malformed element kind'), kindOffset);
    }
  }
  const count = c.count(message('elements'));
  let functions: Uint32Array | undefined;
  let exprs: ConstExpr[] | undefined;
  if (usesExprs) {
    exprs = [];
    for (let i = 0; i < count; i++) exprs.push(readConstExpr(c));
  } else {
    functions = new Uint32Array(count);
    for (let i = 0; i < count; i++) functions[i] = c.u32();
  }
  return { mode, flags, table, offsetExpr, type, functions, exprs, offset };
}

/**
 * Section 11: data segments, of which only the place of the contents is kept.
 * @throws DecodeFailure if one is malformed; those before it are kept.
 */
export function readDataSegments(c: Cursor, data: DataSegment[]): void {
  const count = c.count(message('data segments'), 2);
  for (let i = 0; i < count; i++) {
    const offset = c.pos;
    const flags = c.u32();
    if (flags > 2) c.fail(t('malformed data segment kind'), offset);
    const memory = flags === 2 ? c.u32() : 0;
    const offsetExpr = flags === 1 ? undefined : readConstExpr(c);
    const size = c.u32();
    const start = c.pos;
    c.skip(size);
    data.push({ mode: flags === 1 ? 'passive' : 'active', memory, offsetExpr, start, end: c.pos, offset });
  }
}
