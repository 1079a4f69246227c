/**
 * Packages of files with other halves of units (`.dwp`, of llvm-dwp and emdwp). An index says which bytes of which section are
 * those of a unit. Sources: DWARF 5, section 7.3.5; before, gcc.gnu.org/wiki/DebugFissionDWP, with index version 2
 */
import { t } from '../../text/l10n.ts';
import type { Module, Section } from '../../wasm/module.ts';
import { DwarfFailure, DwarfReader } from './reader.ts';

const INDEX = '.debug_cu_index';

/** Sections by their number in the index; the names of version 5, then those that were different before. */
const COLUMNS: readonly (readonly string[])[] = [
  [],
  ['.debug_info.dwo'],
  ['.debug_types.dwo'],
  ['.debug_abbrev.dwo'],
  ['.debug_line.dwo'],
  ['.debug_loclists.dwo', '.debug_loc.dwo'],
  ['.debug_str_offsets.dwo'],
  ['.debug_macro.dwo', '.debug_macinfo.dwo'],
  ['.debug_rnglists.dwo', '.debug_macro.dwo'],
];

/** Sections that all units share. */
const WHOLE: ReadonlySet<string> = new Set(['.debug_str.dwo']);

/** Bytes of a slot: an identity and a number. */
const SLOT_BYTES = 12;

/**
 * The half of the unit with an identity, as if it were in a file of its own; undefined where the package does not have it,
 * or cannot be read.
 */
export function halfInPackage(file: Module, id: number): Module | undefined {
  const section = file.sections.find(({ name }) => name === INDEX);
  if (section === undefined) return undefined;
  const bytes = file.bytes.subarray(section.start, section.end);
  try {
    const parts = partsOf(new DwarfReader({ name: INDEX, bytes }), id);
    return parts && { ...file, sections: file.sections.flatMap((one) => cut(one, parts)) };
  } catch (error) {
    if (error instanceof DwarfFailure) return undefined;
    throw error;
  }
}

/** First byte and number of bytes in a section. */
type Part = readonly [start: number, size: number];

/** The parts of a unit by section; undefined where the index does not have it. @throws DwarfFailure */
function partsOf(r: DwarfReader, id: number): Map<string, Part> | undefined {
  // Two bytes in version 5, then padding; four before.
  const version = r.u16();
  if (version !== 2 && version !== 5) r.fail(t('version {0} of indices is not supported', version), 0);
  r.skip(2);
  const [columns, units, slots] = [r.u32(), r.u32(), r.u32()];
  const tables = r.pos + slots * SLOT_BYTES;
  const rows = tables + 4 * columns;
  if (rows + 8 * columns * units > r.end) r.fail(t('the index does not fit into the section'));
  const row = rowOf(r, id, slots);
  if (row === undefined || row > units) return undefined;
  const numberAt = (offset: number): number => new DwarfReader(r.section, offset).u32();
  const parts = new Map<string, Part>();
  for (let column = 0; column < columns; column++) {
    const names = COLUMNS[numberAt(tables + 4 * column)] ?? [];
    const start = numberAt(rows + 4 * (columns * (row - 1) + column));
    const size = numberAt(rows + 4 * (columns * (units + row - 1) + column));
    for (const name of names) parts.set(name, [start, size]);
  }
  return parts;
}

/** The row of a unit, from one. */
function rowOf(r: DwarfReader, id: number, slots: number): number | undefined {
  for (let slot = 0; slot < slots; slot++) {
    const at = r.pos + 8 * slot;
    if (new DwarfReader(r.section, at).u64() !== id) continue;
    const row = new DwarfReader(r.section, r.pos + 8 * slots + 4 * slot).u32();
    if (row > 0) return row;
  }
  return undefined;
}

function cut(section: Section, parts: ReadonlyMap<string, Part>): Section[] {
  if (WHOLE.has(section.name)) return [section];
  const part = parts.get(section.name);
  if (part === undefined) return [];
  const start = section.start + part[0];
  return start + part[1] > section.end ? [] : [{ ...section, start, end: start + part[1] }];
}
