/** Results of a function of two 32-bit numbers, kept by open addressing: a lookup makes no object. */

const EMPTY = -1;

/** What a function of two 32-bit numbers has given: numbers from 0. */
export class PairMemo {
  private keys = new Int32Array(2 << FIRST_BITS);
  private results = new Int32Array(1 << FIRST_BITS).fill(EMPTY);
  private mask = (1 << FIRST_BITS) - 1;
  private count = 0;

  /** The result for `a` and `b`, or -1. */
  get(a: number, b: number): number {
    const { keys, results, mask } = this;
    for (let slot = hashOf(a, b) & mask; ; slot = (slot + 1) & mask) {
      const result = results[slot];
      if (result === EMPTY || (keys[2 * slot] === a && keys[2 * slot + 1] === b)) return result;
    }
  }

  /** Keeps the result for `a` and `b`, in place of another one. */
  set(a: number, b: number, result: number): void {
    if (this.put(a, b, result) && ++this.count * 4 > this.mask * 3) this.grow();
  }

  /** Whether there was none. */
  private put(a: number, b: number, result: number): boolean {
    const { keys, results, mask } = this;
    let slot = hashOf(a, b) & mask;
    while (results[slot] !== EMPTY && (keys[2 * slot] !== a || keys[2 * slot + 1] !== b)) slot = (slot + 1) & mask;
    const isNew = results[slot] === EMPTY;
    keys[2 * slot] = a;
    keys[2 * slot + 1] = b;
    results[slot] = result;
    return isNew;
  }

  private grow(): void {
    const { keys, results } = this;
    const size = 2 * results.length;
    this.keys = new Int32Array(2 * size);
    this.results = new Int32Array(size).fill(EMPTY);
    this.mask = size - 1;
    for (let slot = 0; slot < results.length; slot++)
      if (results[slot] !== EMPTY) this.put(keys[2 * slot], keys[2 * slot + 1], results[slot]);
  }
}

const FIRST_BITS = 10;

function hashOf(a: number, b: number): number {
  const h = Math.imul(a, 0x9e37_79b1) ^ Math.imul(b, 0x85eb_ca6b);
  return h ^ (h >>> 15);
}
