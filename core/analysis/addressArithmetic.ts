/**
 * What is still known about an address after arithmetic on it. Each function takes the operand stack of a scan (packed
 * bases and their numbers) and the slot `right` of the right operand. It writes the result to the slot below, which held
 * the left operand.
 *
 * What is assumed of compiled code: an index that is added to a pointer stays within its object, a multiplied or shifted
 * value is an index, and only small low bits are masked off a pointer.
 */
import { ANY_NUMBER, ANYWHERE, BASE_MASK, Base, baseIndex, bounded, mostOf, packed, shiftOf } from './abstractValue.ts';
import { Symbolic, type Symbols } from './symbols.ts';

/** Constant of a frame pointer after an unknown change that keeps it a frame pointer. */
const SOME_INDEX = 0x7fff_ffff;
/** Greatest alignment of a pointer that only clears its low bits. */
const MOST_ALIGNMENT = 16;
/** Bits that an offset in an aligned object may take: compilers add them with `or`. */
const MOST_LOW_BITS = 256;

/** The operand stack of a scan, and where its symbols and lost values go. */
export interface Operands {
  bases: Int32Array;
  values: Int32Array;
  readonly symbols: Symbols;
  /** Constants from here on may be addresses of static data rather than places in an object. */
  readonly staticFrom: number;
  /** A frame pointer was subtracted from a value that is not known: the sum of both is no place in the frame. */
  frameDistances: boolean;
  /** Notes that a value went into a calculation that is not followed. */
  lose(base: number): void;
}

const kindOf = (base: number): number => base & BASE_MASK;
const isMutable = (base: number): boolean => kindOf(base) === Base.Mutable;
/** Whether nothing but the base of a pointer is known of it anyway. */
const isThrough = (kind: number): boolean =>
  kind === Base.ThroughParameter || kind === Base.ThroughSymbol || kind === Base.Contents;

/** `left + right`: a base plus a constant stays relative to the base. */
export function addOffset(s: Operands, right: number): void {
  const { bases, values } = s;
  const left = right - 1;
  const a = bases[left];
  const b = bases[right];
  if (b === Base.Constant) {
    if (a === Base.Number) addConstant(s, left, values[left], values[right]);
    else values[left] = (values[left] + values[right]) | 0;
  } else if (a === Base.Constant) {
    const constant = values[left];
    bases[left] = b;
    if (b === Base.Number) addConstant(s, left, values[right], constant);
    else values[left] = (constant + values[right]) | 0;
  } else if (s.frameDistances && (a === Base.Unknown || b === Base.Unknown)) {
    s.lose(a === Base.Unknown ? b : a);
    bases[left] = Base.Unknown;
  } else if (isMutable(a) && (b === Base.Unknown || b === Base.Number)) {
    // An index into a frame's object stays inside it, or the source program is undefined.
    values[left] = SOME_INDEX;
  } else if (isMutable(b) && (a === Base.Unknown || a === Base.Number)) {
    bases[left] = b;
    values[left] = SOME_INDEX;
  } else if (a === Base.Unknown || b === Base.Unknown) {
    if (a !== Base.Unknown) s.lose(a);
    else if (b !== Base.Unknown) s.lose(b);
    bases[left] = Base.Unknown;
  } else if (b === Base.Number) {
    indexed(s, left, a, values[left], values[right]);
  } else if (a === Base.Number) {
    indexed(s, left, b, values[right], values[left]);
  } else {
    sum(s, left, a, values[left], b, values[right]);
  }
}

/** A number plus a constant: still one, or static data with an index. */
function addConstant(s: Operands, slot: number, number: number, constant: number): void {
  const { bases, values, symbols, staticFrom } = s;
  if (constant === 0) {
    values[slot] = number;
    return;
  }
  const most = number === ANY_NUMBER ? -1 : mostOf(number);
  if (most < 0 && constant < staticFrom) {
    values[slot] = ANY_NUMBER;
    return;
  }
  const step = number === ANY_NUMBER ? 1 : (1 << shiftOf(number)) >>> 0;
  bases[slot] = packed(Base.Symbol, symbols.add(Symbolic.Range, constant, most, step, 0));
  values[slot] = 0;
}

/** A pointer plus a number that is none: somewhere in its object. */
function indexed(s: Operands, slot: number, base: number, value: number, number: number): void {
  const { bases, values } = s;
  const kind = kindOf(base);
  if (kind === Base.Number) {
    bases[slot] = Base.Number;
    values[slot] = ANY_NUMBER;
  } else if (kind === Base.Mutable) {
    bases[slot] = base;
    values[slot] = SOME_INDEX;
  } else if (isThrough(kind)) {
    bases[slot] = base;
    values[slot] = value;
  } else if (kind === Base.Parameter && value >= s.staticFrom) {
    // The parameter may be the index, and the constant the address.
    sum(s, slot, base, value, Base.Number, number);
  } else if (kind === Base.Parameter || kind === Base.Symbol || kind === Base.Immutable) {
    bases[slot] = base | ANYWHERE;
    values[slot] = value;
  } else {
    s.lose(base);
    bases[slot] = Base.Unknown;
  }
}

