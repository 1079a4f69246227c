/** The call graph backwards: who calls a function, and which exports reach it. */
import type { Analysis, CallGraph } from './model.ts';
import { type ReverseGraph, reverseGraph } from './witness.ts';

const reversed = new WeakMap<CallGraph, ReverseGraph>();

/** Rows of callers by callee; made once, with the first question. */
function callersOf(graph: CallGraph): ReverseGraph {
  let known = reversed.get(graph);
  if (known === undefined) {
    known = reverseGraph(graph);
    reversed.set(graph, known);
  }
  return known;
}

/** Functions that call `func` themselves: directly, or through a table. At most `limit`. */
export function callersOfFunction(
  analysis: Analysis,
  func: number,
  limit: number,
): { direct: number[]; indirect: boolean } {
  const { start, source } = callersOf(analysis.graph);
  const direct: number[] = [];
  let indirect = false;
  for (let i = start[func]; i < start[func + 1]; i++) {
    if (source[i] >= analysis.graph.functions) indirect = true;
    else if (direct.length < limit) direct.push(source[i]);
  }
  return { direct, indirect };
}

/** Positions in `analysis.exports` of the exports that reach `func`, in order. */
export function exportsThatReach(analysis: Analysis, func: number): number[] {
  const { start, source } = callersOf(analysis.graph);
  const seen = new Uint8Array(analysis.graph.nodes);
  const queue = [func];
  seen[func] = 1;
  for (let node = queue.pop(); node !== undefined; node = queue.pop()) {
    for (let i = start[node]; i < start[node + 1]; i++) {
      if (seen[source[i]] !== 0) continue;
      seen[source[i]] = 1;
      queue.push(source[i]);
    }
  }
  const positions: number[] = [];
  analysis.exports.forEach((exported, position) => {
    if (seen[exported.func] !== 0) positions.push(position);
  });
  return positions;
}

/** A call between two functions: `func` is the other one. */
export interface CallEdge {
  func: number;
  /** Byte offset of the (first) call instruction. */
  site: number;
  /** It goes through a table or a reference: a call that is possible by its type. */
  isIndirect: boolean;
}

/** Functions that call `func`, each once; at most `limit`. */
export function callsTo({ graph }: Analysis, func: number, limit: number): CallEdge[] {
  const { start, source, edge } = callersOf(graph);
  const found = new Map<number, CallEdge>();
  const add = (caller: number, site: number, isIndirect: boolean): void => {
    if (found.size < limit && (!found.has(caller) || !isIndirect))
      found.set(caller, { func: caller, site, isIndirect });
  };
  for (let i = start[func]; i < start[func + 1]; i++) {
    if (source[i] < graph.functions) add(source[i], graph.site[edge[i]], false);
    else
      for (let j = start[source[i]]; j < start[source[i] + 1]; j++)
        if (source[j] < graph.functions) add(source[j], graph.site[edge[j]], true);
  }
  return [...found.values()];
}

/** Functions that `func` calls, each once, without imported ones; at most `limit`. */
export function callsFrom({ graph }: Analysis, func: number, limit: number): CallEdge[] {
  const found = new Map<number, CallEdge>();
  const add = (callee: number, site: number, isIndirect: boolean): void => {
    if (found.size < limit && (!found.has(callee) || !isIndirect))
      found.set(callee, { func: callee, site, isIndirect });
  };
  for (let e = graph.start[func]; e < graph.start[func + 1]; e++) {
    const target = graph.target[e];
    if (target < graph.functions) add(target, graph.site[e], false);
    else
      for (let i = graph.start[target]; i < graph.start[target + 1]; i++)
        if (graph.target[i] < graph.functions) add(graph.target[i], graph.site[e], true);
  }
  return [...found.values()];
}
