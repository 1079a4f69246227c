/** What callers need to know about a function: what it does through its parameters, what it returns, what it keeps. */
import { ANYWHERE, BASE_MASK, Base, baseIndex } from '../abstractValue.ts';
import type { RawEffect } from '../effectTable.ts';
import { MOST_PARAMETERS, parameterBit } from './parameterBits.ts';
import { ANYTHING, NOWHERE, type PlaceSets } from './placeSets.ts';
import { NO_ENTRY, type SummaryEntries } from './summaryEntries.ts';

/** Most entries of a summary. */
const MOST_ENTRIES = 48;

/** The summary of a function, or of all functions that an indirect call may reach. */
export class Summary {
  private readonly entries: SummaryEntries;
  /** The first entry, the last one, and their number. */
  first = NO_ENTRY;
  private last = NO_ENTRY;
  size = 0;
  /** A set of places. */
  returns = NOWHERE;
  /** Bit `i`: what parameter `i` points to may be known elsewhere afterwards. */
  kept = 0;
  /** Bit `i`: some entry is through parameter `i`. */
  parameters = 0;
  /** Some entry has a length that another parameter gives. */
  hasLengths = false;
  /** Number of changes of the entries. */
  version = 0;
  /** Ends of intervals that move become infinite. */
  widening = false;
  /** The time now, a count of visits of functions; when anything changed last, an entry did, `returns` did, or `kept` did. */
  time = 0;
  changedAt = 0;
  entriesChangedAt = 0;
  returnsChangedAt = 0;
  keptChangedAt = 0;

  constructor(entries: SummaryEntries) {
    this.entries = entries;
  }

  /** Whether there is room for more entries, and has always been. */
  get hasRoom(): boolean {
    return this.size < MOST_ENTRIES;
  }

  /** Adds an access, raw effect `id`; false if it has no room, or is through no parameter. */
  add(id: number, direct: boolean): boolean {
    const { entries } = this;
    const { effects } = entries.table;
    const effect = effects[id];
    const parameter = baseIndex(effect.base);
    if (parameter >= MOST_PARAMETERS) return false;
    // Others are of another form or base, and so not alike.
    const key = Math.imul(effect.form, 0x9e37_79b1) ^ (effect.base & ~ANYWHERE);
    let found = NO_ENTRY;
    for (let e = this.first; e !== NO_ENTRY; e = entries.next(e)) {
      if (entries.key(e) !== key || entries.parameter(e) !== parameter) continue;
      const whole = entries.whole(e);
      const isCertain = entries.isDirect(e);
      if (whole === id && (isCertain || !direct)) return true;
      const other = effects[whole];
      if (!isAlike(other, effect)) continue;
      // What direct calls lead to is there for others, too.
      if ((isCertain || !direct) && covers(other, effect)) return true;
      if (isCertain === direct) found = e;
    }
    if (found !== NO_ENTRY) entries.widen(found, this.hull(effects[entries.whole(found)], effect), this.time);
    else if (this.size >= MOST_ENTRIES) return false;
    else {
      const made = entries.add(id, id, parameter, direct, key, this.time);
      if (this.first === NO_ENTRY) this.first = made;
      else entries.link(this.last, made);
      this.last = made;
      this.size++;
      this.parameters |= parameterBit(parameter);
      this.hasLengths ||= effect.length >= 0;
    }
    this.version++;
    this.changedAt = this.entriesChangedAt = this.time;
    return true;
  }

  /** Accesses of both as one raw effect. */
  private hull(whole: RawEffect, effect: RawEffect): number {
    const { table } = this.entries;
    const { form, base, scale, length } = whole;
    const low = effect.start < whole.start ? (this.widening ? -Infinity : effect.start) : whole.start;
    const high = effect.end > whole.end ? (this.widening ? Infinity : effect.end) : whole.end;
    const bounded = !isUnbounded(whole) && !isUnbounded(effect) && low !== -Infinity && high !== Infinity;
    if (bounded) return table.range(form, base, low, high, scale === 1 && length < 0 ? undefined : whole);
    if ((base & BASE_MASK) === Base.ThroughParameter) return table.at(form, base);
    // A multiple of a parameter is no place in its object.
    return table.at(form, scale === 1 ? base | ANYWHERE : Base.Unknown);
  }

  /** More values that it may return. */
  returned(places: number, sets: PlaceSets): void {
    const all = sets.joined(this.returns, places);
    // Parameters among them are known to whoever has that value.
    if (all === ANYTHING) this.keeps(sets.parametersOf(this.returns) | sets.parametersOf(places));
    if (all === this.returns) return;
    this.returns = this.widening ? sets.movedSomewhere(all) : all;
    this.changedAt = this.returnsChangedAt = this.time;
  }

  keeps(bits: number): void {
    if ((bits & ~this.kept) === 0) return;
    this.kept |= bits;
    this.changedAt = this.keptChangedAt = this.time;
  }
}

const isUnbounded = ({ base }: RawEffect): boolean =>
  (base & BASE_MASK) === Base.ThroughParameter || (base & ANYWHERE) !== 0;

/** Whether two accesses differ in nothing but the place in the object of their parameter; an unknown place is like any. */
function isAlike(whole: RawEffect, effect: RawEffect): boolean {
  if (whole.form !== effect.form) return false;
  if (whole.base === Base.Unknown) return effect.scale !== 1;
  if ((whole.base & ~ANYWHERE) !== (effect.base & ~ANYWHERE)) return false;
  return isUnbounded(whole) && effect.scale === 1
    ? true
    : whole.scale === effect.scale && (whole.length === effect.length || isUnbounded(whole));
}

/** Whether one of two such accesses has all places of the other. */
const covers = (whole: RawEffect, { start, end, base }: RawEffect): boolean =>
  isUnbounded(whole) ||
  whole.base === Base.Unknown ||
  ((base & ANYWHERE) === 0 && start >= whole.start && end <= whole.end);
