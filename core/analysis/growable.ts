/** Growing lists of numbers without an object per item. */

/** A growing list of unsigned 32-bit numbers. */
export class U32List {
  private items: Uint32Array = new Uint32Array(512);
  length = 0;

  constructor() {
    // Assigned twice on purpose: see the constructor of `ScannerState`.
    this.items = new Uint32Array(1024);
  }

  push(value: number): void {
    if (this.length === this.items.length) {
      const larger = new Uint32Array(this.items.length * 2);
      larger.set(this.items);
      this.items = larger;
    }
    this.items[this.length++] = value;
  }

  /** Adds all items of another list. */
  append(other: U32List): void {
    for (let i = 0; i < other.length; i++) this.push(other.items[i]);
  }

  /** Item `i`. */
  at(i: number): number {
    return this.items[i];
  }

  /** View of the items so far; valid until the next `push`. */
  view(): Uint32Array {
    return this.items.subarray(0, this.length);
  }
}

/** Rows of a fixed number of signed 32-bit numbers. */
export class RowList {
  items: Int32Array = new Int32Array(1);
  /** Number of rows. */
  length = 0;
  readonly width: number;

  /** `expected`: rows that there will be room for from the start; pages that are never touched cost nothing. */
  constructor(width: number, expected: number) {
    this.width = width;
    this.items = new Int32Array(Math.max(expected, 64) * width);
  }

  /** Makes room for one more row and returns where in `items` it starts. */
  add(): number {
    const at = this.length++ * this.width;
    if (at === this.items.length) this.grow(1);
    return at;
  }

  /** Makes room for `count` more rows and returns where in `items` they start. */
  addRows(count: number): number {
    const at = this.length * this.width;
    this.length += count;
    if (this.length * this.width > this.items.length) this.grow(count);
    return at;
  }

  private grow(count: number): void {
    const larger = new Int32Array(Math.max(this.items.length * 2, this.items.length + count * this.width));
    larger.set(this.items);
    this.items = larger;
  }
}
