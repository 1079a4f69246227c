/** Accesses at pieces: of a function at its own addresses, and of a callee at the arguments of a call. */
import { ANYWHERE, BASE_MASK, Base, baseIndex } from '../abstractValue.ts';
import type { EffectTable } from '../effectTable.ts';
import {
  anywhere,
  joined,
  moved,
  movedSomewhere,
  NOWHERE,
  type Piece,
  type Places,
  throughPiece,
  throughPlaces,
} from './places.ts';
import type { SummaryEntry } from './summary.ts';
import type { Layout } from './symbolValues.ts';

/** Distances beyond which sums may wrap around. */
const FARTHEST = 2 ** 30;

/** Makes accesses at pieces; each goes to `found`, as a raw effect. */
export class Substitution {
  private readonly table: EffectTable;
  private readonly layout: Layout;
  private readonly found: (id: number) => void;
  /** Only accesses through parameters are wanted. */
  relativeOnly = false;

  constructor(table: EffectTable, layout: Layout, found: (id: number) => void) {
    this.table = table;
    this.layout = layout;
    this.found = found;
  }

  /** An access of `width` bytes (0: not known) at a piece. */
  access(form: number, piece: Piece, width: number): void {
    this.span(form, piece, piece.low, width === 0 ? Infinity : piece.high + width, width, piece.maybe);
  }

  private unknown(form: number): void {
    if (this.relativeOnly) return;
    this.found(this.table.at(form, Base.Unknown));
  }

  private loose(form: number): void {
    if (this.relativeOnly) return;
    this.found(this.table.at(form, Base.Constant | ANYWHERE));
  }

  /** Bytes `[low, end)` from the base of a piece, as places of `width` bytes in its steps. */
  private span(form: number, piece: Piece, low: number, end: number, width: number, maybe: boolean): void {
    const { base, scale } = piece;
    const { table } = this;
    const { staticFrom } = this.layout;
    const kind = base & BASE_MASK;
    if (this.relativeOnly && kind !== Base.Parameter && kind !== Base.ThroughParameter) return;
    switch (kind) {
      case Base.Constant: {
        if (!Number.isFinite(low) || !Number.isFinite(end)) {
          if ((Number.isFinite(low) ? low : end) >= staticFrom && !(low === -Infinity && end === Infinity))
            this.loose(form);
          else this.unknown(form);
          return;
        }
        // Negative constants are high addresses.
        if (low < 0 && end > 0) {
          this.unknown(form);
          return;
        }
        const start = low < 0 ? low + 2 ** 32 : low;
        // One of several places, rather than all of them.
        const strided = width > 0 && piece.low !== piece.high;
        const details = strided ? { stride: Math.max(piece.stride, 1), width } : undefined;
        this.found(table.range(form, Base.Constant, start, start + (end - low), details));
        return;
      }
      case Base.Parameter: {
        const own = maybe ? table.maybeForm(form) : form;
        if (Math.abs(low) < FARTHEST && Math.abs(end) < FARTHEST) {
          this.found(table.range(own, base, low, end, scale === 1 ? undefined : { scale }));
          return;
        }
        const far = Number.isFinite(low) && low >= staticFrom;
        if (scale === 1) this.found(table.at(own, base | ANYWHERE));
        else if (!far) this.unknown(form);
        // With a constant so large, the parameter may be the index and the constant the address.
        if (far) this.loose(form);
        return;
      }
      case Base.Immutable: {
        const near = Math.abs(low) < FARTHEST && Math.abs(end) < FARTHEST;
        this.found(near ? table.range(form, base, low, end) : table.at(form, base | ANYWHERE));
        return;
      }
      case Base.ThroughParameter:
        this.found(table.at(maybe ? table.maybeForm(form) : form, base));
        return;
      case Base.Contents:
      case Base.Mutable:
        this.found(table.at(form, base));
        return;
      case Base.Fresh:
        this.found(table.at(form, Base.Fresh));
        return;
      case Base.Number:
        if (!maybe) this.unknown(form);
        return;
      default:
        this.unknown(form);
    }
  }

  /**
   * Whether a piece of an argument is taken for an index that the callee adds to another pointer, so that nothing is
   * accessed there.
   */
  isIndex({ effect: { maybe } }: SummaryEntry, { base, low, high }: Piece): boolean {
    if (!maybe) return false;
    const small = base === Base.Constant && low < this.layout.staticFrom;
    return base === Base.Number || (small && (this.layout.nullIsNone || low !== high));
  }

