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

  /** Adds an access; false if it has no room, or is through no parameter. */
  add(effect: RawEffect, origin: number, direct: boolean): boolean {
    const kind = effect.base & BASE_MASK;
    const parameter = baseIndex(effect.base);
    if (parameter >= MOST_PARAMETERS) return false;
    const through = kind === Base.ThroughParameter;
    const unbounded = through || (effect.base & ANYWHERE) !== 0;
    const low = unbounded ? -Infinity : effect.start;
    const high = unbounded ? Infinity : effect.end;
    const found = this.entries.find(
      (e) =>
        e.form === effect.form &&
        e.parameter === parameter &&
        e.through === through &&
        e.direct === direct &&
        e.effect.scale === effect.scale &&
        e.effect.length === effect.length,
    );
    if (found === undefined) {
      if (this.entries.length >= MOST_ENTRIES) return false;
      this.entries.push({ effect, form: effect.form, origin, parameter, through, low, high, direct });
      this.changed = true;
    } else if (low < found.low || high > found.high) {
      found.low = this.widening && low < found.low ? -Infinity : Math.min(found.low, low);
      found.high = this.widening && high > found.high ? Infinity : Math.max(found.high, high);
      this.changed = true;
    }
    return true;
  }

  /** More values that it may return. */
  returned(places: Places): void {
    const all = joined(this.returns, places);
    if (sameOrLess(all, this.returns)) return;
    this.returns = this.widening ? movedSomewhere(all) : all;
    this.changed = true;
  }

  keeps(bits: number): void {
    if ((bits & ~this.kept) === 0) return;
    this.kept |= bits;
    this.changed = true;
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
