/**
 * Arithmetic on 64-bit addresses, as `addressArithmetic.ts` does it on those of 32 bits: constants do not wrap around
 * at 32 bits.
 */
import { Base } from './abstractValue.ts';
import { addOffset, type Operands, subtractOffset } from './addressArithmetic.ts';
import type { WideConstants } from './wideConstants.ts';

/** `left + right`, or `left - right` with `sign` -1. */
export function addOffset64(s: Operands, right: number, sign: 1 | -1, wide: WideConstants): void {
  const { bases, values } = s;
  const left = right - 1;
  const a = wide.at(bases, values, left);
  const b = wide.at(bases, values, right);
  const result = a + sign * b;
  if (!Number.isNaN(result)) {
    wide.put(bases, values, left, result);
    return;
  }
  // A base and a constant whose sum does not fit.
  const sum = values[left] + sign * values[right];
  const offset = Number.isNaN(a) !== Number.isNaN(b);
  const numbers = bases[left] === Base.Number || bases[right] === Base.Number;
  const far = bases[left] === Base.Wide || bases[right] === Base.Wide || (offset && !numbers && sum !== (sum | 0));
  if (far) {
    s.lose(bases[left]);
    s.lose(bases[right]);
    bases[left] = Base.Unknown;
  } else if (sign === 1) addOffset(s, right);
  else subtractOffset(s, right);
}
