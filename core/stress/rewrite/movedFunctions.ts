/** Sections of a module in which function indices stand, for a rewritten module that has other indices. */
import { Cursor } from '../../wasm/cursor.ts';
import { Encoder } from '../../wasm/encoder.ts';
import { nextInstruction } from '../../wasm/immediates.ts';
import type { ConstExpr, ElementSegment, Module } from '../../wasm/module.ts';
import { Op } from '../../wasm/ops.ts';
import { opcode } from './emit.ts';

/** Index in the new module of a function of the old one. */
export type Moved = (func: number) => number;

/** A constant expression, which may take references to functions. */
export function movedConstExpr({ bytes }: Module, moved: Moved, e: Encoder, { start, end }: ConstExpr): void {
  const c = new Cursor(bytes, start, end);
  while (!c.atEnd()) {
    const { id, start: from, end: to, values } = nextInstruction(c);
    if (id === Op.ref_func) {
      opcode(e, id);
      e.u32(moved(values[0]));
    } else e.copy(bytes, from, to);
  }
}

/** The table section; undefined where the module defines none. */
export function movedTables(module: Module, moved: Moved): Encoder | undefined {
  const defined = module.tables.filter((t) => !t.imported);
  if (defined.length === 0) return undefined;
  const e = new Encoder();
  e.u32(defined.length);
  for (const table of defined) {
    if (table.init !== undefined) {
      e.u8(0x40);
      e.u8(0);
    }
    e.valType(table.type);
    e.limits(table.limits);
    if (table.init !== undefined) movedConstExpr(module, moved, e, table.init);
  }
  return e;
}

/** The element section; undefined where the module has none. */
export function movedElements(module: Module, moved: Moved): Encoder | undefined {
  const { elements } = module;
  if (elements.length === 0) return undefined;
  const e = new Encoder();
  e.u32(elements.length);
  for (const segment of elements) element(module, moved, e, segment);
  return e;
}

function element(module: Module, moved: Moved, e: Encoder, segment: ElementSegment): void {
  const { flags } = segment;
  e.u32(flags);
  const active = segment.mode === 'active';
  if (active && flags & 2) e.u32(segment.table);
  if (segment.offsetExpr !== undefined) movedConstExpr(module, moved, e, segment.offsetExpr);
  if (flags & 3) {
    if (flags & 4) e.valType(segment.type);
    else e.u8(0);
  }
  if (segment.functions !== undefined) {
    e.u32(segment.functions.length);
    for (const f of segment.functions) e.u32(moved(f));
    return;
  }
  const exprs = segment.exprs ?? [];
  e.u32(exprs.length);
  for (const expr of exprs) movedConstExpr(module, moved, e, expr);
}
