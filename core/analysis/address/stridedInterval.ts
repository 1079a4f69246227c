/**
 * Strided intervals: what the analysis knows of an integer, such as an index, a size, or the distance of an address from
 * its base. `(i & 7) << 2` is 0, 4, ..., 28.
 */
import { endsWhere, NEGATED, type Relation } from './comparisons.ts';
import { bitwise, gcd, inSignedRange, modulo, powerAbove, powerIn, roundDown } from './integers.ts';

/** Ends beyond this are infinite: the distance of two ends, and each sum of two, is still exact. */
const LARGEST = 2 ** 52;
const { POSITIVE_INFINITY, NEGATIVE_INFINITY } = Number;

/**
 * The integers `low`, `low + stride`, ..., `high`; immutable. `stride` is 0 for a single one. An infinite end is as far as
 * the type reaches; the integers then count from the finite end, and if there is none `stride` is 1.
 *
 * The integers are i32 or i64 in their **signed** reading: -8 is a constant that is subtracted from a pointer.
 * `asUnsigned` turns them into addresses. Operations take the width of the instruction in bits, give what the instruction
 * gives, wrap-around included, and never less. What could wrap around in part, or is not exact in a number, is
 * `UNBOUNDED`.
 */
export class StridedInterval {
  readonly low: number;
  readonly high: number;
  readonly stride: number;

  private constructor(low: number, high: number, stride: number) {
    this.low = low;
    this.high = high;
    this.stride = stride;
  }

  /** Any integer. */
  static readonly UNBOUNDED = new StridedInterval(NEGATIVE_INFINITY, POSITIVE_INFINITY, 1);
  /** The result of a comparison. */
  static readonly BOOLEAN = new StridedInterval(0, 1, 1);

  /** One integer; `UNBOUNDED` if it is not one that is exact in a number. */
  static constant(value: number): StridedInterval {
    return Math.abs(value) <= LARGEST && Number.isInteger(value)
      ? new StridedInterval(value + 0, value + 0, 0)
      : StridedInterval.UNBOUNDED;
  }

  /**
   * The integers from `low` to `high` in steps of `stride`. Steps count from `low`, or from `high` where `low` is infinite
   * or too far for a number.
   */
  static range(low: number, high: number, stride = 1): StridedInterval {
    if (!(low <= high) || low > LARGEST || high < -LARGEST) return StridedInterval.UNBOUNDED;
    const [from, to] = [low < -LARGEST ? NEGATIVE_INFINITY : low + 0, high > LARGEST ? POSITIVE_INFINITY : high + 0];
    if (from === NEGATIVE_INFINITY && to === POSITIVE_INFINITY) return StridedInterval.UNBOUNDED;
    if (from === NEGATIVE_INFINITY || to === POSITIVE_INFINITY) return new StridedInterval(from, to, stride);
    const last = stride === 0 ? from : to - ((to - from) % stride);
    return new StridedInterval(from, last, last === from ? 0 : stride);
  }

  /** What a load of `bits` bits gives, before it is extended or after. */
  static loaded(bits: number, signed: boolean): StridedInterval {
    const half = 2 ** (bits - 1);
    return signed ? StridedInterval.range(-half, half - 1) : StridedInterval.range(0, 2 * half - 1);
  }

  /**
   * The values of a loop's variable that starts with `first`, changes by `step` in each round, and ends the loop when it
   * is exactly `last` (`br_if` on `ne`). `UNBOUNDED` if it misses that value.
   */
  static counting(first: number, step: number, last: number): StridedInterval {
    const rounds = (last - first) / step;
    if (!Number.isInteger(rounds) || rounds < 0) return StridedInterval.UNBOUNDED;
    return StridedInterval.range(Math.min(first, last), Math.max(first, last), Math.abs(step));
  }

  /** Whether both ends are finite. */
  get bounded(): boolean {
    return this.high - this.low < POSITIVE_INFINITY;
  }

  /** Whether it is a single integer, `low`. */
  get single(): boolean {
    return this.stride === 0;
  }

