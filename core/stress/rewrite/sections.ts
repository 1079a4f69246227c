/** Sections of a module, copied or with items appended. */
import { Cursor } from '../../wasm/cursor.ts';
import { Encoder } from '../../wasm/encoder.ts';
import type { Module } from '../../wasm/module.ts';

/** A copy of a section; undefined where the module has none. */
export function copiedSection(module: Module, id: number): Encoder | undefined {
  const section = module.sections.find((s) => s.id === id);
  if (section === undefined) return undefined;
  const e = new Encoder(section.end - section.start);
  e.copy(module.bytes, section.start, section.end);
  return e;
}

/** The vector of a section, its count raised by `added`: the caller appends that many items. */
export function extendedSection(module: Module, id: number, added: number): Encoder {
  const e = new Encoder();
  const section = module.sections.find((s) => s.id === id);
  if (section === undefined) {
    e.u32(added);
    return e;
  }
  const c = new Cursor(module.bytes, section.start, section.end);
  e.u32(c.u32() + added);
  e.copy(module.bytes, c.pos, section.end);
  return e;
}
