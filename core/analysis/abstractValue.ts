/**
 * Abstract values of the operand stack and of locals: what one pass over the code knows about an address. Each value
 * is two int32: a packed base (`Base`, the flag `ANYWHERE`, an index) and a number.
 */
export const Base = {
  /** Anything. */
  Unknown: 0,
  /** The constant itself. */
  Constant: 1,
  /** Parameter `index` plus some constant. */
  Parameter: 2,
  /** Mutable global `index` plus the constant: frames of a shadow stack, bump pointers. */
  Mutable: 3,
  /** Immutable global `index` plus the constant: static data of position-independent modules. */
  Immutable: 4,
  /** A 64-bit constant that does not fit into 32 bits; the second number is its place in `WideConstants`. */
  Wide: 5,
  /** Value of symbol `index` plus the constant; see symbols.ts. */
  Symbol: 6,
  /** A number that is no address: an index, a length, a condition. The second number says what is known, see `bounded`. */
  Number: 7,
  /** A pointer that was read through parameter `index`, or through such a pointer. */
  ThroughParameter: 8,
  /** A pointer that was read through symbol `index`, or through such a pointer. */
  ThroughSymbol: 9,
  /** A pointer that was read from the static address `index`, or through such a pointer. */
  Contents: 10,
  /** In a block that was just allocated. Only in effects. */
  Fresh: 11,
} as const;

/** Mask of the `Base` in a packed base. */
export const BASE_MASK = 15;
/** Kinds of values that are noted where they go where they are not followed, a bit for each `Base`. */
export const FOLLOWED_KINDS = (1 << Base.Symbol) | (1 << Base.Parameter);
/** Flag of a packed base: plus a number that is not known, which stays within the object. */
export const ANYWHERE = 16;
/** Bits of a packed base that hold its `Base` and the flag; the index is above them. */
const BASE_BITS = 5;
/** Indices above this are not tracked. */
const MAX_TRACKED_INDEX = (1 << 26) - 1;

/** Packs a base and an index; `Unknown` when the index is too large to track. */
export const packed = (base: number, index: number): number =>
  index < 0 || index > MAX_TRACKED_INDEX ? Base.Unknown : base | (index << BASE_BITS);

/** Index inside a packed base. */
export const baseIndex = (base: number): number => base >> BASE_BITS;

/** The second number of a `Number` about which nothing is known. */
export const ANY_NUMBER = -1;
const MAX_BOUND = (1 << 26) - 1;

/** The second number of a `Number` from 0 to `most`, in steps of `2 ** shift`. */
export const bounded = (most: number, shift: number): number =>
  most < 0 || most > MAX_BOUND || shift > 31 ? ANY_NUMBER : (most << 5) | shift;

/** Greatest value of a `Number` with the second number `value`, which is not `ANY_NUMBER`. */
export const mostOf = (value: number): number => value >>> 5;

/** Steps of such a `Number`, as a power of two. */
export const shiftOf = (value: number): number => value & 31;

/** Whether a packed base is a parameter and nothing else. */
export const isExactParameter = (base: number): boolean =>
  (base & BASE_MASK) === Base.Parameter && (base & ANYWHERE) === 0;
