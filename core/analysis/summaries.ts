/**
 * Effects that each function reaches: the union over the call graph, one strongly connected component at a time
 * (Tarjan's algorithm, iterative, since call chains can be arbitrarily deep).
 */
import type { CallGraph } from './model.ts';

/**
 * Bitset rows of `words` words for every node: its own bits and those of all nodes that it reaches through edges to
 * nodes below `limit`. `own` holds the direct bits; it is overwritten and returned.
 */
export function closeOverCalls(graph: CallGraph, own: Uint32Array, words: number, limit: number): Uint32Array {
  const { nodes, start, target } = graph;
  const order = new Uint32Array(nodes);
  const low = new Uint32Array(nodes);
  const done = new Uint8Array(nodes);
  const component: number[] = [];
  const path: number[] = [];
  const cursor = new Uint32Array(nodes);
  let time = 0;
  for (let root = 0; root < Math.min(nodes, limit); root++) {
    if (order[root] !== 0) continue;
    order[root] = low[root] = ++time;
    cursor[root] = start[root];
    path.push(root);
    component.push(root);
    while (path.length > 0) {
      const node = path[path.length - 1];
      if (cursor[node] < start[node + 1]) {
        const next = target[cursor[node]++];
        if (next >= limit) continue;
        if (order[next] === 0) {
          order[next] = low[next] = ++time;
          cursor[next] = start[next];
          path.push(next);
          component.push(next);
        } else if (!done[next] && order[next] < low[node]) {
          low[node] = order[next];
        }
        continue;
      }
      path.pop();
      if (path.length > 0 && low[node] < low[path[path.length - 1]]) low[path[path.length - 1]] = low[node];
      if (low[node] === order[node]) closeComponent(graph, own, words, limit, component, node, done);
    }
  }
  return own;
}

/** Pops the component of `root` off the stack and gives all its members the union of their rows. */
function closeComponent(
  graph: CallGraph,
  own: Uint32Array,
  words: number,
  limit: number,
  component: number[],
  root: number,
  done: Uint8Array,
): void {
  const first = component.lastIndexOf(root);
  const rootRow = root * words;
  for (let i = first; i < component.length; i++) {
    const member = component[i];
    if (member !== root) for (let w = 0; w < words; w++) own[rootRow + w] |= own[member * words + w];
    for (let e = graph.start[member]; e < graph.start[member + 1]; e++) {
      const next = graph.target[e];
      if (next >= limit || !done[next]) continue;
      const row = next * words;
      for (let w = 0; w < words; w++) own[rootRow + w] |= own[row + w];
    }
  }
  for (let i = first; i < component.length; i++) {
    const member = component[i];
    if (member !== root) own.copyWithin(member * words, rootRow, rootRow + words);
    done[member] = 1;
  }
  component.length = first;
}