  /** How many integers it has. */
  get size(): number {
    return this.single ? 1 : (this.high - this.low) / this.stride + 1;
  }

  /** The finite end that the integers count from; 0 if there is none. */
  private get anchor(): number {
    if (this.low > NEGATIVE_INFINITY) return this.low;
    return this.high < POSITIVE_INFINITY ? this.high : 0;
  }

  contains(value: number): boolean {
    if (value < this.low || value > this.high) return false;
    return this.single || modulo(value - this.anchor, this.stride) === 0;
  }

  equals({ low, high, stride }: StridedInterval): boolean {
    return this.low === low && this.high === high && this.stride === stride;
  }

  /** Whether it has all integers of `other`. */
  covers(other: StridedInterval): boolean {
    return this.join(other).equals(this);
  }

  /** The smallest strided interval with the integers of both: of a `select`, or where paths meet. */
  join(other: StridedInterval): StridedInterval {
    const apart = Math.abs(this.anchor - other.anchor);
    const stride = gcd(gcd(this.stride, other.stride), apart);
    return StridedInterval.range(Math.min(this.low, other.low), Math.max(this.high, other.high), stride);
  }

  /** At least the integers that both have; undefined if there are none. */
  meet(other: StridedInterval): StridedInterval | undefined {
    if (this.single) return other.contains(this.low) ? this : undefined;
    if (other.single) return this.contains(other.low) ? other : undefined;
    if (modulo(this.anchor - other.anchor, gcd(this.stride, other.stride)) !== 0) return undefined;
    return this.stride < other.stride ? other.within(this.low, this.high) : this.within(other.low, other.high);
  }

  /** What a loop makes of this when a round gives `next` as well: ends that move become infinite. */
  widen(next: StridedInterval): StridedInterval {
    const { low, high, stride } = this.join(next);
    const from = low < this.low ? NEGATIVE_INFINITY : low;
    return StridedInterval.range(from, high > this.high ? POSITIVE_INFINITY : high, stride);
  }

  /**
   * Whether an access of `width` bytes here and one of `otherWidth` bytes at `other` can have a byte in common. Exact if
   * the strides are equal or one is a single address: different fields of one array never meet. Both in one reading, and
   * relative to one base.
   */
  mayOverlap(width: number, other: StridedInterval, otherWidth: number): boolean {
    // Distances from an address of `other` to one of this.
    const [nearest, farthest] = [this.low - other.high, this.high - other.low];
    const [from, to] = [Math.max(nearest, 1 - width), Math.min(farthest, otherWidth - 1)];
    if (!(from <= to)) return false;
    const stride = gcd(this.stride, other.stride);
    if (stride === 0) return true;
    return from + modulo(this.anchor - other.anchor - from, stride) <= to;
  }

  /** The same integers as addresses or sizes: negative ones are large. */
  asUnsigned(bits: number): StridedInterval {
    if (this.low >= 0) return this.clamped(0, 2 ** (bits - 1) - 1);
    const whole = 2 ** bits;
    if (this.high < 0) return this.clamped(-whole / 2, -1).plus(whole);
    // Steps count on across 2^31 if they divide it.
    const stride = powerIn(this.stride);
    const rest = modulo(this.anchor, stride);
    return StridedInterval.range(rest, whole - stride + rest, stride);
  }

  /** The lowest `bits` bits, in the signed reading: `i32.wrap_i64`, `extend8_s`, and back from `asUnsigned`. */
  truncated(bits: number): StridedInterval {
    return this.bounded ? wrapped(this.low, this.high, this.stride, bits) : StridedInterval.UNBOUNDED;
  }

  /** With ends of the signed type of `bits` bits for infinite ones: `i64.extend_i32_s`. */
  extended(bits: number): StridedInterval {
    return this.clamped(-(2 ** (bits - 1)), 2 ** (bits - 1) - 1);
  }

  /** The same within `[low, high]`, which it cannot leave. */
  private clamped(low: number, high: number): StridedInterval {
    return this.bounded ? this : (this.meet(StridedInterval.range(low, high)) ?? this);
  }

