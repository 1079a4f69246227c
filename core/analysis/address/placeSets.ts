/**
 * The domain of addresses: where a value may lead, as a few pieces. Sets of pieces are numbers, the same for the same
 * pieces, so that a value of a symbol is one entry of an array, and what has been put together once is looked up.
 */
import { BASE_MASK, Base, baseIndex, packed } from '../abstractValue.ts';
import { gcd } from './integers.ts';
import { PairMemo } from './pairMemo.ts';
import { parameterBit } from './parameterBits.ts';
import { Pieces } from './pieces.ts';

/** The value may be anything. */
export const ANYTHING = 0;
/** No value: it does not occur. */
export const NOWHERE = 1;
/** A number that is no address. */
export const SOME_NUMBER = 2;

/** Most pieces of one value. */
const MOST_PIECES = 6;

/** What the code around a module's values is like. */
export interface Layout {
  /** Lowest address of static data: smaller constants are no addresses of it. */
  staticFrom: number;
  /** A constant zero among other pointers is no address: the module is laid out by a C linker. */
  nullIsNone: boolean;
}

/** The sets of a module, and what becomes of them in calculations. */
export class PlaceSets {
  readonly pieces = new Pieces();
  private readonly layout: Layout;
  /** Pieces of set `s`: `count[s]` from `members[first[s]]` on. */
  private first = new Int32Array(512);
  private count = new Uint8Array(512);
  /** What kinds of pieces a set has: `Has`. */
  private has = new Uint8Array(512);
  private members = new Int32Array(1024);
  private sets = 0;
  private used = 0;
  /** The piece of a number that is no address. */
  private readonly number: number;
  /** Pieces of the set that is being made. */
  private readonly making = new Int32Array(2 * MOST_PIECES + 2);
  private readonly extensions = new PairMemo();
  private readonly ones = new PairMemo();
  private readonly joins = new PairMemo();
  private readonly sums = new PairMemo();
  private readonly moves = new PairMemo();
  private readonly steps = new PairMemo();
  private readonly unary = new PairMemo();

  constructor(layout: Layout) {
    this.layout = layout;
    // ANYTHING and NOWHERE have no pieces.
    this.sets = 2;
    this.number = this.pieces.of(Base.Number, -Infinity, Infinity, 1, 1, 0);
    this.extended(NOWHERE, this.number);
  }

  /** Number of pieces of a set. */
  size(set: number): number {
    return this.count[set];
  }

  /** Piece `k` of a set. */
  at(set: number, k: number): number {
    return this.members[this.first[set] + k];
  }

  /** Whether one of the pieces is a fresh block. */
  hasFresh(set: number): boolean {
    return (this.has[set] & Has.Fresh) !== 0;
  }

  /** Whether one of the pieces is relative to a parameter. */
  isRelative(set: number): boolean {
    return (this.has[set] & Has.Relative) !== 0;
  }

  /** The parameters among the bases of a set, see parameterBits.ts. */
  parametersOf(set: number): number {
    let bits = 0;
    if (!this.isRelative(set)) return bits;
    for (let k = 0; k < this.count[set]; k++) {
      const base = this.pieces.base[this.at(set, k)];
      if ((base & BASE_MASK) === Base.Parameter) bits |= parameterBit(baseIndex(base));
    }
    return bits;
  }

  /** The set of one piece. */
  of(piece: number): number {
    return this.extended(NOWHERE, piece);
  }

  /** One place at a distance from a base. */
  one(base: number, at: number): number {
    const known = this.ones.get(base, at);
    if (known >= 0) return known;
    const set = this.of(this.pieces.of(base, at, at, 0, 1, 0));
    this.ones.set(base, at, set);
    return set;
  }

  /** Anywhere in the object of a base. */
  anywhereAt(base: number): number {
    return this.of(this.pieces.of(base, -Infinity, Infinity, 1, 1, 0));
  }

