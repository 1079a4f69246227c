/**
 * Constants of 64 bits that do not fit into the 32 of an abstract value: addresses in memories beyond 4 GiB. An abstract
 * value holds the place of such a constant.
 */
import { Base } from './abstractValue.ts';

/** Most constants of a module; further ones are unknown. */
const MOST = 1 << 16;

/** The wide constants of a module, each once. */
export class WideConstants {
  /** Constants by place. */
  readonly values: number[] = [];
  private readonly places = new Map<number, number>();

  /**
   * Writes the constant `value` to `slot` of an operand stack, in its short form if that fits. A value that a double
   * does not hold exactly is unknown.
   */
  put(bases: Int32Array, values: Int32Array, slot: number, value: number): void {
    if (value === (value | 0)) {
      bases[slot] = Base.Constant;
      values[slot] = value;
      return;
    }
    const place = Number.isSafeInteger(value) ? this.placeOf(value) : -1;
    bases[slot] = place < 0 ? Base.Unknown : Base.Wide;
    values[slot] = place;
  }

  /** The constant in `slot` of an operand stack; NaN if it is unknown. */
  at(bases: Int32Array, values: Int32Array, slot: number): number {
    if (bases[slot] === Base.Constant) return values[slot];
    return bases[slot] === Base.Wide ? this.values[values[slot]] : Number.NaN;
  }

  private placeOf(value: number): number {
    const known = this.places.get(value);
    if (known !== undefined) return known;
    if (this.values.length >= MOST) return -1;
    const place = this.values.push(value) - 1;
    this.places.set(value, place);
    return place;
  }
}
