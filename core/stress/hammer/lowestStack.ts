/** The cell in which the serial variant of a module records the lowest stack pointer. */
import type { WasmMemory } from '../../wasm/webAssembly.ts';

/** Both words of a cell without a record; a 32-bit pointer leaves the higher word unchanged. */
const NONE = 0xffff_ffff;

/** Access to that cell. */
export class LowestStack {
  private readonly words: Uint32Array;

  /** @param at offset of the cell */
  constructor(cells: WasmMemory, at: number) {
    this.words = new Uint32Array(cells.buffer, at, 2);
  }

  /** Clears the record. */
  clear(): void {
    this.words.fill(NONE);
  }

  /** The lowest stack pointer; Infinity if nothing was recorded. */
  read(): number {
    const [low, high] = this.words;
    if (low === NONE) return Number.POSITIVE_INFINITY;
    return high === NONE ? low : low + high * 2 ** 32;
  }

  /** Lowers the record to that value if it is higher. */
  lower(value: number): void {
    if (value >= this.read()) return;
    this.words[0] = value % 2 ** 32;
    this.words[1] = value < 2 ** 32 ? NONE : value / 2 ** 32;
  }

  /** What `run` recorded; afterwards the cell holds the lower of that and of the earlier record. */
  during(run: () => void): number {
    const before = this.words.slice();
    const known = this.read();
    this.clear();
    run();
    const noted = this.read();
    if (known < noted) this.words.set(before);
    return noted;
  }
}
