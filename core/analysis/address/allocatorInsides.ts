/**
 * What allocators do at addresses that nobody can follow, in lists and trees of free blocks, is done to their own state: they
 * find these blocks through pointers that they keep in static data. A live block of somebody else is none of their business
 * (an assumption: see docs/limits.md), except for the one that they are given.
 */
import { BASE_MASK, Base, packed } from '../abstractValue.ts';
import type { Allocators } from '../allocators.ts';
import type { CallGraph } from '../model.ts';
import type { ScanResult } from '../scanContext.ts';

/** The code of the allocators of a module, and where they keep their pointers. */
export interface AllocatorInsides {
  /** The functions that allocate and free, and those that only they call. */
  readonly functions: ReadonlySet<number>;
  /** Packed base of what these pointers lead to. */
  readonly base: number;
}

/** Functions that belong to allocators, beyond which no more are looked for. */
const MOST_FUNCTIONS = 256;

/** Finds it, and gives the facts of these functions that are at unknown addresses the place of the allocators' state. */
export function allocatorInsides(
  scan: ScanResult,
  graph: CallGraph,
  { allocates, frees, reallocates }: Allocators,
  exported: ReadonlySet<number>,
  staticFrom: number,
): AllocatorInsides {
  const imported = scan.hostCall.length;
  const functions = new Set([...allocates, ...frees, ...reallocates].filter((func) => func >= imported));
  addHelpers(functions, graph, exported, imported);
  const { effects } = scan.table;
  let lowest = Infinity;
  let relocated = false;
  for (const func of functions)
    for (let i = scan.factStart[func]; i < scan.factStart[func + 1]; i++) {
      const { kind, base, start } = effects[scan.factEffect[i]];
      if (kind !== 'memory') continue;
      if (base === Base.Constant && start >= staticFrom) lowest = Math.min(lowest, start);
      else if ((base & BASE_MASK) === Base.Immutable) relocated = true;
    }
  // Without static data it keeps nothing: it has the memory from somewhere else.
  if (!Number.isFinite(lowest) && !relocated) functions.clear();
  const base = packed(Base.Contents, Number.isFinite(lowest) ? lowest : staticFrom);
  for (const func of functions)
    for (let i = scan.factStart[func]; i < scan.factStart[func + 1]; i++) {
      const { kind, base: at, form } = effects[scan.factEffect[i]];
      if (kind === 'memory' && (at & BASE_MASK) === Base.Unknown) scan.factEffect[i] = scan.table.at(form, base);
    }
  return { functions, base };
}

/** Adds functions that only those in `functions` call, by name. */
function addHelpers(functions: Set<number>, graph: CallGraph, exported: ReadonlySet<number>, imported: number): void {
  if (functions.size === 0) return;
  const { start, target } = graph;
  /** Callers that are no members, of each callee of a member. */
  const work = [...functions];
  const candidates = new Set<number>();
  for (let func = work.pop(); func !== undefined; func = work.pop())
    for (let e = start[func]; e < start[func + 1]; e++) {
      const callee = target[e];
      if (callee < imported || callee >= graph.functions || functions.has(callee) || candidates.has(callee)) continue;
      if (exported.has(callee) || candidates.size >= MOST_FUNCTIONS) continue;
      candidates.add(callee);
      work.push(callee);
    }
  // What somebody else calls is none of them, and neither is what such a function calls.
  const drop = (node: number): void => {
    for (let e = start[node]; e < start[node + 1]; e++) if (candidates.delete(target[e])) work.push(target[e]);
  };
  for (let node = 0; node < graph.nodes && candidates.size > 0; node++)
    if (!functions.has(node) && !candidates.has(node)) drop(node);
  for (let func = work.pop(); func !== undefined; func = work.pop()) drop(func);
  for (const func of candidates) functions.add(func);
}