  /** The set with one more piece, of a base and scale that it does not have. */
  private extended(set: number, piece: number): number {
    const known = this.extensions.get(set, piece);
    if (known >= 0) return known;
    const size = this.count[set];
    const made = this.sets++;
    if (made === this.first.length) {
      this.first = grown(this.first, new Int32Array(2 * made));
      this.count = grown(this.count, new Uint8Array(2 * made));
      this.has = grown(this.has, new Uint8Array(2 * made));
    }
    if (this.used + size + 1 > this.members.length)
      this.members = grown(this.members, new Int32Array(2 * this.members.length));
    const { members, first } = this;
    first[made] = this.used;
    for (let k = 0; k < size; k++) members[this.used++] = members[first[set] + k];
    members[this.used++] = piece;
    this.count[made] = size + 1;
    const kind = this.pieces.kind(piece);
    const relative = kind === Base.Parameter || kind === Base.ThroughParameter;
    this.has[made] = this.has[set] | (kind === Base.Fresh ? Has.Fresh : relative ? Has.Relative : 0);
    this.extensions.set(set, piece, made);
    return made;
  }

  /** The set of the first `size` pieces of `making`. */
  private made(size: number): number {
    if (size > MOST_PIECES) return ANYTHING;
    let set = NOWHERE;
    for (let k = 0; k < size; k++) set = this.extended(set, this.making[k]);
    return set;
  }

  /** All values that either may be. */
  joined(a: number, b: number): number {
    if (a === b || b === NOWHERE) return a;
    if (a === NOWHERE) return b;
    if (a === ANYTHING || b === ANYTHING) return ANYTHING;
    const known = this.joins.get(a, b);
    if (known >= 0) return known;
    const { making, pieces } = this;
    let size = this.count[a];
    for (let k = 0; k < size; k++) making[k] = this.at(a, k);
    for (let k = 0; k < this.count[b]; k++) {
      const piece = this.at(b, k);
      let i = 0;
      while (
        i < size &&
        (pieces.base[making[i]] !== pieces.base[piece] || pieces.scale[making[i]] !== pieces.scale[piece])
      )
        i++;
      if (i === size) making[size++] = piece;
      else making[i] = this.hull(making[i], piece);
    }
    const set = this.made(size);
    this.joins.set(a, b, set);
    return set;
  }

  /** Both pieces of one base and scale as one. */
  private hull(a: number, b: number): number {
    const { low, high, stride, base, scale, maybe } = this.pieces;
    const between = Number.isFinite(low[a]) && Number.isFinite(low[b]) ? Math.abs(low[a] - low[b]) : 1;
    return this.pieces.of(
      base[a],
      Math.min(low[a], low[b]),
      Math.max(high[a], high[b]),
      gcd(gcd(stride[a], stride[b]), between),
      scale[a],
      maybe[a] & maybe[b],
    );
  }

  /** A value plus a constant. */
  moved(set: number, by: number): number {
    if (by === 0 || set <= SOME_NUMBER) return set;
    const known = this.moves.get(set, by);
    if (known >= 0) return known;
    const { making, pieces } = this;
    const size = this.count[set];
    for (let k = 0; k < size; k++) {
      const p = this.at(set, k);
      making[k] =
        p === this.number
          ? p
          : pieces.of(
              pieces.base[p],
              pieces.low[p] + by,
              pieces.high[p] + by,
              pieces.stride[p],
              pieces.scale[p],
              pieces.maybe[p],
            );
    }
    const moved = this.made(size);
    this.moves.set(set, by, moved);
    return moved;
  }

  /**
   * A value to which the constant `from` was added, which may be the address of an array: what was read from memory, or is
   * a parameter, may be an index, and what was taken for a null pointer as well.
   */
  indexedFrom(set: number, from: number): number {
    if (from < this.layout.staticFrom || set <= SOME_NUMBER) return set;
    for (let k = 0; k < this.count[set]; k++) {
      const p = this.at(set, k);
      const kind = this.pieces.kind(p);
      // Of a multiple of a parameter it is known which index.
      if (this.pieces.scale[p] !== 1 && this.pieces.isBounded(p)) continue;
      if (kind === Base.Parameter || kind === Base.ThroughParameter || kind === Base.Contents)
        return this.joined(set, this.of(this.anywhereStatic(from, 1)));
    }
    return set;
  }

  /** A value plus a number that keeps it in its object. */
  movedSomewhere(set: number): number {
    if (set <= SOME_NUMBER) return set;
    const known = this.unary.get(set, Unary.Somewhere);
    if (known >= 0) return known;
    const size = this.count[set];
    for (let k = 0; k < size; k++) this.making[k] = this.pieces.anywhere(this.at(set, k));
    const moved = this.made(size);
    this.unary.set(set, Unary.Somewhere, moved);
    return moved;
  }

