/** Integers of numbers as strides and ends of intervals need them. Arguments are safe integers unless said otherwise. */

/** Greatest common divisor of two numbers that are not negative; `gcd(0, n)` is n. */
export function gcd(a: number, b: number): number {
  while (b !== 0) [a, b] = [b, a % b];
  return a;
}

/** The remainder of `value` that is not negative. */
export function modulo(value: number, divisor: number): number {
  const rest = value % divisor;
  // Never -0, which `Object.is` and assertions take for another number.
  return rest < 0 ? rest + divisor : rest + 0;
}

/** The largest multiple of `divisor` that is at most `value`. Infinite values stay. */
export const roundDown = (value: number, divisor: number): number =>
  Number.isFinite(value) ? value - modulo(value, divisor) : value;

/** The largest power of two that divides `value`; Infinity for 0. */
export function powerIn(value: number): number {
  if (value === 0) return Number.POSITIVE_INFINITY;
  let power = 1;
  while (value % (2 * power) === 0) power *= 2;
  return power;
}

/** The smallest power of two that is larger than `value`, which is not negative. */
export function powerAbove(value: number): number {
  let power = 1;
  while (power <= value) power *= 2;
  return power;
}

/** Two's complement of `bits` bits: `and` or `or` of two integers, in the signed reading. */
export function bitwise(operation: 'and' | 'or', a: number, b: number, bits: number): number {
  const [x, y] = [BigInt(a), BigInt(b)];
  return Number(BigInt.asIntN(bits, operation === 'and' ? x & y : x | y));
}

/**
 * `[low, high]` in the signed range of `bits` bits, if all of it wraps around equally often; undefined if that is not
 * certain. An infinite end is the end of the range; other ends may be too large to be exact.
 */
export function inSignedRange(low: number, high: number, bits: number): [low: number, high: number] | undefined {
  const half = 2 ** (bits - 1);
  const beyond = Number.isFinite(low) ? 2 * half * Math.floor((low + half) / (2 * half)) : 0;
  // An end that is not exact must not wrap around.
  if (beyond !== 0 && !(Number.isSafeInteger(low) && Number.isSafeInteger(high))) return undefined;
  const [from, to] = [low - beyond, high - beyond];
  // A large end is rounded: next to the end of the range it may be on either side.
  const before = Number.isFinite(from) && !Number.isSafeInteger(from) && from <= -half;
  const behind = Number.isFinite(to) && to >= half;
  return before || behind ? undefined : [from, to];
}
