/** The direct effects of every node of the call graph, from what the scan found and what was put together over calls. */

import type { Module } from '../wasm/module.ts';
import { type DerivedFacts, HERE } from './address/derivedFacts.ts';
import { setBit } from './bits.ts';
import { cellOf, type Effect } from './cells.ts';
import type { EffectUse, FinalEffects } from './finalEffects.ts';
import type { CallGraph, FunctionFacts } from './model.ts';
import { functionOffset } from './scan.ts';
import type { ScanResult } from './scanContext.ts';

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
    const out = isExported.has(node);
    const note = (id: number): void => {
      used[id] = 1;
      if (out) exported[id] = 1;
    };
    if (node + 1 < scan.factStart.length)
      for (let i = scan.factStart[node]; i < scan.factStart[node + 1]; i++) note(scan.factEffect[i]);
    for (let i = derived.start[node]; i < derived.end[node]; i++) note(derived.effect[i]);
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
  const most = scan.factEffect.length + derived.effect.length + graph.nodes;
  const start = new Uint32Array(graph.nodes + 1);
  const effect = new Uint32Array(most);
  const site = new Uint32Array(most);
  const direct = new Uint8Array(most);
  const originNode = new Uint32Array(most);
  const originEffect = new Uint32Array(most);
  let length = 0;
  const seen = new Int32Array(effects.length).fill(-1);
  const seenDerived = new Int32Array(effects.length).fill(-1);
  for (let node = 0; node < graph.nodes; node++) {
    start[node] = length;
    const add = (id: number, offset: number, sure: number, from: number, fromEffect: number) => {
      const key = 2 * node + sure;
      // What a call does stands beside what the function does itself: a guard may hold for one and not for the other.
      const known = from === OWN ? seen : seenDerived;
      if (known[id] === key || known[id] === 2 * node + 1) return;
      known[id] = key;
      effect[length] = id;
      site[length] = offset;
      direct[length] = sure;
      originNode[length] = from;
      originEffect[length++] = fromEffect;
    };
    const own = (id: number, offset: number) => add(id, offset, 1, OWN, 0);
    if (node >= graph.functions) {
      if (graph.virtual[node - graph.functions].kind === 'host-unknown') own(hostId, 0);
    } else if (unknown.has(node)) {
      own(anythingId, functionOffset(module, node));
    } else {
      for (let i = scan.factStart[node]; i < scan.factStart[node + 1]; i++)
        own(of[scan.factEffect[i]], scan.factSite[i]);
    }
    for (let i = derived.start[node]; i < derived.end[node]; i++) {
      const from = derived.originNode[i];
      const fromEffect = from === HERE ? 0 : of[derived.originEffect[i]];
      add(of[derived.effect[i]], derived.site[i], derived.direct[i], from, fromEffect);
    }
  }
  start[graph.nodes] = length;
  return {
    start,
    effect: effect.slice(0, length),
    site: site.slice(0, length),
    direct: direct.slice(0, length),
    originNode: originNode.slice(0, length),
    originEffect: originEffect.slice(0, length),
  };
}

/**
 * Whether an effect is one of its function alone: at a place that the function's own parameters give. Its callers have
 * what becomes of it with their arguments.
 */
export const isRelative = ({ cell }: Effect): boolean => cell.address?.base === 'parameter';

/** Bitset rows of the direct effects of every node, without those that are relative to its parameters. */
export function closedRows(
  graph: CallGraph,
  facts: FunctionFacts,
  effects: readonly Effect[],
  words: number,
  directOnly: boolean,
): Uint32Array {
  const rows = new Uint32Array(graph.nodes * words);
  const relative = effects.map(isRelative);
  for (let node = 0; node < graph.nodes; node++) {
    for (let i = facts.start[node]; i < facts.start[node + 1]; i++)
      if (!relative[facts.effect[i]] && (!directOnly || facts.direct[i] === 1))
        setBit(rows, node * words, facts.effect[i]);
  }
  return rows;
}

/** Adds to the rows of functions what is relative to their parameters. */
export function addRelative(
  rows: Uint32Array,
  graph: CallGraph,
  facts: FunctionFacts,
  effects: readonly Effect[],
  words: number,
  directOnly: boolean,
): Uint32Array {
  const relative = effects.map(isRelative);
  for (let node = 0; node < graph.functions; node++) {
    for (let i = facts.start[node]; i < facts.start[node + 1]; i++)
      if (relative[facts.effect[i]] && (!directOnly || facts.direct[i] === 1))
        setBit(rows, node * words, facts.effect[i]);
  }
  return rows;
}
