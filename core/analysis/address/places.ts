/**
 * The domain of addresses: where a value may lead, as a few pieces. A piece is a base (a constant, a parameter of the
 * function, a frame, a global, a fresh block, what pointers kept somewhere lead to) and an interval of distances from it.
 * No pieces: the value does not occur. `undefined`: anything.
 */
import { BASE_MASK, Base, baseIndex, packed } from '../abstractValue.ts';
import { gcd } from './integers.ts';

/** One place that a value may lead to: `scale * base + low` to `scale * base + high`, in steps of `stride`. */
export interface Piece {
  /** Packed base of abstractValue.ts, without flags. */
  readonly base: number;
  readonly low: number;
  readonly high: number;
  readonly stride: number;
  readonly scale: number;
  /** The base may be an index that was added to another piece's pointer. */
  readonly maybe: boolean;
}

/** What a value may be. */
export type Places = readonly Piece[] | undefined;

/** Most pieces of one value. */
const MOST_PIECES = 6;

/** No value. */
export const NOWHERE: Places = [];

/** A piece at one distance from a base. */
export const pieceOf = (base: number, at: number): Piece => ({
  base,
  low: at,
  high: at,
  stride: 0,
  scale: 1,
  maybe: false,
});

const NUMBER: Piece = { base: Base.Number, low: -Infinity, high: Infinity, stride: 1, scale: 1, maybe: false };
/** A number that is no address. */
export const SOME_NUMBER: Places = [NUMBER];

/** A piece that lies anywhere in the object of its base. */
export const anywhere = (piece: Piece): Piece =>
  piece.low === -Infinity && piece.high === Infinity ? piece : { ...piece, low: -Infinity, high: Infinity, stride: 1 };

/** Whether a piece is one number that the code names. */
const isConstant = ({ base }: Piece): boolean => base === Base.Constant;
/** Whether a piece is a number that is no pointer: `staticFrom` is the lowest address of static data. */
const isIndex = (piece: Piece, staticFrom: number): boolean =>
  piece.base === Base.Number || piece.scale !== 1 || (isConstant(piece) && piece.low < staticFrom);
const isBounded = ({ low, high }: Piece): boolean => low !== -Infinity && high !== Infinity;

/** All values that either may be. */
export function joined(a: Places, b: Places): Places {
  if (a === undefined || b === undefined) return undefined;
  if (a.length === 0) return b;
  if (b.length === 0 || a === b) return a;
  let all: Piece[] | undefined;
  for (const piece of b) {
    const now: readonly Piece[] = all ?? a;
    const at = now.findIndex((one) => one.base === piece.base && one.scale === piece.scale);
    if (at < 0) {
      all = [...now, piece];
      continue;
    }
    const one = now[at];
    if (
      one.low <= piece.low &&
      one.high >= piece.high &&
      strideOf(one, piece) === one.stride &&
      (!one.maybe || piece.maybe)
    )
      continue;
    all = [...now];
    all[at] = {
      ...one,
      low: Math.min(one.low, piece.low),
      high: Math.max(one.high, piece.high),
      stride: strideOf(one, piece),
      maybe: one.maybe && piece.maybe,
    };
  }
  const result = all ?? a;
  return result.length > MOST_PIECES ? undefined : result;
}

/** Steps that both pieces keep, from the lower end of either. */
function strideOf(a: Piece, b: Piece): number {
  const between = Number.isFinite(a.low) && Number.isFinite(b.low) ? Math.abs(a.low - b.low) : 1;
  return gcd(gcd(a.stride, b.stride), between);
}

/** A value plus a constant. */
export function moved(places: Places, by: number): Places {
  if (places === undefined || by === 0) return places;
  return places.map((piece) =>
    piece.base === Base.Number ? NUMBER : { ...piece, low: piece.low + by, high: piece.high + by },
  );
}

/** A value plus a number that keeps it in its object. */
export const movedSomewhere = (places: Places): Places => places?.map(anywhere);

/** The sum of two values; `staticFrom`: the lowest address of static data. */
export function summed(a: Places, b: Places, staticFrom: number): Places {
  if (a === undefined || b === undefined) return undefined;
  let all: Places = NOWHERE;
  for (const x of a) for (const y of b) all = joined(all, sumOf(x, y, staticFrom));
  return all;
}

function sumOf(x: Piece, y: Piece, staticFrom: number): Places {
  const [one, other] = isConstant(y) || y.base === Base.Number ? [x, y] : [y, x];
  if (other.base === Base.Number) {
    if (one.base === Base.Number) return SOME_NUMBER;
    // An index that is added to an address which is an index itself, or to static data.
    if (one.scale !== 1) return one.low >= staticFrom ? [anywhereStatic(one.low)] : SOME_NUMBER;
    if (isConstant(one)) return one.low >= staticFrom ? [anywhereStatic(one.low)] : SOME_NUMBER;
    if (baseKind(one) === Base.Parameter && one.low >= staticFrom)
      return [
        { ...anywhere(one), maybe: true },
        { ...anywhereStatic(one.low), maybe: true },
      ];
    return [anywhere(one)];
  }
  if (isConstant(other) && isBounded(other)) return [shifted(one, other)];
  if (isConstant(one) && isConstant(other)) return [shifted(one, other)];
  const [first, second] = [isIndex(one, staticFrom), isIndex(other, staticFrom)];
  if (first && second) return SOME_NUMBER;
  if (first) return [anywhere(other)];
  if (second) return [anywhere(one)];
  return [
    { ...anywhere(one), maybe: true },
    { ...anywhere(other), maybe: true },
  ];
}

/** A piece moved by a constant interval. */
const shifted = (one: Piece, by: Piece): Piece => ({
  ...one,
  low: one.low + by.low,
  high: one.high + by.high,
  stride: gcd(one.stride, by.stride),
});

/** Somewhere in static data, seen from address `from`. */
const anywhereStatic = (from: number): Piece => ({
  base: Base.Constant,
  low: from,
  high: Infinity,
  stride: 1,
  scale: 1,
  maybe: false,
});

/** The kind of a piece's base. */
const baseKind = ({ base }: Piece): number => base & BASE_MASK;

/** What pointers read at a place lead to, at any depth. */
export function throughPiece(piece: Piece): Places {
  switch (piece.base & BASE_MASK) {
    case Base.Parameter:
      return piece.scale === 1
        ? [{ ...anywhere(piece), base: packed(Base.ThroughParameter, baseIndex(piece.base)) }]
        : undefined;
    case Base.ThroughParameter:
    case Base.Contents:
      return [anywhere(piece)];
    case Base.Constant: {
      const base = isBounded(piece) && piece.low > 0 ? packed(Base.Contents, piece.low) : Base.Unknown;
      return base === Base.Unknown ? undefined : [anywhere({ ...piece, base })];
    }
    default:
      return undefined;
  }
}

/** The same of a value. */
export function throughPlaces(places: Places): Places {
  let all: Places = NOWHERE;
  if (places === undefined) return undefined;
  for (const piece of places) all = joined(all, throughPiece(piece));
  return all;
}