  /** Plus a constant, without wrap-around: the offset of a load or store. */
  plus(constant: number): StridedInterval {
    return StridedInterval.range(this.low + constant, this.high + constant, this.stride);
  }

  add(other: StridedInterval, bits: number): StridedInterval {
    // An end of the type only stays one if the other side does not go further.
    const lowWraps = (endless(this.low) && other.low < 0) || (endless(other.low) && this.low < 0);
    const highWraps = (endless(this.high) && other.high > 0) || (endless(other.high) && this.high > 0);
    if (lowWraps || highWraps) return StridedInterval.UNBOUNDED;
    return wrapped(this.low + other.low, this.high + other.high, gcd(this.stride, other.stride), bits);
  }

  subtract(other: StridedInterval, bits: number): StridedInterval {
    const lowWraps = (endless(this.low) && other.high > 0) || (endless(other.high) && this.low < -1);
    const highWraps = (endless(this.high) && other.low < 0) || (endless(other.low) && this.high >= 0);
    if (lowWraps || highWraps) return StridedInterval.UNBOUNDED;
    return wrapped(this.low - other.high, this.high - other.low, gcd(this.stride, other.stride), bits);
  }

  negate(bits: number): StridedInterval {
    return StridedInterval.constant(0).subtract(this, bits);
  }

  multiply(other: StridedInterval, bits: number): StridedInterval {
    if (!this.bounded || !other.bounded) {
      const [factor, value] = this.single ? [this, other] : [other, this];
      if (factor.single && factor.low === 1) return value;
      return factor.single && factor.low === 0 ? factor : StridedInterval.UNBOUNDED;
    }
    const ends = [this.low, this.high].flatMap((x) => [x * other.low, x * other.high]);
    const steps = [this.low * other.stride, other.low * this.stride, this.stride * other.stride].map(Math.abs);
    if (!steps.every(Number.isSafeInteger)) return StridedInterval.UNBOUNDED;
    return wrapped(Math.min(...ends), Math.max(...ends), steps.reduce(gcd), bits);
  }

  /** `shl` by a constant. */
  shiftLeft(count: number, bits: number): StridedInterval {
    return this.multiply(StridedInterval.constant(2 ** modulo(count, bits)), bits);
  }

  /** `shr_s` by a constant. */
  shiftRightSigned(count: number, bits: number): StridedInterval {
    return this.extended(bits).divided(2 ** modulo(count, bits));
  }

  /** `shr_u` by a constant. */
  shiftRightUnsigned(count: number, bits: number): StridedInterval {
    const by = 2 ** modulo(count, bits);
    if (by === 1) return this;
    // An address of 64 bits may be too large for a number; what is left of it after the shift may not.
    const value = this.asUnsigned(bits);
    if (value.bounded) return value.divided(by);
    return StridedInterval.range(Math.floor(Math.max(0, value.low) / by), 2 ** bits / by - 1);
  }

  private divided(by: number): StridedInterval {
    const stride = this.stride % by === 0 ? this.stride / by : 1;
    return StridedInterval.range(Math.floor(this.low / by), Math.floor(this.high / by), stride);
  }

  /** `and` with a constant. */
  and(mask: number, bits: number): StridedInterval {
    if (!Number.isSafeInteger(mask)) return StridedInterval.UNBOUNDED;
    if (mask === 0) return StridedInterval.constant(0);
    if (this.single) return StridedInterval.constant(bitwise('and', this.low, mask, bits));
    const lowest = powerIn(mask);
    if (mask > 0) {
      const above = powerAbove(mask);
      const value = this.modulus(above);
      // With all bits between the lowest and the highest one it rounds down.
      if (above - mask === lowest) return value.roundedDown(lowest);
      return StridedInterval.range(0, Math.min(mask, roundDown(value.high, lowest)), lowest);
    }
    if (-mask === lowest) return this.roundedDown(lowest);
    // Clearing bits below the sign only makes an integer smaller.
    return StridedInterval.range(this.low < 0 ? NEGATIVE_INFINITY : 0, roundDown(this.high, lowest), lowest);
  }

