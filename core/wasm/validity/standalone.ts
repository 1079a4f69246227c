/**
 * A module without its imports, valid exactly if the original is: what it imports is defined at the same index instead.
 * wasm-tools validates a module only as a part of a component that it makes, and makes none of unknown imports.
 */
import { Cursor } from '../cursor.ts';
import { Encoder } from '../encoder.ts';
import type { ExternalKind, Module, Section } from '../module.ts';
import { isNullable } from '../types.ts';
import { anyConstant } from './constant.ts';

/** The module without imports, and where its bytes come from. */
export interface Standalone {
  bytes: Uint8Array;
  /** Offset in the original of an offset in `bytes`; of something that was added, the offset of what it stands for. */
  originalOffset(offset: number): number;
  /** Original name of an export, which is called by its number: component names have rules of their own. */
  exportName(name: string): string | undefined;
}

/** Sections in the order of the binary format, without custom sections and imports. */
const IDS = [1, 3, 4, 5, 13, 6, 7, 8, 9, 12, 10, 11];

/** Section that defines items of a kind, by kind. */
const SECTION_OF: Readonly<Record<ExternalKind, number>> = { func: 3, table: 4, memory: 5, global: 6, tag: 13 };

/** `unreachable` as the body of a function without locals, with its size. */
const BODY = Uint8Array.of(3, 0, 0x00, 0x0b);

/** A run of bytes of the result: `at` there, `original` in the module. */
interface Piece {
  at: number;
  original: number;
}

/** What imports become: entries of sections by id, and functions that references need, after all others. */
interface Definitions {
  entries: Map<number, { bytes: Uint8Array; original: number }[]>;
  /** Type indices. */
  extra: number[];
}

/**
 * The module without imports; undefined if one of its imports has a type of which no constant can be written, such as a
 * reference to a structure that has no default. The module must have been decoded without errors.
 */
export function standalone(module: Module): Standalone | undefined {
  const definitions = definitionsOf(module);
  if (definitions === undefined) return undefined;
  const out = new Encoder(module.bytes.length + 1024);
  out.copy(module.bytes, 0, 8);
  const pieces: Piece[] = [{ at: 0, original: 0 }];
  const names: string[] = [];
  for (const id of IDS) {
    const section = module.sections.find((one) => one.id === id);
    const contents = id === 7 ? renamedExports(module, section, names) : contentsOf(module, section, id, definitions);
    if (contents === undefined) continue;
    pieces.push({ at: out.length, original: section?.offset ?? contents.pieces[0]?.original ?? 0 });
    out.u8(id);
    out.u32(contents.body.length);
    pieces.push(...contents.pieces.map(({ at, original }) => ({ at: at + out.length, original })));
    out.copy(contents.body.bytes());
  }
  return {
    bytes: out.bytes(),
    originalOffset: (offset) => originalOffset(pieces, offset, module.bytes.length),
    exportName: (name) => names[Number(name)],
  };
}

function originalOffset(pieces: readonly Piece[], offset: number, length: number): number {
  const piece = pieces.findLast(({ at }) => at <= offset) ?? pieces[0];
  return Math.min(piece.original + offset - piece.at, length);
}

interface Contents {
  body: Encoder;
  pieces: Piece[];
}

/** Contents of a section with what was imported before its own entries; undefined if it has neither. */
function contentsOf(
  { bytes, functions, sections }: Module,
  section: Section | undefined,
  id: number,
  { entries, extra }: Definitions,
): Contents | undefined {
  const isOfFunctions = id === 3 || id === 10;
  const before = id === 10 ? [] : (entries.get(id) ?? []);
  const bodies = id === 10 ? functions.imported : 0;
  const after = isOfFunctions ? extra : [];
  const added = before.length + bodies + after.length;
  if (section === undefined && added === 0) return undefined;
  const body = new Encoder((section?.end ?? 0) - (section?.start ?? 0) + 1024);
  const pieces: Piece[] = [];
  const copy = (source: Uint8Array, start: number, end: number, original: number): void => {
    pieces.push({ at: body.length, original });
    body.copy(source, start, end);
  };
  if (section !== undefined && added === 0) {
    copy(bytes, section.start, section.end, section.start);
    return { body, pieces };
  }
  const own = section && new Cursor(bytes, section.start, section.end);
  const count = own?.u32() ?? 0;
  body.u32(count + added);
  const imports = sections.find((one) => one.id === 2)?.start ?? 0;
  for (const entry of before) copy(entry.bytes, 0, entry.bytes.length, entry.original);
  for (let i = 0; i < bodies; i++) body.copy(BODY);
  if (own) copy(bytes, own.pos, own.end, own.pos);
  for (const type of after) {
    pieces.push({ at: body.length, original: imports });
    if (id === 3) body.u32(type);
    else body.copy(BODY);
  }
  return { body, pieces };
}

/** The exports under the number of the first one of their name: what has one name twice still has. */
function renamedExports({ exports }: Module, section: Section | undefined, names: string[]): Contents | undefined {
  if (section === undefined) return undefined;
  const body = new Encoder();
  const pieces: Piece[] = [];
  const numbers = new Map<string, number>();
  body.u32(exports.length);
  for (const { name, kind, index, offset } of exports) {
    if (!numbers.has(name)) numbers.set(name, names.push(name) - 1);
    pieces.push({ at: body.length, original: offset });
    body.export(String(numbers.get(name)), kind, index);
  }
  return { body, pieces };
}

/** A definition for each import; undefined if one has none. */
function definitionsOf(module: Module): Definitions | undefined {
  const { bytes, imports, tables, globals, sections } = module;
  const definitions: Definitions = { entries: new Map(), extra: [] };
  const end = sections.find(({ id }) => id === 2)?.end ?? 0;
  for (const [i, { kind, index, offset }] of imports.entries()) {
    const c = new Cursor(bytes, offset, end);
    c.name();
    c.name();
    c.u8();
    const type = bytes.subarray(c.pos, imports[i + 1]?.offset ?? end);
    let entry = type;
    if (kind === 'global') {
      const value = anyConstant(module, globals[index].type, definitions.extra);
      if (value === undefined) return undefined;
      entry = joined(type, value);
    } else if (kind === 'table' && !isNullable(tables[index].type)) {
      const value = anyConstant(module, tables[index].type, definitions.extra);
      if (value === undefined) return undefined;
      entry = joined(Uint8Array.of(0x40, 0x00), type, value);
    }
    const id = SECTION_OF[kind];
    const entries = definitions.entries.get(id) ?? [];
    if (entries.length === 0) definitions.entries.set(id, entries);
    entries.push({ bytes: entry, original: c.pos });
  }
  return definitions;
}

function joined(...parts: Uint8Array[]): Uint8Array {
  const out = new Encoder(32);
  for (const part of parts) out.copy(part);
  return out.bytes();
}
