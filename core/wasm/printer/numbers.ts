/**
 * Floating-point constants of the text format: decimal, shortest that reads back to the same bits;
 * NaNs with their payload.
 *
 * Source: https://webassembly.github.io/spec/core/text/values.html#floating-point
 */

function nan(negative: boolean, payload: bigint, canonical: bigint): string {
  const sign = negative ? '-' : '';
  return payload === canonical ? `${sign}nan` : `${sign}nan:${hex(payload)}`;
}

function decimal(value: number, digits: string): string {
  if (value === Infinity) return 'inf';
  if (value === -Infinity) return '-inf';
  return Object.is(value, -0) ? '-0' : digits;
}

/** Shortest decimal that reads back as the single-precision `value`. */
function shortestSingle(value: number): string {
  for (let precision = 1; precision < 9; precision++) {
    const candidate = Number(value.toPrecision(precision));
    // A reader rounds the decimal once, `fround(Number(...))` twice. Requires some distance from the point where
    // rounding flips, so that both agree.
    if (Math.fround(candidate + (candidate - value) * 1e-6) === value) return String(candidate);
  }
  // All digits of the double are exact enough for any rounding.
  return String(value);
}

/** The f32 constant whose four bytes start at `offset`. */
export function f32Text(view: DataView, offset: number): string {
  const bits = view.getUint32(offset, true);
  if ((bits & 0x7f800000) === 0x7f800000 && (bits & 0x7fffff) !== 0) {
    return nan(bits >>> 31 === 1, BigInt(bits & 0x7fffff), 0x400000n);
  }
  const value = view.getFloat32(offset, true);
  return decimal(value, shortestSingle(value));
}

/** The f64 constant whose eight bytes start at `offset`. */
export function f64Text(view: DataView, offset: number): string {
  const value = view.getFloat64(offset, true);
  if (Number.isNaN(value)) {
    const bits = view.getBigUint64(offset, true);
    return nan(bits >> 63n === 1n, bits & 0xfffffffffffffn, 0x8000000000000n);
  }
  return decimal(value, String(value));
}

/** A v128 constant as four 32-bit lanes. */
export function v128Text(view: DataView, offset: number): string {
  const lanes = [0, 4, 8, 12].map(
    (at) =>
      `0x${view
        .getUint32(offset + at, true)
        .toString(16)
        .padStart(8, '0')}`,
  );
  return `i32x4 ${lanes.join(' ')}`;
}

/** An offset or address as it is written everywhere in the product: `0x1f`. */
export const hex = (value: number | bigint): string => `0x${value.toString(16)}`;
