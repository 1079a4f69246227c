/**
 * Which words could be locks at all, by the facts alone. Most modules with a shared memory have none: then no body has to be
 * followed.
 */
import type { Module } from '../../wasm/module.ts';
import type { Effect } from '../cells.ts';
import { constantOf } from '../constants.ts';
import { isRelative, OWN } from '../functionFacts.ts';
import type { GuardInput } from '../onceGuards.ts';
import { callees } from './lockBodies.ts';

type Range = readonly [start: number, end: number];

/**
 * Functions that change words atomically which could be locks, themselves or through a callee that is given the address. A
 * lock is at a fixed address in a shared memory, and nothing else writes there: neither code by plain stores, unless a guard
 * orders them (`settled`), nor an active data segment.
 */
export function lockTouchers(
  module: Module,
  { effects, facts, graph, memories }: GuardInput,
  settled: ReadonlyMap<number, boolean>,
): Set<number> {
  const found = new Set<number>();
  const atomics: number[] = [];
  effects.forEach((effect, id) => {
    if (
      effect.access === 'atomic-write' &&
      memories[effect.cell.index ?? -1]?.shared &&
      fixedRange(effect) !== undefined
    )
      atomics.push(id);
  });
  if (atomics.length === 0) return found;
  const inUse = new Uint8Array(effects.length);
  for (const id of facts.effect) inUse[id] = 1;
  const written = memories.map((_, memory) => writtenRanges(module, effects, memory, inUse, settled));
  const isCandidate = new Uint8Array(effects.length);
  let some = false;
  for (const id of atomics) {
    const range = fixedRange(effects[id]);
    if (inUse[id] === 0 || range === undefined || covers(written[effects[id].cell.index ?? 0], range)) continue;
    isCandidate[id] = 1;
    some = true;
  }
  if (!some) return found;
  const passes = effects.map((effect) => effect.access === 'atomic-write' && isRelative(effect));
  const has = (func: number, wanted: (row: number) => boolean): boolean => {
    for (let row = facts.start[func]; row < facts.start[func + 1]; row++) if (wanted(row)) return true;
    return false;
  };
  const work: number[] = [];
  for (let func = module.functions.imported; func < graph.functions; func++) {
    if (!has(func, (row) => isCandidate[facts.effect[row]] === 1)) continue;
    found.add(func);
    // The facts name one callee only of those that do the same with the address.
    if (has(func, (row) => isCandidate[facts.effect[row]] === 1 && facts.originNode[row] !== OWN)) work.push(func);
  }
  const asked = new Set(work);
  for (let func = work.pop(); func !== undefined; func = work.pop())
    for (const callee of callees({ graph }, func)) {
      if (asked.has(callee)) continue;
      asked.add(callee);
      if (callee < module.functions.imported || !has(callee, (row) => passes[facts.effect[row]])) continue;
      found.add(callee);
      work.push(callee);
    }
  return found;
}

/** The bytes of an access of a memory at an address that is fixed; undefined for others. */
function fixedRange({ cell: { kind, address } }: Effect): Range | undefined {
  if (kind !== 'memory' || address?.base !== 'static' || address.global !== undefined) return undefined;
  return address.loose === true || address.stride !== undefined ? undefined : [address.start, address.end];
}

/** What plain stores and active segments write at fixed addresses of a memory, in order. */
function writtenRanges(
  module: Module,
  effects: readonly Effect[],
  memory: number,
  inUse: Uint8Array,
  settled: ReadonlyMap<number, boolean>,
): Range[] {
  const ranges: Range[] = [];
  effects.forEach((effect, id) => {
    if (effect.access !== 'write' || effect.cell.index !== memory || inUse[id] === 0 || settled.has(id)) return;
    const range = fixedRange(effect);
    if (range !== undefined) ranges.push(range);
  });
  for (const { mode, memory: target, offsetExpr, start, end } of module.data) {
    const at = mode === 'active' && target === memory && offsetExpr !== undefined && constantOf(module, offsetExpr);
    if (typeof at === 'number') ranges.push([at, at + (end - start)]);
  }
  return ranges.sort((a, b) => a[0] - b[0]);
}

/** Whether ranges, in order, cover all bytes of one. */
function covers(ranges: readonly Range[], [start, end]: Range): boolean {
  let at = start;
  for (const [from, to] of ranges) if (from <= at && to > at) at = to;
  return at >= end;
}
