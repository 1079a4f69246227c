/**
 * What stays known of an address when code computes with it. Each function takes the operand stack, packed bases and
 * constants beside them, and the slot `right` of the right operand; the result takes the left one's slot below it.
 */
import { BASE_MASK, Base } from './abstractValue.ts';

/** A change of a frame pointer that is not known but keeps it one. */
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

/** `left - right`: a frame of a size that is not known lowers the pointer. */
export function subtractOffset(bases: Int32Array, values: Int32Array, right: number): void {
  const left = right - 1;
  if (bases[right] === Base.Constant) values[left] = (values[left] - values[right]) | 0;
  else if (isMutable(bases[left]) && bases[right] === Base.Unknown) values[left] = -1;
  else bases[left] = Base.Unknown;
}

/** `left & right`: aligning a frame pointer keeps it one; other masks do not. */
export function maskAddress(bases: Int32Array, values: Int32Array, right: number): void {
  const left = right - 1;
  if (!(isMutable(bases[left]) && bases[right] === Base.Constant && values[right] < 0)) bases[left] = Base.Unknown;
}