function sum(s: Operands, slot: number, a: number, aValue: number, b: number, bValue: number): void {
  if (kindOf(a) === Base.Wide || kindOf(b) === Base.Wide) {
    s.lose(a);
    s.lose(b);
    s.bases[slot] = Base.Unknown;
    return;
  }
  s.bases[slot] = packed(Base.Symbol, s.symbols.add(Symbolic.Sum, a, aValue, b, bValue));
  s.values[slot] = 0;
}

/** `left - right`: subtracting an unknown frame size keeps a frame pointer one. */
export function subtractOffset(s: Operands, right: number): void {
  const { bases, values } = s;
  const left = right - 1;
  const a = bases[left];
  const b = bases[right];
  if (b === Base.Constant) {
    if (a === Base.Number) addConstant(s, left, values[left], -values[right] | 0);
    else values[left] = (values[left] - values[right]) | 0;
  } else if (isMutable(a) && (b === Base.Unknown || b === Base.Number)) {
    values[left] = -1;
  } else if (a === Base.Unknown || b === Base.Unknown) {
    if (a !== Base.Unknown) s.lose(a);
    else if (b !== Base.Unknown) s.lose(b);
    if (isMutable(b)) s.frameDistances = true;
    bases[left] = Base.Unknown;
  } else if (a === Base.Constant || a === Base.Number) {
    // A difference: what it is added to stays in its object, or becomes what was subtracted.
    s.lose(b);
    const constant = a === Base.Constant ? values[left] : 0;
    bases[left] = Base.Number;
    // A difference from static data leads to that.
    addConstant(s, left, ANY_NUMBER, constant);
  } else {
    // Two pointers: added to the right one, the difference leads to the left one.
    if (isMutable(b) && !isMutable(a)) s.frameDistances = true;
    if (b !== Base.Number) s.lose(b);
    indexed(s, left, a, values[left], ANY_NUMBER);
  }
}

/** `left & right`: the result of aligning a pointer is still one, and small masks make a number. */
export function maskAddress(s: Operands, right: number): void {
  const { bases, values } = s;
  const slot = right - 1;
  const swapped = bases[right] !== Base.Constant && bases[slot] === Base.Constant;
  const left = swapped ? right : slot;
  const mask = swapped ? slot : right;
  const a = bases[left];
  const m = values[mask];
  if (bases[mask] !== Base.Constant) {
    s.lose(bases[left]);
    s.lose(bases[mask]);
    bases[slot] = Base.Unknown;
  } else if (isMutable(a) && m < 0) {
    bases[slot] = a;
    values[slot] = values[left];
  } else if (m >= 0 && a !== Base.Constant && bounded(m, 0) !== ANY_NUMBER) {
    // The lowest bit of the mask is the step.
    s.lose(a);
    bases[slot] = Base.Number;
    values[slot] = bounded(m, m === 0 ? 0 : 31 - Math.clz32(m & -m));
  } else if (m < 0 && m >= -MOST_ALIGNMENT && a !== Base.Constant) {
    const value = values[left];
    if (a === Base.Number) {
      bases[slot] = a;
      values[slot] = ANY_NUMBER;
    } else if (a === Base.Unknown) bases[slot] = a;
    else indexed(s, slot, a, value, ANY_NUMBER);
  } else if (a === Base.Constant) {
    bases[slot] = Base.Constant;
    values[slot] = values[left] & m;
  } else {
    s.lose(a);
    bases[slot] = Base.Unknown;
  }
}

/** `left << right`: an index, or a parameter as one. */
export function shiftLeft(s: Operands, right: number): void {
  const { bases, values } = s;
  const left = right - 1;
  const a = bases[left];
  if (bases[right] !== Base.Constant) {
    number(s, left);
    return;
  }
  const shift = values[right] & 31;
  if (shift === 0) return;
  if (a === Base.Constant) values[left] = values[left] << shift;
  else if (kindOf(a) === Base.Parameter && (a & ANYWHERE) === 0 && values[left] === 0 && shift < 16)
    scaled(s, left, baseIndex(a), 1 << shift);
  else if (a === Base.Number && values[left] !== ANY_NUMBER)
    values[left] = bounded(mostOf(values[left]) * ((1 << shift) >>> 0), shiftOf(values[left]) + shift);
  else number(s, left);
}

/** `left * right`: an index, or a parameter as one. */
export function multiply(s: Operands, right: number): void {
  const { bases, values } = s;
  const left = right - 1;
  const p = bases[right] === Base.Constant ? left : right;
  const c = left + right - p;
  const scale = values[c];
  if (bases[c] !== Base.Constant || scale <= 0 || scale > 0xffff) {
    s.lose(bases[right]);
    number(s, left);
  } else if (kindOf(bases[p]) === Base.Parameter && (bases[p] & ANYWHERE) === 0 && values[p] === 0)
    scaled(s, left, baseIndex(bases[p]), scale);
  else if (bases[p] === Base.Number && values[p] !== ANY_NUMBER) {
    const step = 31 - Math.clz32(scale & -scale);
    const value = bounded(mostOf(values[p]) * scale, shiftOf(values[p]) + step);
    bases[left] = Base.Number;
    values[left] = value;
  } else if (bases[p] === Base.Constant) {
    bases[left] = Base.Constant;
    values[left] = Math.imul(values[p], scale);
  } else {
    s.lose(bases[p]);
    number(s, left);
  }
}