  /** What a callee does through a parameter, at one piece of the argument; `lengths`: the argument that is its length. */
  substitute(entry: SummaryEntry, piece: Piece, lengths: Places): void {
    const { form, low, high, through } = entry;
    const { kind, scale, length, maybe } = entry.effect;
    const { layout, table } = this;
    const constant = piece.base === Base.Constant;
    if (this.isIndex(entry, piece)) return;
    if (kind === 'table') {
      this.slots(form, piece, low, high);
      return;
    }
    if (through) {
      const all = throughPiece(piece);
      if (all === undefined) this.unknown(form);
      else for (const one of all) this.span(form, one, -Infinity, Infinity, 0, maybe || one.maybe);
      return;
    }
    if (scale !== 1) {
      this.scaled(entry, piece);
      return;
    }
    if (low === -Infinity || high === Infinity) {
      // Static data: the constant says that it is some.
      if (constant && piece.low >= layout.staticFrom) this.loose(form);
      else if (constant) this.unknown(form);
      else this.span(form, piece, -Infinity, Infinity, 0, maybe || piece.maybe);
      return;
    }
    let more = 0;
    if (length >= 0) {
      const given = lengthOf(lengths);
      if (typeof given === 'object') {
        if ((piece.base & BASE_MASK) === Base.Parameter && piece.low === piece.high && piece.scale === 1)
          this.found(table.range(form, piece.base, piece.low + low, piece.high + high, { length: given.parameter }));
        else this.span(form, anywhere(piece), -Infinity, Infinity, 0, maybe || piece.maybe);
        return;
      }
      more = given;
    }
    this.span(form, piece, piece.low + low, piece.high + high + more, high - low + more, maybe || piece.maybe);
  }

  /** Slots of a table: constants and parameters, exactly or not at all. */
  private slots(form: number, piece: Piece, low: number, high: number): void {
    const exact = piece.low === piece.high && Number.isFinite(piece.low + low + high) && piece.scale === 1;
    const kind = piece.base & BASE_MASK;
    const start = piece.low + low;
    if (!exact || (kind !== Base.Constant && kind !== Base.Parameter) || (kind === Base.Constant && start < 0))
      this.unknown(form);
    else this.found(this.table.range(form, piece.base, start, piece.high + high));
  }

  /** A multiple of an argument. */
  private scaled({ form, effect, low, high }: SummaryEntry, piece: Piece): void {
    const start = low + piece.low * effect.scale;
    const end = high + piece.high * effect.scale;
    const exact =
      piece.low === piece.high && piece.scale === 1 && Math.abs(start) < FARTHEST && Math.abs(end) < FARTHEST;
    const kind = piece.base & BASE_MASK;
    if (exact && kind === Base.Constant && start >= 0) this.found(this.table.range(form, Base.Constant, start, end));
    else if (exact && kind === Base.Parameter)
      this.found(this.table.range(form, piece.base, start, end, { scale: effect.scale }));
    // An element of an array in static data.
    else if (Number.isFinite(low) && low >= this.layout.staticFrom) this.loose(form);
    else this.unknown(form);
  }
}

/** The length that an argument gives: a number of bytes, infinite if not known, or a parameter. */
function lengthOf(lengths: Places): number | { parameter: number } {
  if (lengths === undefined || lengths.length !== 1) return Infinity;
  const [{ base, low, high, scale }] = lengths;
  if (base === Base.Constant) return high < 0 ? Infinity : high;
  const plain = (base & BASE_MASK) === Base.Parameter && low === 0 && high === 0 && scale === 1;
  return plain ? { parameter: baseIndex(base) } : Infinity;
}

/** A piece of what a callee returns, relative to the argument `given`. */
export function relativeTo(piece: Piece, given: Places, through: boolean): Places {
  if (through) return throughPlaces(given);
  if (given === undefined) return undefined;
  if (piece.low === -Infinity || piece.high === Infinity) return movedSomewhere(given);
  let all: Places = NOWHERE;
  for (const one of moved(given, piece.low) ?? [])
    all = joined(all, [one.base === Base.Number ? one : { ...one, high: one.high + piece.high - piece.low }]);
  return all;
}
