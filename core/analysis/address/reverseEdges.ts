/** The edges of a call graph the other way round. */
import type { CallGraph } from '../model.ts';

/** Nodes with an edge to node `n`: `caller[start[n]]` to `caller[start[n + 1] - 1]`, once for each edge. */
export interface ReverseEdges {
  start: Uint32Array;
  caller: Uint32Array;
}

/** Finds them. */
export function reversedEdges({ nodes, start, target }: CallGraph): ReverseEdges {
  const starts = new Uint32Array(nodes + 1);
  const caller = new Uint32Array(target.length);
  for (let e = 0; e < target.length; e++) starts[target[e] + 1]++;
  for (let n = 0; n < nodes; n++) starts[n + 1] += starts[n];
  const next = starts.slice();
  for (let n = 0; n < nodes; n++) for (let e = start[n]; e < start[n + 1]; e++) caller[next[target[e]]++] = n;
  return { start: starts, caller };
}
