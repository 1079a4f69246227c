/** Many units have no variable or no function: their empty lists are one. */
const NONE = new Uint32Array();

/** A growing list of unsigned numbers of 32 bits, for lists that are as long as a module's debug information. */
export class NumberList {
  #items = NONE;
  length = 0;

  push(item: number): void {
    if (this.length === this.#items.length) {
      const larger = new Uint32Array(Math.max(2 * this.length, 16));
      larger.set(this.#items);
      this.#items = larger;
    }
    this.#items[this.length++] = item;
  }

  at(index: number): number {
    return this.#items[index];
  }

  /** The items without spare room. */
  done(): Uint32Array {
    return this.length === 0 ? NONE : this.#items.slice(0, this.length);
  }
}

/** Number of items of an ascending list that are at most `item`. */
export function countUpTo(ascending: Uint32Array, item: number): number {
  let low = 0;
  let high = ascending.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (ascending[middle] <= item) low = middle + 1;
    else high = middle;
  }
  return low;
}
