/** Where the static data of a module begins, as far as its segments tell. */
import { constantValue } from '../wasm/constantValue.ts';
import type { Module } from '../wasm/module.ts';

/** Linkers leave the first bytes of a memory free, so that no object is at zero. */
const FIRST_ADDRESS = 1024;
/** Segments that are looked at: a hostile module may have very many. */
const MOST_SEGMENTS = 10_000;

/**
 * Lowest address that may be one of static data. Smaller constants are distances in objects rather than addresses: the
 * lowest active segment, at least 1024.
 */
export function staticStart(module: Module): number {
  const found = known.get(module) ?? lowestSegment(module);
  known.set(module, found);
  return found;
}

const known = new WeakMap<Module, number>();

function lowestSegment(module: Module): number {
  let lowest = Infinity;
  for (const { mode, offsetExpr } of module.data.slice(0, MOST_SEGMENTS)) {
    if (mode !== 'active' || offsetExpr === undefined) continue;
    const at = constantValue(module, offsetExpr);
    // A segment at a place that only the host knows.
    if (at === undefined) return FIRST_ADDRESS;
    lowest = Math.min(lowest, at);
  }
  return Number.isFinite(lowest) ? Math.max(lowest, FIRST_ADDRESS) : FIRST_ADDRESS;
}
