/** One debugging information entry: its kind, its attributes, and what they refer to. */
import { t } from '../../text/l10n.ts';
import type { Abbreviation } from './abbreviations.ts';
import { Attribute } from './constants.ts';
import { DwarfForm, readConstantForm, skipForm } from './forms.ts';
import { type DebugSection, DwarfFailure, DwarfReader } from './reader.ts';
import type { DwarfUnit, EntryPlace } from './unit.ts';

/** Longest chain of entries that stand for each other. */
const LONGEST_CHAIN = 8;

/** An entry that was read. Its methods throw DwarfFailure. */
export class Entry implements EntryPlace {
  readonly unit: DwarfUnit;
  readonly offset: number;
  readonly abbreviation: Abbreviation;
  /** Offset of each attribute's value. */
  readonly #values: number[] = [];
  /** Offset of the next entry: the first child if there are children. */
  readonly next: number;

  constructor(unit: DwarfUnit, offset: number, abbreviation: Abbreviation, r: DwarfReader) {
    this.unit = unit;
    this.offset = offset;
    this.abbreviation = abbreviation;
    for (const form of abbreviation.forms) {
      this.#values.push(r.pos);
      skipForm(r, form, unit);
    }
    this.next = r.pos;
  }

  get tag(): number {
    return this.abbreviation.tag;
  }

  has(attribute: number): boolean {
    return this.abbreviation.attributes.includes(attribute);
  }

  /** Name, path or other text. */
  text(attribute: number): string | undefined {
    const value = this.#value(attribute);
    if (value === undefined) return undefined;
    const { form, r } = value;
    const { sections, offsetSize } = this.unit;
    switch (form) {
      case DwarfForm.string:
        return r.text();
      case DwarfForm.strp:
        return this.#textAt('.debug_str', r.sized(offsetSize));
      case DwarfForm.line_strp:
        return this.#textAt('.debug_line_str', r.sized(offsetSize));
      default: {
        const index = indexIn(form, r, TEXT_INDICES);
        if (index === undefined) return undefined;
        const offsets = sections.need('.debug_str_offsets', this.unit.section, this.offset);
        return this.#textAt('.debug_str', listItem(offsets, this.unit.textBase, index, offsetSize));
      }
    }
  }

  /** Number, flag, or offset in another section. */
  number(attribute: number): number | undefined {
    const value = this.#value(attribute);
    if (value === undefined) return undefined;
    const { form, r, constant } = value;
    switch (form) {
      case DwarfForm.flag:
        return r.u8();
      case DwarfForm.sdata:
        return r.sleb();
      case DwarfForm.sec_offset:
        return r.sized(this.unit.offsetSize);
      case DwarfForm.implicit_const:
        return constant;
      case DwarfForm.flag_present:
        return 1;
      default:
        return readConstantForm(r, form);
    }
  }

  /** Address of code or data. */
  address(attribute: number): number | undefined {
    const value = this.#value(attribute);
    if (value === undefined) return undefined;
    const { form, r } = value;
    if (form === DwarfForm.addr) return r.sized(this.unit.addressSize);
    const index = indexIn(form, r, ADDRESS_INDICES);
    return index === undefined ? undefined : addressItem(this.unit, index);
  }

  /** Index of a list of ranges; undefined where the attribute is in another form. */
  rangesIndex(): number | undefined {
    const value = this.#value(Attribute.ranges);
    return value?.form === DwarfForm.rnglistx ? value.r.uleb() : undefined;
  }

  /** Contents of a block, such as a location; undefined where the attribute is in another form. */
  block(attribute: number): DwarfReader | undefined {
    const value = this.#value(attribute);
    if (value === undefined) return undefined;
    const { form, r } = value;
    const size = blockSize(form, r);
    if (size === undefined) return undefined;
    return new DwarfReader(r.section, r.pos, Math.min(r.pos + size, r.end));
  }

  /** The entry that an attribute refers to; undefined where there is none. */
  reference(attribute: number): EntryPlace | undefined {
    const value = this.#value(attribute);
    if (value === undefined) return undefined;
    const { form, r } = value;
    const { unit } = this;
    if (form === DwarfForm.ref_addr) {
      const offset = r.sized(unit.version <= 2 ? unit.addressSize : unit.offsetSize);
      const target = unit.units.at(offset);
      return target === undefined ? undefined : within(target, offset);
    }
    if (form === DwarfForm.ref_sig8) return unit.units.ofType(`${r.u32()}:${r.u32()}`);
    const distance = indexIn(form, r, REFERENCES);
    return distance === undefined ? undefined : within(unit, unit.offset + distance);
  }

