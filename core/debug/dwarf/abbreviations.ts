/** Tables of `.debug_abbrev`: which attributes, in which forms, the entries with a code have. Units share them. */
import { t } from '../../text/l10n.ts';
import { DwarfForm, sizeOfForm, type UnitFormat } from './forms.ts';
import { DwarfReader } from './reader.ts';
import type { DwarfSections } from './sections.ts';

/** How the entries with one code are written. */
export interface Abbreviation {
  readonly tag: number;
  readonly hasChildren: boolean;
  readonly attributes: readonly number[];
  /** DwarfForm of each attribute. */
  readonly forms: readonly number[];
  /** Value of each attribute that is in the table instead of the entry; else 0. */
  readonly constants: readonly number[];
  /** Size of an entry in bytes, -1 if entries differ. It holds for the format of the units of its table. */
  readonly size: number;
}

/** By code. */
export type Abbreviations = ReadonlyMap<number, Abbreviation>;

/** The tables that were read. */
export class AbbreviationTables {
  readonly #sections: DwarfSections;
  readonly #tables = new Map<string, Abbreviations>();
  /** Units have tables of their own, yet the same few kinds of entries. */
  readonly #kinds = new Map<string, Abbreviation>();
  /** Bytes that may still be read: tables that share their ends would take time quadratic in their size. */
  #left: number;

  constructor(sections: DwarfSections) {
    this.#sections = sections;
    this.#left = 4 * (sections.get('.debug_abbrev')?.bytes.length ?? 0);
  }

  /**
   * The table at an offset.
   * @param unit reader at the header of the unit that asks
   * @throws DwarfFailure
   */
  at(offset: number, format: UnitFormat, unit: DwarfReader): Abbreviations {
    const key = `${offset}:${format.version}:${format.addressSize}:${format.offsetSize}`;
    const known = this.#tables.get(key);
    if (known !== undefined) return known;
    const r = new DwarfReader(this.#sections.need('.debug_abbrev', unit.section, unit.pos), offset);
    if (this.#left <= 0) r.fail(t('the tables of abbreviations overlap'), offset);
    // Before the table is read: if it is broken, units that share it must not read it again.
    this.#tables.set(key, new Map());
    try {
      const table = readTable(r, format, this.#kinds);
      this.#tables.set(key, table);
      return table;
    } finally {
      this.#left -= r.pos - offset;
    }
  }
}

function readTable(r: DwarfReader, format: UnitFormat, kinds: Map<string, Abbreviation>): Abbreviations {
  const table = new Map<number, Abbreviation>();
  for (let code = r.uleb(); code !== 0; code = r.uleb()) {
    const start = r.pos;
    const tag = r.uleb();
    const hasChildren = r.u8() !== 0;
    const [attributes, forms, constants]: number[][] = [[], [], []];
    let size = 0;
    for (;;) {
      const attribute = r.uleb();
      const form = r.uleb();
      const constant = form === DwarfForm.implicit_const ? r.sleb() : 0;
      if (attribute === 0 && form === 0) break;
      attributes.push(attribute);
      forms.push(form);
      constants.push(constant);
      const bytes = sizeOfForm(form, format);
      size = size === -1 || bytes === -1 ? -1 : size + bytes;
    }
    if (table.has(code)) continue;
    const key = `${format.version}:${format.addressSize}:${format.offsetSize}:${r.bytes.slice(start, r.pos).join()}`;
    const kind = kinds.get(key) ?? { tag, hasChildren, attributes, forms, constants, size };
    kinds.set(key, kind);
    table.set(code, kind);
  }
  return table;
}
