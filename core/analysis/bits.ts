/** Bitsets in words of 32 bits. */

/** Number of words for `bits` bits, at least 1. */
export const wordsFor = (bits: number): number => Math.max(1, (bits + 31) >> 5);

/** Whether bit `bit` is set in the row that starts at word `row`. */
export const hasBit = (set: Uint32Array, row: number, bit: number): boolean =>
  (set[row + (bit >> 5)] & (1 << (bit & 31))) !== 0;

/** Sets bit `bit` in the row that starts at word `row`. */
export function setBit(set: Uint32Array, row: number, bit: number): void {
  set[row + (bit >> 5)] |= 1 << (bit & 31);
}

/** Whether two bitsets share a bit. */
export function intersects(a: Uint32Array, b: Uint32Array): boolean {
  const length = Math.min(a.length, b.length);
  for (let word = 0; word < length; word++) if ((a[word] & b[word]) !== 0) return true;
  return false;
}

/** Adds the bits of `source`, which is at least as long, to `target`. */
export function uniteInto(target: Uint32Array, source: Uint32Array): void {
  for (let w = 0; w < target.length; w++) target[w] |= source[w];
}

/** Numbers of the set bits, ascending. */
export function bitsOf(set: Uint32Array): number[] {
  const bits: number[] = [];
  for (let w = 0; w < set.length; w++) {
    for (let word = set[w]; word !== 0; word &= word - 1) bits.push((w << 5) + (31 - Math.clz32(word & -word)));
  }
  return bits;
}
