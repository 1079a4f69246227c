/** A growing list of unsigned numbers of 32 bits, for lists that are as long as a module's debug information. */
export class NumberList {
  #items = new Uint32Array(64);
  length = 0;

  push(item: number): void {
    if (this.length === this.#items.length) {
      const larger = new Uint32Array(2 * this.length);
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
    return this.#items.slice(0, this.length);
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
