/** Strongly connected components of a call graph (Tarjan's algorithm, iterative, since call chains can be arbitrarily deep). */
import type { CallGraph } from '../model.ts';

/** Components, callees before callers: component `i` is `nodes[start[i]]` to `nodes[start[i + 1] - 1]`. */
export interface Components {
  nodes: Uint32Array;
  start: number[];
}

/** The components of the nodes below `limit`, over edges to nodes below it. */
export function componentsOf(graph: CallGraph, limit: number): Components {
  const { start, target } = graph;
  const order = new Uint32Array(limit);
  const low = new Uint32Array(limit);
  const done = new Uint8Array(limit);
  const cursor = new Uint32Array(limit);
  const path = new Uint32Array(limit);
  const open = new Uint32Array(limit);
  const nodes = new Uint32Array(limit);
  const starts: number[] = [];
  let found = 0;
  let time = 0;
  let height = 0;
  let opened = 0;
  const enter = (node: number): void => {
    order[node] = low[node] = ++time;
    cursor[node] = start[node];
    path[height++] = node;
    open[opened++] = node;
  };
  for (let root = 0; root < limit; root++) {
    if (order[root] !== 0) continue;
    enter(root);
    while (height > 0) {
      const node = path[height - 1];
      if (cursor[node] < start[node + 1]) {
        const next = target[cursor[node]++];
        if (next >= limit) continue;
        if (order[next] === 0) enter(next);
        else if (!done[next] && order[next] < low[node]) low[node] = order[next];
        continue;
      }
      height--;
      if (height > 0 && low[node] < low[path[height - 1]]) low[path[height - 1]] = low[node];
      if (low[node] !== order[node]) continue;
      starts.push(found);
      for (;;) {
        const member = open[--opened];
        done[member] = 1;
        nodes[found++] = member;
        if (member === node) break;
      }
    }
  }
  starts.push(found);
  return { nodes, start: starts };
}
