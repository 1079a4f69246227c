/** Frames that calls left below the stack pointer: bytes that are no longer used do not count as state. */
import type { Driver } from './driver.ts';
import type { HammerPlan } from './hammerPlan.ts';

/**
 * Excludes dead stack from the state, after serial orders have shown how deep the stack gets. Leaves the base state.
 */
export function markDeadStack(driver: Driver, { analysis, callers }: Pick<HammerPlan, 'analysis' | 'callers'>): void {
  const { start, state, memories, lowestStack } = driver;
  const { shared, wholeInstance } = start;
  if (shared === undefined || memories === undefined) return;
  driver.reset();
  const cellsAt = memories.memories.filter((memory) => memory !== undefined).length;
  // The cell of the lowest stack pointer is bookkeeping.
  state.setDead(cellsAt, shared.lowest / 4, shared.lowest / 4 + 4);
  if (shared.limits[0] === undefined || !Number.isFinite(lowestStack)) return;
  const offset = shared.cellOf[analysis.stackPointer];
  const base =
    offset === undefined ? driver.thread.guests[0].stackBase() : new Uint32Array(memories.cells.buffer)[offset / 4];
  if (!Number.isFinite(base) || lowestStack >= base) return;
  // Frames of several callers can be stacked on one stack.
  const depth = (base - lowestStack) * (wholeInstance ? callers.length : 1);
  state.setDead(0, Math.max(0, Math.floor((base - depth) / 4)), Math.ceil(base / 4));
}
