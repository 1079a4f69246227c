/** Frames that calls left below the stack pointer: bytes that are no longer used do not count as state. */
import type { Driver } from './driver.ts';
import type { HammerPlan } from './hammerPlan.ts';

/**
 * Excludes dead stack from the state, after serial orders and rounds have shown how deep the stack gets. Leaves the base state.
 */
export function markDeadStack(driver: Driver, { analysis, callers }: Pick<HammerPlan, 'analysis' | 'callers'>): void {
  const { start, state, memories, lowestStack, deepest } = driver;
  const { shared, wholeInstance } = start;
  if (shared === undefined || memories === undefined) return;
  driver.deadFrom = Math.min(lowestStack, deepest);
  driver.reset();
  const cellsAt = memories.memories.filter((memory) => memory !== undefined).length;
  // The cell of the lowest stack pointer is bookkeeping.
  state.setDead(cellsAt, shared.lowest / 4, shared.lowest / 4 + 4);
  if (shared.limits[0] === undefined || !Number.isFinite(Math.min(lowestStack, deepest))) return;
  const offset = shared.cellOf[analysis.stackPointer];
  const base =
    offset === undefined ? driver.thread.guests[0].stackBase() : new Uint32Array(memories.cells.buffer)[offset / 4];
  if (!Number.isFinite(base)) return;
  // Frames of several callers can be stacked on one stack; what rounds reached says that already.
  const stacked = base - (base - Math.min(lowestStack, base)) * (wholeInstance ? callers.length : 1);
  const from = Math.max(0, Math.min(stacked, deepest));
  driver.deadFrom = Math.min(from, driver.deadFrom);
  if (from < base) state.setDead(0, Math.floor(from / 4), Math.ceil(base / 4));
}