function scaled(s: Operands, slot: number, parameter: number, scale: number): void {
  s.bases[slot] = packed(Base.Symbol, s.symbols.add(Symbolic.Scaled, parameter, scale, 0, 0));
  s.values[slot] = 0;
}

/** `left >>> right`: a number. */
export function shiftRight(s: Operands, right: number): void {
  const { bases, values } = s;
  const left = right - 1;
  const shift = bases[right] === Base.Constant ? values[right] & 31 : 0;
  if (shift === 0) {
    if (bases[right] !== Base.Constant) number(s, left);
    return;
  }
  if (bases[left] === Base.Constant) {
    values[left] = values[left] >>> shift;
    return;
  }
  const known = bases[left] === Base.Number && values[left] !== ANY_NUMBER;
  const most = (known ? mostOf(values[left]) : 0xffff_ffff) >>> shift;
  if (bases[left] !== Base.Number) s.lose(bases[left]);
  bases[left] = Base.Number;
  values[left] = bounded(most, 0);
}

/** `left % right` with `remainder`, else another operation whose result is no address. */
export function asNumber(s: Operands, right: number, remainder: boolean): void {
  const { bases, values } = s;
  const left = right - 1;
  const most = remainder && bases[right] === Base.Constant && values[right] > 0 ? values[right] - 1 : -1;
  s.lose(bases[left]);
  bases[left] = Base.Number;
  values[left] = bounded(most, 0);
}

function number(s: Operands, slot: number): void {
  s.lose(s.bases[slot]);
  s.bases[slot] = Base.Number;
  s.values[slot] = ANY_NUMBER;
}

/** Whether a value is a number that alignment leaves room for. */
const isLow = (base: number, value: number): boolean =>
  base === Base.Number && value !== ANY_NUMBER && mostOf(value) < MOST_LOW_BITS;
const isPointer = (base: number): boolean => {
  const kind = kindOf(base);
  return kind !== Base.Unknown && kind !== Base.Number && kind !== Base.Constant && kind !== Base.Wide;
};

/** `left | right`: setting low bits of a pointer, or of a number. */
export function setBits(s: Operands, right: number): void {
  const { bases, values } = s;
  const left = right - 1;
  const a = bases[right] === Base.Constant ? left : right;
  const c = left + right - a;
  const base = bases[a];
  const bits = values[c];
  if (bases[c] === Base.Constant && base === Base.Constant) {
    bases[left] = Base.Constant;
    values[left] = values[a] | bits;
  } else if (base === Base.Number && (bases[c] === Base.Number || bases[c] === Base.Constant)) {
    bases[left] = Base.Number;
    values[left] = ANY_NUMBER;
  } else if (bases[c] === Base.Constant && bits >= 0 && bits < MOST_ALIGNMENT && base !== Base.Unknown) {
    indexed(s, left, base, values[a], ANY_NUMBER);
  } else if (isLow(bases[right], values[right]) && isPointer(bases[left])) {
    indexed(s, left, bases[left], values[left], ANY_NUMBER);
  } else if (isLow(bases[left], values[left]) && isPointer(bases[right])) {
    indexed(s, left, bases[right], values[right], ANY_NUMBER);
  } else {
    s.lose(bases[left]);
    s.lose(bases[right]);
    bases[left] = Base.Unknown;
  }
}

/** One of the values in `slot` and the slot above it. */
export function eitherOf(s: Operands, slot: number): void {
  const { bases, values } = s;
  const a = bases[slot];
  const b = bases[slot + 1];
  if (a === b && values[slot] === values[slot + 1]) return;
  if (a === Base.Number && b === Base.Number) {
    values[slot] = ANY_NUMBER;
  } else if (a === Base.Unknown || b === Base.Unknown || a === Base.Wide || b === Base.Wide) {
    s.lose(a);
    s.lose(b);
    bases[slot] = Base.Unknown;
  } else {
    bases[slot] = packed(Base.Symbol, s.symbols.add(Symbolic.Either, a, values[slot], b, values[slot + 1]));
    values[slot] = 0;
  }
}

/** The pointer that is read at an address: from where, not which. `at`: the address of a constant. */
export function readThrough(place: number, at: number): number {
  switch (place & BASE_MASK) {
    case Base.Constant:
      return at > 0 ? packed(Base.Contents, at) : Base.Unknown;
    case Base.Parameter:
      return packed(Base.ThroughParameter, baseIndex(place));
    case Base.Symbol:
      return packed(Base.ThroughSymbol, baseIndex(place));
    case Base.ThroughParameter:
    case Base.ThroughSymbol:
    case Base.Contents:
      return place;
    default:
      return Base.Unknown;
  }
}
