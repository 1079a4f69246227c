/** Where operations on bytes are split, so that other callers can come between their parts. */
import { LINE_LOG2 } from '../instrument/hooks.ts';
import type { MemoryState } from './memoryState.ts';

/** A part of an operation on bytes: its offset in it, and its bytes. */
export interface Part {
  at: number;
  size: number;
}

/** Operations are split at the same places in every execution. */
export class Splits {
  /** Lines that callers share in serial executions. */
  private readonly lines = new Map<MemoryState, Uint8Array>();

  /** Fixes where operations are split: at what is visible now. */
  fix(memories: readonly MemoryState[]): void {
    for (const memory of memories) this.lines.set(memory, memory.visible.slice());
  }

  /**
   * The parts of an operation: it is split in the middle of what callers share of its destination and of its source,
   * and at the ends of that; else in quarters. A copy to a higher address
   * than its source begins with the last part.
   * Source: https://webassembly.github.io/spec/core/exec/instructions.html (memory.copy)
   */
  parts(to: MemoryState, destination: number, from: MemoryState | undefined, source: number, count: number): Part[] {
    if (count < 2) return [{ at: 0, size: count }];
    const cuts = new Set([0]);
    const shared = [this.sharedRange(to, destination, count), from && this.sharedRange(from, source, count)];
    const known = shared.filter((range) => range !== undefined);
    for (const [low, high] of known.length > 0 ? known : [[0, count]]) {
      for (const cut of [low, Math.floor((low + high) / 2), high]) cuts.add(cut);
      if (low === 0 && high === count) cuts.add(Math.floor(count / 4)).add(Math.floor((3 * count) / 4));
    }
    const starts = [...cuts].filter((cut) => cut === 0 || cut < count).sort((a, b) => a - b);
    const parts = starts.map((at, i) => ({ at, size: (starts[i + 1] ?? count) - at }));
    return from !== undefined && source < destination ? parts.reverse() : parts;
  }

  /** First and last offset of the part of a range that callers share in serial executions. */
  private sharedRange(memory: MemoryState, start: number, count: number): [number, number] | undefined {
    const split = this.lines.get(memory);
    if (split === undefined) return undefined;
    const first = start >>> LINE_LOG2;
    const last = (start + count - 1) >>> LINE_LOG2;
    let low = first;
    while (low <= last && split[low] !== 1) low++;
    if (low > last) return undefined;
    let high = last;
    while (split[high] !== 1) high--;
    return [Math.max(0, (low << LINE_LOG2) - start), Math.min(count, ((high + 1) << LINE_LOG2) - start)];
  }
}
