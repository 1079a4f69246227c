/** Operations that callers are about to perform: what they touch decides which of them commute. */
import { LINE_LOG2 } from '../instrument/hooks.ts';
import { MemoryState } from './memoryState.ts';
import type { TrackedCell } from './trackedCell.ts';

/** An access of an operation. */
export interface Touch {
  state: MemoryState | TrackedCell;
  /** Bytes `[start, end)` of a memory. */
  start: number;
  end: number;
  /** For the race detector. */
  write: boolean;
  atomic: boolean;
  /** Changes what others may see or do: does not commute with any access of the state. */
  orders: boolean;
  /** Not an access that can race: only orders other operations. */
  silent: boolean;
}

/** What a caller is about to perform. */
export interface Operation {
  site: number;
  touches: readonly Touch[];
  /** A value of `Sync`, and the address that it synchronises at. */
  sync: number;
  at: number;
  /** What others can see of it: nothing, a change, or perhaps a change (read-modify-write). */
  effect: 'reads' | 'changes' | 'exchanges';
  /** To be performed in parts. */
  parts: boolean;
  /** It may touch anything. */
  wild: boolean;
  /**
   * Once it is performed: it would touch no more than this if it came before an operation that it depends on, whatever
   * was known of it before.
   */
  isMost: boolean;
  /** Of a store that waits in a buffer: the number of the operation among its caller's, where they are counted. */
  step?: number;
  /** It traps instead: what it touches is what the check before the trap reads. */
  trap: string | undefined;
  /**
   * Evaluated when the operation is performed, after whatever other callers did while its caller was paused before it:
   * a compare-exchange that fails only reads, an access beyond the memory traps.
   */
  settle: (() => Operation) | undefined;
}

/** An operation at a site, with defaults for the rare properties. */
export function operationAt(site: number, touches: readonly Touch[], more?: Partial<Operation>): Operation {
  let changes = false;
  for (const touch of touches) if (touch.orders) changes = true;
  // All properties, always in this order: what is done with operations is done for one shape of them.
  return {
    site,
    touches,
    sync: more?.sync ?? 0,
    at: more?.at ?? 0,
    effect: more?.effect ?? (changes ? 'changes' : 'reads'),
    parts: more?.parts ?? false,
    wild: more?.wild ?? false,
    isMost: more?.isMost ?? false,
    trap: more?.trap,
    settle: more?.settle,
  };
}

/** A step that touches no shared state. */
export const NOTHING: Operation = operationAt(-1, []);

/** An access of bytes `[start, end)` of a memory. */
export function memoryTouch(state: MemoryState, start: number, end: number, write: boolean, atomic = false): Touch {
  return { state, start, end, write, atomic, orders: write, silent: false };
}

/** An access of a cell other than memory. */
export function cellTouch(state: TrackedCell, write: boolean, atomic = false, silent = false): Touch {
  return { state, start: 0, end: 1, write, atomic, orders: write, silent };
}

/** Whether callers share some of what is touched. */
export function isVisible({ state, start, end }: Touch): boolean {
  if (!(state instanceof MemoryState)) return state.visible;
  for (let line = start >>> LINE_LOG2; line <= (end - 1) >>> LINE_LOG2; line++)
    if (state.visible[line] === 1) return true;
  return false;
}

/** Whether two operations of different callers are dependent: they do not commute. */
export function dependent(a: Operation, b: Operation): boolean {
  if (a === NOTHING || b === NOTHING) return false;
  if (a.wild || b.wild) return true;
  for (const x of a.touches) {
    for (const y of b.touches) {
      if (x.state !== y.state || (!x.orders && !y.orders)) continue;
      if (!(x.state instanceof MemoryState) || (x.start < y.end && y.start < x.end)) return true;
    }
  }
  return false;
}

/** Whether two operations are alike in all that a search and the engine know of them. */
export function isSameOperation(a: Operation | undefined, b: Operation): boolean {
  if (a === b) return true;
  // What settles an operation belongs to the call that is about to perform it.
  if (a === undefined || a.settle !== undefined || b.settle !== undefined) return false;
  if (a.site !== b.site || a.sync !== b.sync || a.at !== b.at || a.effect !== b.effect) return false;
  if (a.parts !== b.parts || a.wild !== b.wild || a.isMost !== b.isMost || a.trap !== b.trap) return false;
  return (
    a.touches.length === b.touches.length &&
    a.touches.every((x, i) => {
      const y = b.touches[i];
      if (x.state !== y.state || x.start !== y.start || x.end !== y.end || x.write !== y.write) return false;
      return x.atomic === y.atomic && x.orders === y.orders && x.silent === y.silent;
    })
  );
}

/** Whether an operation touched everything that it was planned to touch. */
export function touchesAsPlanned(op: Operation, planned: Operation): boolean {
  if (op.touches === planned.touches) return true;
  const { touches } = planned;
  if (planned.wild || touches.length !== op.touches.length) return false;
  return op.touches.every(({ state, start, end, orders }, i) => {
    const other = touches[i];
    return state === other.state && start === other.start && end === other.end && orders === other.orders;
  });
}