  /** Any number of steps further; down, too, with a negative step. */
  stepped(set: number, step: number): number {
    if (step === 0 || set <= SOME_NUMBER) return set;
    const known = this.steps.get(set, step);
    if (known >= 0) return known;
    const { making, pieces } = this;
    const size = this.count[set];
    for (let k = 0; k < size; k++) {
      const p = this.at(set, k);
      const stride = pieces.stride[p] === 0 ? Math.abs(step) : 1;
      const low = step < 0 ? -Infinity : pieces.low[p];
      making[k] =
        pieces.base[p] === Base.Number
          ? p
          : pieces.of(pieces.base[p], low, Infinity, stride, pieces.scale[p], pieces.maybe[p]);
    }
    const stepped = this.made(size);
    this.steps.set(set, step, stepped);
    return stepped;
  }

  /** A value without the null pointer, where that is no address. */
  withoutNull(set: number): number {
    if (!this.layout.nullIsNone || this.count[set] < 2) return set;
    const known = this.unary.get(set, Unary.WithoutNull);
    if (known >= 0) return known;
    const { base, low, high, scale } = this.pieces;
    let size = 0;
    let pointers = false;
    for (let k = 0; k < this.count[set]; k++) {
      const p = this.at(set, k);
      if (base[p] === Base.Constant && low[p] === 0 && high[p] === 0) continue;
      this.making[size++] = p;
      pointers ||= base[p] !== Base.Number && base[p] !== Base.Constant && scale[p] === 1;
    }
    const rest = pointers ? this.made(size) : set;
    this.unary.set(set, Unary.WithoutNull, rest);
    return rest;
  }

  /** The sum of two values. */
  summed(a: number, b: number): number {
    if (a === ANYTHING || b === ANYTHING) return ANYTHING;
    if (a === SOME_NUMBER && b === SOME_NUMBER) return SOME_NUMBER;
    const known = this.sums.get(a, b);
    if (known >= 0) return known;
    let all = NOWHERE;
    for (let i = 0; i < this.count[a]; i++)
      for (let j = 0; j < this.count[b]; j++) all = this.joined(all, this.sumOf(this.at(a, i), this.at(b, j)));
    this.sums.set(a, b, all);
    return all;
  }

  private sumOf(x: number, y: number): number {
    const { base, low, scale } = this.pieces;
    const { staticFrom } = this.layout;
    const isSecond = base[y] === Base.Constant || base[y] === Base.Number;
    const one = isSecond ? x : y;
    const other = isSecond ? y : x;
    if (base[other] === Base.Number) {
      if (base[one] === Base.Number) return SOME_NUMBER;
      // An index that is added to an address which is an index itself, or to static data.
      if (scale[one] !== 1 || base[one] === Base.Constant)
        return low[one] >= staticFrom ? this.of(this.anywhereStatic(low[one], 0)) : SOME_NUMBER;
      if (this.pieces.kind(one) === Base.Parameter && low[one] >= staticFrom)
        return this.either(this.perhaps(one), this.anywhereStatic(low[one], 1));
      return this.of(this.pieces.anywhere(one));
    }
    if (base[other] === Base.Constant && (this.pieces.isBounded(other) || base[one] === Base.Constant))
      return this.of(this.shifted(one, other));
    const first = this.isIndex(one);
    const second = this.isIndex(other);
    if (first && second) return SOME_NUMBER;
    if (first) return this.of(this.pieces.anywhere(other));
    if (second) return this.of(this.pieces.anywhere(one));
    // A distance in an object, added to a place there; or twice an index, which no other pointer makes an address.
    if (base[one] === base[other] && this.pieces.kind(one) === Base.Parameter)
      return this.of(this.pieces.of(base[one], -Infinity, Infinity, 1, 1, 0));
    return this.either(this.perhaps(one), this.perhaps(other));
  }

  /** One of two pieces. */
  private either(a: number, b: number): number {
    return this.joined(this.of(a), this.of(b));
  }

  /** Anywhere in a piece's object, if its base is no index. */
  private perhaps(p: number): number {
    const { base, scale } = this.pieces;
    return this.pieces.of(base[p], -Infinity, Infinity, 1, scale[p], 1);
  }

