/** What callers need to know about a function: what it does through its parameters, what it returns, what it keeps. */
import { ANYWHERE, BASE_MASK, Base, baseIndex } from '../abstractValue.ts';
import type { RawEffect } from '../effectTable.ts';
import { joined, movedSomewhere, NOWHERE, type Places } from './places.ts';

/** Accesses through one parameter that differ in nothing but the place. */
export interface SummaryEntry {
  /** One of the accesses: its kind, memory or table, access and widths. */
  effect: RawEffect;
  /** Form of all of them. */
  form: number;
  /** Its id: where a witness path goes on. */
  origin: number;
  parameter: number;
  /** In memory that pointers kept there lead to. */
  through: boolean;
  /** Distances from `scale` times the parameter; infinite: anywhere in its object. */
  low: number;
  high: number;
  /** Reached by direct calls alone. */
  direct: boolean;
  /** Round in which it changed last, see `Summary.round`. */
  changedIn: number;
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
  returns: Places = NOWHERE;
  /** Bit `i`: what parameter `i` points to may be known elsewhere afterwards. */
  kept = 0;
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
      entries.push({ effect, form, origin, parameter, through, low, high, direct, changedIn: this.round });
    } else {
      found.low = this.widening && low < found.low ? -Infinity : Math.min(found.low, low);
      found.high = this.widening && high > found.high ? Infinity : Math.max(found.high, high);
      found.changedIn = this.round;
    }
    this.changed = true;
    return true;
  }

  /** More values that it may return. */
  returned(places: Places): void {
    const all = joined(this.returns, places);
    if (sameOrLess(all, this.returns)) return;
    this.returns = this.widening ? movedSomewhere(all) : all;
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

/** Whether `a`, which was joined from `b` and others, is not more than `b`. */
function sameOrLess(a: Places, b: Places): boolean {
  if (a === b) return true;
  if (a === undefined || b === undefined) return b === undefined;
  return (
    a.length === b.length &&
    a.every((piece, i) => piece.base === b[i].base && piece.low === b[i].low && piece.high === b[i].high)
  );
}
