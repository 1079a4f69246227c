/** What waits in a store buffer: bytes of a memory or a global, with the value that the others do not see yet. */
import type { Caller } from '../caller.ts';
import { MemoryState } from '../memoryState.ts';
import { cellTouch, isVisible, memoryTouch, type Operation, operationAt, type Touch } from '../operation.ts';

/** One entry of a store buffer. */
export interface BufferedStore {
  /** What happens when it reaches memory: a write of this place, at the site of the store, with the number of that step. */
  readonly op: Operation;
  /** What it stores, once the instruction has run. */
  value: unknown;
  hasRun: boolean;
  /** What the place held before it, without this and the later stores of the buffer. */
  under: unknown;
  read(): unknown;
  write(value: unknown): void;
}

/**
 * The entries that an operation makes, in the order in which they reach memory. Bytes that only their caller touches are
 * written at once: nobody sees when.
 */
export function storesOf(op: Operation, caller: Caller, step: number): BufferedStore[] {
  return op.touches.filter(({ orders }) => orders).flatMap((touch) => entriesOf(touch, op.site, caller, step));
}

function entriesOf(touch: Touch, site: number, { instance }: Caller, step: number): BufferedStore[] {
  const { state } = touch;
  if (state instanceof MemoryState)
    return state.visibleParts(touch.start, touch.end).map(([start, end]) => ({
      op: { ...operationAt(site, [memoryTouch(state, start, end, true)]), step },
      value: undefined,
      hasRun: false,
      under: undefined,
      read: () => state.view.slice(start, end),
      // Nothing shrinks a memory that buffers are used with.
      write: (value) => state.view.set(value as Uint8Array, start),
    }));
  const global = instance.globals.find((one) => one?.cell === state);
  if (global === undefined || !isVisible(touch)) return [];
  return [
    {
      op: { ...operationAt(site, [cellTouch(state, true)]), step },
      value: undefined,
      hasRun: false,
      under: undefined,
      read: () => global.get(),
      write: (value) => global.set(value),
    },
  ];
}