  /** A piece moved by a constant interval. */
  private shifted(p: number, by: number): number {
    const { base, low, high, stride, scale, maybe } = this.pieces;
    return this.pieces.of(
      base[p],
      low[p] + low[by],
      high[p] + high[by],
      gcd(stride[p], stride[by]),
      scale[p],
      maybe[p],
    );
  }

  /** Somewhere in static data, seen from address `from`. */
  private anywhereStatic(from: number, maybe: number): number {
    return this.pieces.of(Base.Constant, from, Infinity, 1, 1, maybe);
  }

  /** Whether a piece is a number that is no pointer. */
  private isIndex(p: number): boolean {
    const { base, scale, low } = this.pieces;
    return base[p] === Base.Number || scale[p] !== 1 || (base[p] === Base.Constant && low[p] < this.layout.staticFrom);
  }

  /** What pointers read at a value lead to, at any depth. */
  through(set: number): number {
    if (set <= NOWHERE) return set;
    const known = this.unary.get(set, Unary.Through);
    if (known >= 0) return known;
    let all = NOWHERE;
    for (let k = 0; k < this.count[set]; k++) all = this.joined(all, this.throughPiece(this.at(set, k)));
    this.unary.set(set, Unary.Through, all);
    return all;
  }

  /** The same of one piece. */
  throughPiece(p: number): number {
    const { base, low, scale, maybe } = this.pieces;
    switch (base[p] & BASE_MASK) {
      case Base.Parameter: {
        if (scale[p] !== 1) return ANYTHING;
        const through = packed(Base.ThroughParameter, baseIndex(base[p]));
        return this.of(this.pieces.of(through, -Infinity, Infinity, 1, 1, maybe[p]));
      }
      case Base.ThroughParameter:
      case Base.Contents:
        return this.of(this.pieces.anywhere(p));
      case Base.Constant: {
        const contents = this.pieces.isBounded(p) && low[p] > 0 ? packed(Base.Contents, low[p]) : Base.Unknown;
        if (contents === Base.Unknown) return ANYTHING;
        return this.of(this.pieces.of(contents, -Infinity, Infinity, 1, scale[p], maybe[p]));
      }
      default:
        return ANYTHING;
    }
  }

  /** The same value with its fresh blocks as those of symbol `symbol`. */
  freshAs(set: number, symbol: number): number {
    if (!this.hasFresh(set)) return set;
    return this.mapFresh(set, (p) => this.rebased(p, packed(Base.Fresh, symbol)));
  }

  /** The same value with `replace` of each fresh piece: another piece, or -1 to leave it as it is. */
  mapFresh(set: number, replace: (piece: number) => number): number {
    let all = NOWHERE;
    for (let k = 0; k < this.count[set]; k++) {
      const p = this.at(set, k);
      const other = this.pieces.kind(p) === Base.Fresh ? replace(p) : -1;
      all = this.joined(all, this.of(other < 0 ? p : other));
    }
    return all;
  }

  /** A piece at the same distance from another base. */
  rebased(p: number, base: number): number {
    const { low, high, stride, scale, maybe } = this.pieces;
    return this.pieces.of(base, low[p], high[p], stride[p], scale[p], maybe[p]);
  }

  /** A piece of what a callee returns, relative to the argument `given`. */
  relativeTo(p: number, given: number, through: boolean): number {
    if (through) return this.through(given);
    if (given === ANYTHING) return ANYTHING;
    const { low, high } = this.pieces;
    if (!this.pieces.isBounded(p)) return this.movedSomewhere(given);
    const width = high[p] - low[p];
    const moved = this.moved(given, low[p]);
    if (width === 0) return moved;
    const { making, pieces } = this;
    const size = this.count[moved];
    for (let k = 0; k < size; k++) {
      const one = this.at(moved, k);
      making[k] =
        pieces.base[one] === Base.Number
          ? one
          : pieces.of(
              pieces.base[one],
              pieces.low[one],
              pieces.high[one] + width,
              pieces.stride[one],
              pieces.scale[one],
              pieces.maybe[one],
            );
    }
    return this.made(size);
  }
}

const Has = { Fresh: 1, Relative: 2 } as const;

/** Calculations with one value. */
const Unary = { Somewhere: 0, WithoutNull: 1, Through: 2 } as const;

function grown<T extends Int32Array | Uint8Array>(from: T, to: T): T {
  to.set(from);
  return to;
}
