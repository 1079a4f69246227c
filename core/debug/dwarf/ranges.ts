/** The addresses of an entry's code: one range, or a list in `.debug_ranges` or `.debug_rnglists`. */
import { t } from '../../text/l10n.ts';
import { Attribute } from './constants.ts';
import { addressItem, type Entry, listItem } from './entry.ts';
import type { AddressRange } from './lineTable.ts';
import { DwarfReader } from './reader.ts';

/** How many ranges may still be read: entries of a broken module may share one long list. */
export interface RangeBudget {
  left: number;
}

/** Kinds of items of `.debug_rnglists`. */
const Item = {
  end: 0,
  baseIndex: 1,
  startEndIndices: 2,
  startIndexLength: 3,
  offsets: 4,
  base: 5,
  startEnd: 6,
  startLength: 7,
} as const;

/**
 * Ranges of code that is in the module. Of code that the linker removed there are none: its addresses are 0, or too
 * large.
 * @param base the address that lists count from: the `DW_AT_low_pc` of the unit
 * @throws DwarfFailure
 */
export function rangesOfEntry(entry: Entry, base: number, budget: RangeBudget): AddressRange[] {
  const { size } = entry.unit.sections.code;
  const alive = ([start, end]: AddressRange): boolean => start > 0 && end > start && end <= size;
  if (entry.has(Attribute.ranges)) return [...listOf(entry, base, budget)].filter(alive);
  const low = entry.address(Attribute.low_pc);
  if (low === undefined) return [];
  const length = entry.number(Attribute.high_pc);
  const range: AddressRange = [low, length === undefined ? (entry.address(Attribute.high_pc) ?? low) : low + length];
  return alive(range) ? [range] : [];
}

function listOf(entry: Entry, base: number, budget: RangeBudget): Iterable<AddressRange> {
  const { unit } = entry;
  const { sections } = unit;
  if (unit.version < 5) {
    const at = entry.number(Attribute.ranges) ?? entry.fail(t('the ranges have a form that is not known'));
    const section = sections.need('.debug_ranges', unit.section, entry.offset);
    return pairs(new DwarfReader(section, at + unit.rangesBase), entry, base, budget);
  }
  const section = sections.need('.debug_rnglists', unit.section, entry.offset);
  const index = entry.rangesIndex();
  const at =
    index === undefined
      ? (entry.number(Attribute.ranges) ?? entry.fail(t('the ranges have a form that is not known')))
      : unit.rangesBase + listItem(section, unit.rangesBase, index, unit.offsetSize);
  return items(new DwarfReader(section, at), entry, base, budget);
}

function spend(r: DwarfReader, budget: RangeBudget): void {
  if (budget.left-- <= 0) r.fail(t('there are too many ranges'));
}

/** A list before version 5: pairs of distances from the base, which a pair that begins with -1 changes. */
function* pairs(r: DwarfReader, { unit }: Entry, base: number, budget: RangeBudget): Generator<AddressRange> {
  const { addressSize } = unit;
  for (;;) {
    spend(r, budget);
    const changesBase = r.bytes.subarray(r.pos, r.pos + addressSize).every((byte) => byte === 0xff);
    const start = r.sized(addressSize);
    const end = r.sized(addressSize);
    if (start === 0 && end === 0) return;
    if (changesBase) base = end;
    else yield [base + start, base + end];
  }
}

function* items(r: DwarfReader, { unit }: Entry, base: number, budget: RangeBudget): Generator<AddressRange> {
  const address = (): number => r.sized(unit.addressSize);
  for (;;) {
    spend(r, budget);
    const at = r.pos;
    const kind = r.u8();
    switch (kind) {
      case Item.end:
        return;
      case Item.baseIndex:
        base = addressItem(unit, r.uleb());
        break;
      case Item.startEndIndices:
        yield [addressItem(unit, r.uleb()), addressItem(unit, r.uleb())];
        break;
      case Item.startIndexLength: {
        const start = addressItem(unit, r.uleb());
        yield [start, start + r.uleb()];
        break;
      }
      case Item.offsets:
        yield [base + r.uleb(), base + r.uleb()];
        break;
      case Item.base:
        base = address();
        break;
      case Item.startEnd:
        yield [address(), address()];
        break;
      case Item.startLength: {
        const start = address();
        yield [start, start + r.uleb()];
        break;
      }
      default:
        r.fail(t('kind {0} of ranges is not known', kind), at);
    }
  }
}
