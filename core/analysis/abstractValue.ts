/**
 * Abstract values of the operand stack and of locals, two int32 each: what an address can be told
 * to be in one pass. The first is `Base | index << BASE_BITS`, the second a constant.
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
} as const;

export const BASE_BITS = 3;
export const BASE_MASK = (1 << BASE_BITS) - 1;
/** Indices above this are not tracked. */
const MAX_TRACKED_INDEX = (1 << 20) - 1;

/** Packs a base and an index; `Unknown` when the index is too large to track. */
export const packed = (base: number, index: number): number =>
  index > MAX_TRACKED_INDEX ? Base.Unknown : base | (index << BASE_BITS);
