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
