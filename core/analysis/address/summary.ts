/** What callers need to know about a function: what it does through its parameters, what it returns, what it keeps. */
import { ANYWHERE, BASE_MASK, Base, baseIndex } from '../abstractValue.ts';
import type { EffectTable, RawEffect } from '../effectTable.ts';
import { NOWHERE, type PlaceSets } from './placeSets.ts';

/** Accesses through one parameter that differ in nothing but the place. */
export interface SummaryEntry {
  /** One of the accesses: its kind, memory or table, access and widths. */
  readonly effect: RawEffect;
  /** Form of all of them. */
  readonly form: number;
  /** Its id: where a witness path goes on. */
  readonly origin: number;
  readonly parameter: number;
  /** In memory that pointers kept there lead to. */
  readonly through: boolean;
  /** Distances from `scale` times the parameter; infinite: anywhere in its object. */
  low: number;
  high: number;
  /** Reached by direct calls alone. */
  readonly direct: boolean;
  /** All of them as one raw effect, or -1 before somebody asked; see `effectOf`. */
  whole: number;
}

/** Most entries of a summary. */
const MOST_ENTRIES = 48;
/** Parameters that are told apart; what is done through others is not put together. */
export const MOST_PARAMETERS = 31;
/** All parameters are kept. */
export const ALL_KEPT = 0x7fff_ffff;

/** The summary of a function, or of all functions that an indirect call may reach. */
export class Summary {
  readonly entries: SummaryEntry[] = [];
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
  /** Whether something changed since it was last set to false. */
  changed = false;
  /** Ends of intervals that move become infinite. */
  widening = false;
  /** The current round, and the one in which `returns` or `kept` changed last. */
  round = 0;
  valuesChangedIn = 0;

  /** Adds an access; false if it has no room, or is through no parameter. */
  add(effect: RawEffect, origin: number, direct: boolean): boolean {
    const kind = effect.base & BASE_MASK;
    const parameter = baseIndex(effect.base);
    if (parameter >= MOST_PARAMETERS) return false;
    const through = kind === Base.ThroughParameter;
    const unbounded = through || (effect.base & ANYWHERE) !== 0;
    const low = unbounded ? -Infinity : effect.start;
    const high = unbounded ? Infinity : effect.end;
    const { entries } = this;
    const { form, scale, length } = effect;
    let found: SummaryEntry | undefined;
    for (let i = 0; i < entries.length; i++) {
      const e = entries[i];
      if (e.form !== form || e.parameter !== parameter || e.through !== through) continue;
      if (e.effect.scale !== scale || e.effect.length !== length) continue;
      // What direct calls lead to is there for others, too.
      if ((e.direct || !direct) && low >= e.low && high <= e.high) return true;
      if (e.direct === direct) found = e;
    }
    if (found === undefined) {
      if (entries.length >= MOST_ENTRIES) return false;
      this.parameters |= 1 << parameter;
      this.hasLengths ||= length >= 0;
      entries.push({ effect, form, origin, parameter, through, low, high, direct, whole: -1 });
    } else {
      found.low = this.widening && low < found.low ? -Infinity : Math.min(found.low, low);
      found.high = this.widening && high > found.high ? Infinity : Math.max(found.high, high);
      found.whole = -1;
    }
    this.version++;
    this.changed = true;
    return true;
  }

  /** More values that it may return. */
  returned(places: number, sets: PlaceSets): void {
    const all = sets.joined(this.returns, places);
    if (all === this.returns) return;
    this.returns = this.widening ? sets.movedSomewhere(all) : all;
    this.valuesChange();
  }

  keeps(bits: number): void {
    if ((bits & ~this.kept) === 0) return;
    this.kept |= bits;
    this.valuesChange();
  }

  private valuesChange(): void {
    this.changed = true;
    this.valuesChangedIn = this.round;
  }
}

/** A summary's entry as one raw effect, relative to the same parameter. */
export function effectOf(entry: SummaryEntry, table: EffectTable): number {
  if (entry.whole < 0) entry.whole = wholeOf(entry, table);
  return entry.whole;
}

function wholeOf({ effect, form, low, high }: SummaryEntry, table: EffectTable): number {
  const base = effect.base & ~ANYWHERE;
  if ((base & BASE_MASK) === Base.ThroughParameter) return table.at(form, base);
  // A multiple of a parameter is no place in its object.
  if (low === -Infinity || high === Infinity)
    return table.at(form, effect.scale === 1 ? base | ANYWHERE : Base.Unknown);
  return table.range(form, base, low, high, effect.scale === 1 && effect.length < 0 ? undefined : effect);
}
