/** The direct effects of every node of the call graph, from what the scan found and what was put together over calls. */

import type { Module } from '../wasm/module.ts';
import type { Components } from './address/components.ts';
import { type DerivedFacts, HERE } from './address/derivedFacts.ts';
import { setBit } from './bits.ts';
import { cellOf, type Effect } from './cells.ts';
import type { EffectUse, FinalEffects } from './finalEffects.ts';
import type { CallGraph, FunctionFacts } from './model.ts';
import { functionOffset } from './scan.ts';
import type { ScanResult } from './scanContext.ts';
import { closeOverCalls } from './summaries.ts';

/** `FunctionFacts.originNode` of what a node does itself. */
export const OWN = HERE;

/** Which raw effects the facts of a module name. */
export function effectUse(module: Module, scan: ScanResult, derived: DerivedFacts): EffectUse {
  const count = scan.table.effects.length;
  const used = new Uint8Array(count);
  const exported = new Uint8Array(count);
  const isExported = new Set(module.exports.flatMap((e) => (e.kind === 'func' ? [e.index] : [])));
  for (const id of scan.hostCall) used[id] = 1;
  for (let node = 0; node < derived.start.length; node++) {
    const isOut = isExported.has(node);
    if (node + 1 < scan.factStart.length)
      for (let i = scan.factStart[node]; i < scan.factStart[node + 1]; i++) {
        used[scan.factEffect[i]] = 1;
        if (isOut) exported[scan.factEffect[i]] = 1;
      }
    for (let i = derived.start[node]; i < derived.end[node]; i++) {
      used[derived.effect[i]] = 1;
      if (isOut) exported[derived.effect[i]] = 1;
    }
  }
  return { used, exported };
}

/**
 * Facts with final effect ids, with rows for virtual nodes: an indirect call that may reach unknown code is an access
 * of "any host function". A function that could not be read may touch anything. Appends to `effects`.
 */
export function functionFacts(
  module: Module,
  scan: ScanResult,
  graph: CallGraph,
  { effects, of }: FinalEffects,
  derived: DerivedFacts,
): FunctionFacts {
  const hostUnknown: Effect = { cell: cellOf('host-unknown'), access: 'write' };
  const anything: Effect = { cell: cellOf('anything'), access: 'write' };
  const unknown = new Set(scan.unknownFunctions);
  const needsHost = graph.virtual.some((v) => v.kind === 'host-unknown');
  const hostId = needsHost ? effects.push(hostUnknown) - 1 : -1;
  const anythingId = unknown.size > 0 ? effects.push(anything) - 1 : -1;
  const seen = new Int32Array(effects.length).fill(-1);
  const seenDerived = new Int32Array(effects.length).fill(-1);
  const start = new Uint32Array(graph.nodes + 1);
  /** Finds the facts, and fills the columns with them in a second round: then it is known how many there are. */
  const collect = (round: number, columns: FunctionFacts | undefined): number => {
    let length = 0;
    /** Whether a fact is new to its node; what is sure makes an unsure one superfluous. */
    const isNew = (known: Int32Array, id: number, node: number, sure: number): boolean => {
      const key = 2 * (round * graph.nodes + node);
      if (known[id] === key + sure || known[id] === key + 1) return false;
      known[id] = key + sure;
      return true;
    };
    const own = (node: number, id: number, offset: number): void => {
      if (!isNew(seen, id, node, 1)) return;
      if (columns !== undefined) {
        columns.effect[length] = id;
        columns.site[length] = offset;
        columns.direct[length] = 1;
        columns.originNode[length] = OWN;
      }
      length++;
    };
    for (let node = 0; node < graph.nodes; node++) {
      start[node] = length;
      if (node >= graph.functions) {
        if (graph.virtual[node - graph.functions].kind === 'host-unknown') own(node, hostId, 0);
      } else if (unknown.has(node)) {
        own(node, anythingId, functionOffset(module, node));
      } else {
        for (let i = scan.factStart[node]; i < scan.factStart[node + 1]; i++)
          own(node, of[scan.factEffect[i]], scan.factSite[i]);
      }
      for (let i = derived.start[node]; i < derived.end[node]; i++) {
        const from = derived.originNode[i];
        const id = of[derived.effect[i]];
        // What a call does stands beside what the function does itself: a guard may hold for one and not for the other.
        if (!isNew(from === HERE ? seen : seenDerived, id, node, derived.direct[i])) continue;
        if (columns !== undefined) {
          columns.effect[length] = id;
          columns.site[length] = derived.site[i];
          columns.direct[length] = derived.direct[i];
          columns.originNode[length] = from;
          columns.originEffect[length] = from === HERE ? 0 : of[derived.originEffect[i]];
        }
        length++;
      }
    }
    start[graph.nodes] = length;
    return length;
  };
  const length = collect(0, undefined);
  const facts = {
    start,
    effect: new Uint32Array(length),
    site: new Uint32Array(length),
    direct: new Uint8Array(length),
    originNode: new Uint32Array(length),
    originEffect: new Uint32Array(length),
  };
  collect(1, facts);
  return facts;
}

/**
 * Whether an effect is one of its function alone: at a place that the function's own parameters give. Its callers have
 * what becomes of it with their arguments.
 */
export const isRelative = ({ cell }: Effect): boolean => cell.address?.base === 'parameter';

/** Bitset rows of what every node reaches: at all, and by direct calls alone. */
export interface ReachedEffects {
  reached: Uint32Array;
  reachedDirectly: Uint32Array;
}

/**
 * Closes the facts of all nodes over the calls. What is relative to the parameters of a function is in its own row only.
 * `components` are those of all nodes.
 */
export function reachedEffects(
  graph: CallGraph,
  { start, effect, direct }: FunctionFacts,
  effects: readonly Effect[],
  words: number,
  components: Components,
): ReachedEffects {
  const reached = new Uint32Array(graph.nodes * words);
  const reachedDirectly = new Uint32Array(graph.nodes * words);
  const relative = Uint8Array.from(effects, (one) => (isRelative(one) ? 1 : 0));
  const add = (nodes: number, wanted: number): void => {
    for (let node = 0; node < nodes; node++)
      for (let i = start[node]; i < start[node + 1]; i++) {
        if (relative[effect[i]] !== wanted) continue;
        setBit(reached, node * words, effect[i]);
        if (direct[i] === 1) setBit(reachedDirectly, node * words, effect[i]);
      }
  };
  add(graph.nodes, 0);
  closeOverCalls(graph, reachedDirectly, words, graph.functions);
  closeOverCalls(graph, reached, words, graph.nodes, components);
  add(graph.functions, 1);
  return { reached, reachedDirectly };
}
