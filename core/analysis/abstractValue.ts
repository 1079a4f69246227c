/**
 * Abstract values of the operand stack and of locals: what one pass over the code knows about an address. Each value
 * is two int32: `Base | index << BASE_BITS`, and a constant.
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
} as const;

/** Bits of a packed base that hold its `Base`; the index is above them. */
export const BASE_BITS = 3;
/** Mask of the `Base` in a packed base. */
export const BASE_MASK = (1 << BASE_BITS) - 1;
/** Indices above this are not tracked. */
const MAX_TRACKED_INDEX = (1 << 20) - 1;

/** Packs a base and an index; `Unknown` when the index is too large to track. */
export const packed = (base: number, index: number): number =>
  index > MAX_TRACKED_INDEX ? Base.Unknown : base | (index << BASE_BITS);
