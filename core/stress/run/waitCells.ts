/** A cell for each address at which callers wait: waits and wakes there do not commute. */
import type { MemoryState } from './memoryState.ts';
import { bytesText } from './touchText.ts';
import { TrackedCell } from './trackedCell.ts';

/** The cells of one run. */
export class WaitCells {
  private readonly memories: readonly MemoryState[];
  private readonly callers: number;
  private readonly cells = new Map<string, TrackedCell>();

  /** @param memories all of the machine; more may follow */
  constructor(memories: readonly MemoryState[], callers: number) {
    this.memories = memories;
    this.callers = callers;
  }

  /** Who waits at an address of a memory; instances can have a memory each. */
  keyOf(memory: MemoryState, address: number): string {
    return `${this.memories.indexOf(memory)} ${address}`;
  }

  /** Order of waits and wakes at an address. */
  at(memory: MemoryState, address: number): TrackedCell {
    const key = this.keyOf(memory, address);
    let cell = this.cells.get(key);
    if (cell === undefined) {
      cell = new TrackedCell('host', `waiters at ${bytesText(memory, address)}`, this.callers);
      this.cells.set(key, cell);
    }
    return cell;
  }
}
