/**
 * What is still known about an address after arithmetic on it. Each function takes the operand stack (packed bases and
 * their constants) and the slot `right` of the right operand. It writes the result to the slot below, which held the
 * left operand.
 */
import { BASE_MASK, Base } from './abstractValue.ts';

/** Constant of a frame pointer after an unknown change that keeps it a frame pointer. */
const SOME_INDEX = 0x7fff_ffff;

const isMutable = (base: number): boolean => (base & BASE_MASK) === Base.Mutable;

/** `left + right`: a base plus a constant stays relative to the base. */
export function addOffset(bases: Int32Array, values: Int32Array, right: number): void {
  const left = right - 1;
  const a = bases[left];
  const b = bases[right];
  if (b === Base.Constant) {
    values[left] = (values[left] + values[right]) | 0;
  } else if (a === Base.Constant) {
    bases[left] = b;
    values[left] = (values[left] + values[right]) | 0;
  } else if (isMutable(a) && b === Base.Unknown) {
    // An index into a frame's object stays inside it, or the source program is undefined.
    values[left] = SOME_INDEX;
  } else if (isMutable(b) && a === Base.Unknown) {
    bases[left] = b;
    values[left] = SOME_INDEX;
  } else {
    bases[left] = Base.Unknown;
  }
}

/** `left - right`: subtracting an unknown frame size keeps a frame pointer one. */
export function subtractOffset(bases: Int32Array, values: Int32Array, right: number): void {
  const left = right - 1;
  if (bases[right] === Base.Constant) values[left] = (values[left] - values[right]) | 0;
  else if (isMutable(bases[left]) && bases[right] === Base.Unknown) values[left] = -1;
  else bases[left] = Base.Unknown;
}

/** `left & right`: the result of aligning a frame pointer is still one; with other masks it is unknown. */
export function maskAddress(bases: Int32Array, values: Int32Array, right: number): void {
  const left = right - 1;
  if (!(isMutable(bases[left]) && bases[right] === Base.Constant && values[right] < 0)) bases[left] = Base.Unknown;
}
