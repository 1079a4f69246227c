/** Reproducible random numbers for tests: a failure names its seed. */

/** Returns an integer in [0, bound). */
export type Random = (bound: number) => number;

/** mulberry32: small, fast, and good enough for tests. */
export function random(seed: number): Random {
  let state = seed >>> 0;
  return (bound) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return Math.floor((((t ^ (t >>> 14)) >>> 0) / 2 ** 32) * bound);
  };
}
