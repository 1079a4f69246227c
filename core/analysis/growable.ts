/** A growing list of unsigned 32-bit numbers without an object per item. */
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

  /** View of the items so far; valid until the next `push`. */
  view(): Uint32Array {
    return this.items.subarray(0, this.length);
  }
}
