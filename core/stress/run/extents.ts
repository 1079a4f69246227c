/**
 * What operations touch of a memory as a whole. An access reads where the memory is and how large it is: growth races
 * with that (`extent`). Most of these reads commute with growth, though, so what orders operations is kept in cells of
 * its own:
 *
 * - `size` is read by what tells the size or may be beyond it. Memories never get smaller than at the base: the check of
 *   an access below that has one answer, before and after any growth.
 * - `contents` is read by writes and written by growth in parts, which loses those between its copy and its publication.
 *   Writes need no order among themselves there.
 *
 * Besides, publication writes what was written since the copy; a read of anything else commutes with it.
 *
 * That an operation commutes only in some states is sound in a search that takes what it touched from the state in which
 * it was performed, if what commutes with it does not change that: what a publication writes depends on writes alone,
 * and none of them commutes with it.
 * Source: Godefroid, Pirottin: Refining dependencies improves partial-order verification methods, CAV 1993.
 */
import type { MemoryState } from './memoryState.ts';
import { cellTouch, memoryTouch, type Touch } from './operation.ts';

/** What `memory.size` reads, and a bounds check beyond the base. The size of a shared memory is read and grown atomically. */
export const sizeTouches = (memory: MemoryState): Touch[] => [
  cellTouch(memory.extent, false, memory.shared),
  cellTouch(memory.size, false, false, true),
];

/** What an access of bytes below `end` reads, where others may grow the memory. */
export function extentTouches(memory: MemoryState, end: number, write: boolean): Touch[] {
  const touches = end <= memory.baseBytes ? [cellTouch(memory.extent, false, memory.shared)] : sizeTouches(memory);
  if (write) touches.push(cellTouch(memory.contents, false, false, true));
  return touches;
}

/** Growth in one step: a race with every access, but ordered only with what reads the size. */
export const growTouches = (memory: MemoryState): Touch[] => [
  { ...cellTouch(memory.extent, true, memory.shared), orders: false },
  cellTouch(memory.size, true, false, true),
];

/** The first part of growth: reads the size, and copies. The second part is what others race with. */
export const copyTouches = (memory: MemoryState): Touch[] => [
  cellTouch(memory.extent, false, false, true),
  cellTouch(memory.size, false, false, true),
  cellTouch(memory.contents, true, false, true),
];

/**
 * The second part. @param written byte ranges that were written since the copy; undefined while that is not known: it may
 * be anything that somebody accesses
 */
export const publishTouches = (
  memory: MemoryState,
  written: readonly (readonly [start: number, end: number])[] | undefined,
): Touch[] => [
  { ...cellTouch(memory.extent, true), orders: written === undefined },
  cellTouch(memory.size, true, false, true),
  cellTouch(memory.contents, true, false, true),
  ...(written ?? []).map(([start, end]) => ({ ...memoryTouch(memory, start, end, true), silent: true })),
];