  /** This entry, then the ones that it completes or is an instance of, with names and types that it does not repeat. */
  *chain(): Generator<Entry> {
    let entry: Entry | undefined = this;
    for (let length = 0; entry !== undefined && length < LONGEST_CHAIN; length++) {
      yield entry;
      const place: EntryPlace | undefined =
        entry.reference(Attribute.specification) ??
        entry.reference(Attribute.abstract_origin) ??
        entry.reference(Attribute.signature);
      entry = place === undefined ? undefined : entryAt(place);
    }
  }

  /** @throws DwarfFailure at this entry */
  fail(message: string): never {
    throw new DwarfFailure(message, this.unit.section.name, this.offset);
  }

  #textAt(name: string, offset: number): string {
    return new DwarfReader(this.unit.sections.need(name, this.unit.section, this.offset), offset).peekText();
  }

  /** A reader at the value of an attribute, and its form. */
  #value(attribute: number): { form: number; r: DwarfReader; constant: number } | undefined {
    const i = this.abbreviation.attributes.indexOf(attribute);
    if (i === -1) return undefined;
    const r = new DwarfReader(this.unit.section, this.#values[i], this.unit.end);
    const form = this.abbreviation.forms[i];
    return { form: form === DwarfForm.indirect ? r.uleb() : form, r, constant: this.abbreviation.constants[i] };
  }
}

/**
 * Reads the entry at an offset; undefined for the mark that ends a list of children.
 * @throws DwarfFailure
 */
export function entryAt({ unit, offset }: EntryPlace): Entry | undefined {
  const r = new DwarfReader(unit.section, offset, unit.end);
  const code = r.uleb();
  if (code === 0) return undefined;
  const abbreviation = unit.abbreviations.get(code);
  if (abbreviation === undefined) return r.fail(t('abbreviation {0} is not in the table of the unit', code), offset);
  return new Entry(unit, offset, abbreviation, r);
}

/** The address with an index in `.debug_addr`. @throws DwarfFailure */
export function addressItem(unit: DwarfUnit, index: number): number {
  const section = unit.sections.need('.debug_addr', unit.section, unit.offset);
  return listItem(section, unit.addressBase, index, unit.addressSize);
}

/** The number with an index in a list that begins at `base`. @throws DwarfFailure */
export function listItem(section: DebugSection, base: number, index: number, size: number): number {
  return new DwarfReader(section, base + index * size).sized(size);
}

function within(unit: DwarfUnit, offset: number): EntryPlace | undefined {
  return offset >= unit.entries && offset < unit.end ? { unit, offset } : undefined;
}

/** Sizes of the forms of a kind: 0 for LEB128. */
type Sizes = ReadonlyMap<number, number>;

const TEXT_INDICES: Sizes = new Map<number, number>([
  [DwarfForm.strx, 0],
  [DwarfForm.GNU_str_index, 0],
  [DwarfForm.strx1, 1],
  [DwarfForm.strx2, 2],
  [DwarfForm.strx3, 3],
  [DwarfForm.strx4, 4],
]);

const ADDRESS_INDICES: Sizes = new Map<number, number>([
  [DwarfForm.addrx, 0],
  [DwarfForm.GNU_addr_index, 0],
  [DwarfForm.addrx1, 1],
  [DwarfForm.addrx2, 2],
  [DwarfForm.addrx3, 3],
  [DwarfForm.addrx4, 4],
]);

const REFERENCES: Sizes = new Map<number, number>([
  [DwarfForm.ref_udata, 0],
  [DwarfForm.ref1, 1],
  [DwarfForm.ref2, 2],
  [DwarfForm.ref4, 4],
  [DwarfForm.ref8, 8],
]);

const BLOCKS: Sizes = new Map<number, number>([
  [DwarfForm.exprloc, 0],
  [DwarfForm.block, 0],
  [DwarfForm.block1, 1],
  [DwarfForm.block2, 2],
  [DwarfForm.block4, 4],
]);

const blockSize = (form: number, r: DwarfReader): number | undefined => indexIn(form, r, BLOCKS);

/** A number in one of the forms of a kind; undefined for another form. */
function indexIn(form: number, r: DwarfReader, sizes: Sizes): number | undefined {
  const size = sizes.get(form);
  if (size === undefined) return undefined;
  return size === 0 ? r.uleb() : r.sized(size);
}