  /** `or` with a constant. */
  or(set: number, bits: number): StridedInterval {
    if (!Number.isSafeInteger(set)) return StridedInterval.UNBOUNDED;
    if (this.single) return StridedInterval.constant(bitwise('or', this.low, set, bits));
    // The bits that the integers may have are those from `lowest` on, and below `above`.
    const lowest = Math.min(powerIn(this.stride), powerIn(this.anchor));
    const above = powerAbove(Math.min(this.high, LARGEST));
    if (set >= 0 && set < lowest) return this.plus(set);
    if (this.low >= 0 && this.bounded && modulo(set, above) < lowest) return this.plus(set);
    if (set < 0) return StridedInterval.range(set, -1);
    if (this.low < 0) return StridedInterval.UNBOUNDED;
    return StridedInterval.range(Math.max(this.low, set), Math.max(powerAbove(set), above) - 1);
  }

  /** `rem_u` by a constant. */
  remainderUnsigned(by: number, bits: number): StridedInterval {
    if (by > 0) return (this.low >= 0 ? this : this.asUnsigned(bits)).modulus(by);
    // A divisor of 2^31 or more.
    return this.low >= 0 && by < 0 ? this : StridedInterval.UNBOUNDED;
  }

  /** The remainders that are not negative. */
  private modulus(by: number): StridedInterval {
    const whole = roundDown(this.low, by);
    if (this.bounded && whole === roundDown(this.high, by)) return this.plus(-whole);
    const stride = gcd(by, this.stride);
    const rest = modulo(this.anchor, stride);
    const last = by - stride + rest;
    return StridedInterval.range(rest, this.low < 0 ? last : Math.min(last, this.high), stride);
  }

  /** Each integer rounded down to a multiple of `power`. */
  private roundedDown(power: number): StridedInterval {
    const stride = this.stride % power === 0 ? this.stride : power;
    return StridedInterval.range(roundDown(this.low, power), roundDown(this.high, power), stride);
  }

  /** At least the integers for which the comparison with one of `other` holds; undefined if there are none. */
  where(relation: Relation, other: StridedInterval): StridedInterval | undefined {
    if (relation === 'eq') return this.meet(other);
    if (relation === 'ne') return other.single ? this.without(other.low) : this;
    const { low, high } = endsWhere(relation, this, other);
    return this.within(low, high);
  }

  /** At least the integers for which the comparison with one of `other` does not hold; undefined if there are none. */
  unless(relation: Relation, other: StridedInterval): StridedInterval | undefined {
    return this.where(NEGATED[relation], other);
  }

  /** What the comparison gives; undefined if it depends. */
  holds(relation: Relation, other: StridedInterval): boolean | undefined {
    if (this.where(relation, other) === undefined) return false;
    return this.unless(relation, other) === undefined ? true : undefined;
  }

  private without(value: number): StridedInterval | undefined {
    const { low, high, stride } = this;
    if (this.single) return low === value ? undefined : this;
    return this.within(low === value ? low + stride : low, high === value ? high - stride : high);
  }

  /** Those from `low` to `high`. */
  private within(low: number, high: number): StridedInterval | undefined {
    const { anchor, stride } = this;
    const [first, last] = [Math.max(low, this.low), Math.min(high, this.high)];
    if (first === this.low && last === this.high) return this;
    if (this.single || first > last) return undefined;
    const from = anchor - roundDown(anchor - first, stride);
    const to = anchor + roundDown(last - anchor, stride);
    return from <= to ? StridedInterval.range(from, to, stride) : undefined;
  }
}

const endless = (end: number): boolean => !Number.isFinite(end);

/** The integers of `low..high` as an instruction gives them: all of them wrapped around equally often, or `UNBOUNDED`. */
function wrapped(low: number, high: number, stride: number, bits: number): StridedInterval {
  const ends = inSignedRange(low, high, bits);
  return ends === undefined ? StridedInterval.UNBOUNDED : StridedInterval.range(...ends, stride);
}
