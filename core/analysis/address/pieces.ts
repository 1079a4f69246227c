/**
 * The pieces that places consist of, each once: a base (a constant, a parameter of the function, a frame, a global, a fresh
 * block, what pointers kept somewhere lead to) and an interval of distances from it. Columns of numbers, since a module
 * has very many.
 */
import { BASE_MASK } from '../abstractValue.ts';

/** A piece by its number: one place that a value may lead to, `scale * base + low` to `scale * base + high`, in steps of `stride`. */
export class Pieces {
  /** Packed base of abstractValue.ts, without flags. */
  base = new Int32Array(FIRST);
  low = new Float64Array(FIRST);
  high = new Float64Array(FIRST);
  stride = new Float64Array(FIRST);
  scale = new Int32Array(FIRST);
  /** 1: the base may be an index that was added to another piece's pointer. */
  maybe = new Uint8Array(FIRST);
  private length = 0;
  /** Numbers of pieces plus one, by open addressing. */
  private slots = new Int32Array(4 * FIRST);

  /** The number of a piece. */
  of(base: number, low: number, high: number, stride: number, scale: number, maybe: number): number {
    const { slots } = this;
    const mask = slots.length - 1;
    let slot = hashOf(base, low, high, stride) & mask;
    for (; slots[slot] !== 0; slot = (slot + 1) & mask) {
      const p = slots[slot] - 1;
      if (
        this.base[p] === base &&
        this.low[p] === low &&
        this.high[p] === high &&
        this.stride[p] === stride &&
        this.scale[p] === scale &&
        this.maybe[p] === maybe
      )
        return p;
    }
    if (this.length === this.base.length) {
      this.grow();
      return this.of(base, low, high, stride, scale, maybe);
    }
    const p = this.length++;
    slots[slot] = p + 1;
    this.base[p] = base;
    // No difference between zeros.
    this.low[p] = low + 0;
    this.high[p] = high + 0;
    this.stride[p] = stride;
    this.scale[p] = scale;
    this.maybe[p] = maybe;
    return p;
  }

  /** The kind of a piece's base. */
  kind(p: number): number {
    return this.base[p] & BASE_MASK;
  }

  /** The same piece anywhere in the object of its base. */
  anywhere(p: number): number {
    if (this.low[p] === -Infinity && this.high[p] === Infinity) return p;
    return this.of(this.base[p], -Infinity, Infinity, 1, this.scale[p], this.maybe[p]);
  }

  /** Whether neither end is infinite. */
  isBounded(p: number): boolean {
    return this.low[p] !== -Infinity && this.high[p] !== Infinity;
  }

  private grow(): void {
    const size = 2 * this.base.length;
    this.base = larger(new Int32Array(size), this.base);
    this.low = larger(new Float64Array(size), this.low);
    this.high = larger(new Float64Array(size), this.high);
    this.stride = larger(new Float64Array(size), this.stride);
    this.scale = larger(new Int32Array(size), this.scale);
    this.maybe = larger(new Uint8Array(size), this.maybe);
    const slots = new Int32Array(4 * size);
    const mask = slots.length - 1;
    for (let p = 0; p < this.length; p++) {
      let slot = hashOf(this.base[p], this.low[p], this.high[p], this.stride[p]) & mask;
      while (slots[slot] !== 0) slot = (slot + 1) & mask;
      slots[slot] = p + 1;
    }
    this.slots = slots;
  }
}

const FIRST = 256;

function hashOf(base: number, low: number, high: number, stride: number): number {
  const h = Math.imul(base, 0x9e37_79b1) ^ Math.imul(low | 0, 0x85eb_ca6b) ^ Math.imul((high - low) | 0, 0xc2b2_ae35);
  return h ^ (h >>> 15) ^ (stride | 0);
}

function larger<T extends Int32Array | Float64Array | Uint8Array>(to: T, from: T): T {
  to.set(from);
  return to;
}
