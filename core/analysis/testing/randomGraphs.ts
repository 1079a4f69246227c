/**
 * For tests: random call graphs with cycles and virtual nodes, and straightforward computations of their properties.
 */

import type { Random } from '../../testing/random.ts';
import { wordsFor } from '../bits.ts';
import { OWN } from '../functionFacts.ts';
import type { CallGraph, FunctionFacts } from '../model.ts';

/** Functions call functions and virtual nodes; virtual nodes have functions only. */
export function randomGraph(next: Random): CallGraph {
  const functions = 1 + next(24);
  const nodes = functions + next(4);
  const density = 1 + next(4);
  const start = new Uint32Array(nodes + 1);
  const target: number[] = [];
  const site: number[] = [];
  for (let node = 0; node < nodes; node++) {
    start[node] = target.length;
    const targets = new Set<number>();
    for (let n = next(density + 1); n > 0; n--) targets.add(next(node < functions ? nodes : functions));
    for (const t of targets) {
      target.push(t);
      site.push(node < functions ? 1000 * node + t : 0);
    }
  }
  start[nodes] = target.length;
  const virtual = Array.from({ length: nodes - functions }, (_, i) => ({
    table: i,
    type: 0,
    kind: next(2) === 0 ? ('type-matched' as const) : ('host-unknown' as const),
  }));
  return {
    functions,
    nodes,
    start,
    target: Uint32Array.from(target),
    site: Uint32Array.from(site),
    virtual,
    onlyByHost: new Set(),
  };
}

/** Targets of the edges of a node, in order. */
export const targetsOf = (graph: CallGraph, node: number): number[] => [
  ...graph.target.subarray(graph.start[node], graph.start[node + 1]),
];

/** Number of edges from `from` to every node, through nodes below `limit` only; -1 where there is no path. */
export function distances(graph: CallGraph, from: number, limit: number): number[] {
  const distance = new Array<number>(graph.nodes).fill(-1);
  distance[from] = 0;
  let level = [from];
  while (level.length > 0) {
    const further: number[] = [];
    for (const node of level) {
      for (const t of targetsOf(graph, node)) {
        if (t >= limit || distance[t] >= 0) continue;
        distance[t] = distance[node] + 1;
        further.push(t);
      }
    }
    level = further;
  }
  return distance;
}

/** A few of `effects` effects for some of the nodes. */
export function randomFacts(graph: CallGraph, effects: number, next: Random): FunctionFacts {
  const start = new Uint32Array(graph.nodes + 1);
  const effect: number[] = [];
  for (let node = 0; node < graph.nodes; node++) {
    start[node] = effect.length;
    const own = new Set<number>();
    for (let n = next(3); n > 0; n--) own.add(next(effects));
    effect.push(...own);
  }
  start[graph.nodes] = effect.length;
  return {
    start,
    effect: Uint32Array.from(effect),
    site: Uint32Array.from(effect, (_, i) => 100_000 + i),
    direct: new Uint8Array(effect.length).fill(1),
    originNode: new Uint32Array(effect.length).fill(OWN),
    originEffect: new Uint32Array(effect.length),
  };
}

/** Bitset rows of the facts of each node. */
export function rowsOf(graph: CallGraph, facts: FunctionFacts, effects: number): { rows: Uint32Array; words: number } {
  const words = wordsFor(effects);
  const rows = new Uint32Array(graph.nodes * words);
  for (let node = 0; node < graph.nodes; node++) {
    for (const e of facts.effect.subarray(facts.start[node], facts.start[node + 1])) {
      rows[node * words + (e >> 5)] |= 1 << (e & 31);
    }
  }
  return { rows, words };
}
