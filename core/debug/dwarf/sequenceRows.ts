/** The rows of one sequence of addresses, in one array: a module has a sequence for each of its functions. */
import type { LineRow } from './lineProgram.ts';
import { NumberList } from './numberList.ts';

/** Numbers of a row: address, file, line, column. */
const WIDTH = 4;

/** Rows ascending by address. */
export class SequenceRows {
  readonly #numbers: Uint32Array;

  constructor(numbers: Uint32Array) {
    this.#numbers = numbers;
  }

  get length(): number {
    return this.#numbers.length / WIDTH;
  }

  address(row: number): number {
    return this.#numbers[WIDTH * row];
  }

  /** Index in the table of files. */
  file(row: number): number {
    return this.#numbers[WIDTH * row + 1];
  }

  /** From 1; 0 where the code has no line. */
  line(row: number): number {
    return this.#numbers[WIDTH * row + 2];
  }

  /** From 1; 0 where it is unknown. */
  column(row: number): number {
    return this.#numbers[WIDTH * row + 3];
  }

  /** The last row that begins at an address or before it; -1 if there is none. */
  at(address: number): number {
    let low = 0;
    let high = this.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.address(middle) <= address) low = middle + 1;
      else high = middle;
    }
    return low - 1;
  }
}

/** Collects rows. */
export class SequenceRowList {
  readonly #numbers = new NumberList();

  push({ address, file, line, column }: LineRow): void {
    this.#numbers.push(address);
    this.#numbers.push(file);
    this.#numbers.push(line);
    this.#numbers.push(column);
  }

  done(): SequenceRows {
    return new SequenceRows(this.#numbers.done());
  }
}
