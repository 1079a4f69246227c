/** All units of a module: their headers, and what the first entry of each says of its file. */
import { t } from '../../text/l10n.ts';
import { AbbreviationTables } from './abbreviations.ts';
import { Attribute, UnitKind } from './constants.ts';
import { type Entry, entryAt } from './entry.ts';
import { countUpTo } from './numberList.ts';
import { type DebugSection, DwarfReader } from './reader.ts';
import type { DwarfSections } from './sections.ts';
import type { Skeleton } from './skeleton.ts';
import type { DwarfUnit, EntryPlace, UnitFinder } from './unit.ts';

/** Most units that are read. LLVM itself has 2,000; each costs more memory than the bytes of an empty one. */
const MOST_UNITS = 200_000;

/** Size of the header of `.debug_str_offsets`, where the first list of a unit in a file of its own begins. */
const LIST_HEADER = { 4: 8, 8: 16 } as const;
/** The same for `.debug_rnglists`. */
const RANGES_HEADER = { 4: 12, 8: 20 } as const;

/** What the first entry of a unit says. */
export interface UnitRoot {
  readonly entry: Entry;
  /** Offset of its line program in `.debug_line`. */
  readonly lines: number | undefined;
  /** Directory in which the compiler was called. */
  readonly directory: string | undefined;
  readonly language: number;
  /** What both halves of a unit have; undefined where it is not known. */
  readonly id: number | undefined;
  /** What it says of its other half, if that is in a file of its own. */
  readonly skeleton: Skeleton | undefined;
}

type Writable<T> = { -readonly [K in keyof T]: T[K] };

export class Units implements UnitFinder {
  readonly #sections: DwarfSections;
  readonly #tables: AbbreviationTables;
  readonly #units: DwarfUnit[] = [];
  /** Offsets of the units of `.debug_info`, which are the first ones. */
  #offsets = new Uint32Array();
  readonly #types = new Map<string, DwarfUnit>();
  readonly #roots: (UnitRoot | null | undefined)[] = [];
  /** What both halves of a unit have, where the header has it, by unit. */
  readonly #ids = new Map<number, number>();

  constructor(sections: DwarfSections) {
    this.#sections = sections;
    this.#tables = new AbbreviationTables(sections);
    this.#readAll('.debug_info');
    this.#offsets = Uint32Array.from(this.#units, ({ offset }) => offset);
    this.#readAll('.debug_types');
  }

  get all(): readonly DwarfUnit[] {
    return this.#units;
  }

  at(offset: number): DwarfUnit | undefined {
    const unit = this.#units[countUpTo(this.#offsets, offset) - 1];
    return unit !== undefined && offset < unit.end ? unit : undefined;
  }

  ofType(signature: string): EntryPlace | undefined {
    const unit = this.#types.get(signature);
    return unit?.type === undefined ? undefined : { unit, offset: unit.type };
  }

  /** Undefined where the first entry cannot be read. */
  rootOf(unit: DwarfUnit): UnitRoot | undefined {
    const known = this.#roots[unit.index];
    if (known !== undefined) return known ?? undefined;
    const root = this.#sections.attempt(() => this.#readRoot(unit));
    this.#roots[unit.index] = root ?? null;
    return root;
  }

  #readAll(name: string): void {
    const section = this.#sections.get(name);
    if (section === undefined) return;
    const r = new DwarfReader(section);
    while (!r.atEnd()) {
      if (this.#units.length >= MOST_UNITS) {
        this.#sections.report({
          message: t('only the first {0} units are read', MOST_UNITS),
          section: name,
          offset: r.pos,
        });
        return;
      }
      this.#sections.attempt(() => this.#readUnit(section, r));
    }
  }

  /** Reads a header. The reader is behind the unit afterwards, or at the end where that is unknown. */
  #readUnit(section: DebugSection, r: DwarfReader): void {
    const offset = r.pos;
    const h = new DwarfReader(section, offset);
    r.pos = r.end;
    const { length, offsetSize } = h.unitLength();
    const end = h.pos + length;
    h.end = end;
    r.pos = end;
    const version = h.u16();
    if (version < 2 || version > 5) h.fail(t('version {0} of units is not supported', version), offset);
    let kind: number = section.name.startsWith('.debug_types') ? UnitKind.type : UnitKind.compile;
    let addressSize = 0;
    if (version >= 5) {
      kind = h.u8();
      addressSize = h.u8();
    }
    const table = h.sized(offsetSize);
    if (version < 5) addressSize = h.u8();
    if (addressSize !== 4 && addressSize !== 8)
      h.fail(t('addresses of {0} bytes are not supported', addressSize), offset);
    let [signature, type]: [string | undefined, number | undefined] = [undefined, undefined];
    if (kind === UnitKind.type || kind === UnitKind.splitType) {
      signature = `${h.u32()}:${h.u32()}`;
      type = offset + h.sized(offsetSize);
    } else if (kind === UnitKind.skeleton || kind === UnitKind.splitCompile) this.#ids.set(this.#units.length, h.u64());
    const format = { version, addressSize, offsetSize };
    const unit: DwarfUnit = {
      ...format,
      ...{ sections: this.#sections, units: this, index: this.#units.length, section, offset, entries: h.pos, end },
      ...{ abbreviations: this.#tables.at(table, format, h), type },
      ...{ textBase: version >= 5 ? LIST_HEADER[offsetSize] : 0, addressBase: 0, rangesBase: 0 },
    };
    this.#units.push(unit);
    if (signature !== undefined && !this.#types.has(signature)) this.#types.set(signature, unit);
  }

  #readRoot(unit: DwarfUnit): UnitRoot | undefined {
    const entry = entryAt({ unit, offset: unit.entries });
    if (entry === undefined) return undefined;
    // Texts and addresses of the entry itself need the bases already.
    const writable: Writable<DwarfUnit> = unit;
    writable.textBase = entry.number(Attribute.str_offsets_base) ?? unit.textBase;
    // The other half of a unit has none of these: they are where the linker could write them.
    const { skeleton } = this.#sections;
    const addressBase = entry.number(Attribute.addr_base) ?? entry.number(Attribute.GNU_addr_base);
    writable.addressBase = addressBase ?? skeleton?.addressBase ?? 0;
    const rangesOfHalf = unit.version < 5 ? skeleton?.rangesBase : RANGES_HEADER[unit.offsetSize];
    writable.rangesBase = entry.number(Attribute.rnglists_base) ?? (skeleton && rangesOfHalf) ?? 0;
    const id = this.#ids.get(unit.index) ?? entry.number(Attribute.GNU_dwo_id);
    const lines = entry.number(Attribute.stmt_list) ?? skeleton?.lines;
    const directory = this.#sections.attempt(() => entry.text(Attribute.comp_dir));
    const file =
      skeleton === undefined ? (entry.text(Attribute.dwo_name) ?? entry.text(Attribute.GNU_dwo_name)) : undefined;
    return {
      entry,
      lines,
      directory: directory ?? skeleton?.directory,
      language: entry.number(Attribute.language) ?? 0,
      id,
      skeleton:
        file === undefined
          ? undefined
          : {
              ...{ file, directory, id, lines, addressBase: unit.addressBase },
              rangesBase: entry.number(Attribute.GNU_ranges_base) ?? 0,
              base: this.#sections.attempt(() => entry.address(Attribute.low_pc)) ?? 0,
            },
    };
  }
}
