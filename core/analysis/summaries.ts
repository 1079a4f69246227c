/**
 * Effects that each function reaches: the union over the call graph, one strongly connected component at a time.
 */
import { type Components, componentsOf } from './address/components.ts';
import type { CallGraph } from './model.ts';

/**
 * Bitset rows of `words` words for every node: its own bits and those of all nodes that it reaches through edges to
 * nodes below `limit`. `own` holds the direct bits; it is overwritten and returned. `components` are those of `limit`, if
 * they are known.
 */
export function closeOverCalls(
  graph: CallGraph,
  own: Uint32Array,
  words: number,
  limit: number,
  components: Components = componentsOf(graph, limit),
): Uint32Array {
  const { nodes, start } = components;
  const done = new Uint8Array(limit);
  for (let i = 0; i + 1 < start.length; i++) {
    const [first, end] = [start[i], start[i + 1]];
    const root = nodes[first];
    const rootRow = root * words;
    for (let k = first; k < end; k++) {
      const member = nodes[k];
      if (member !== root) for (let w = 0; w < words; w++) own[rootRow + w] |= own[member * words + w];
      for (let e = graph.start[member]; e < graph.start[member + 1]; e++) {
        const next = graph.target[e];
        if (next >= limit || !done[next]) continue;
        const row = next * words;
        for (let w = 0; w < words; w++) own[rootRow + w] |= own[row + w];
      }
    }
    for (let k = first; k < end; k++) {
      const member = nodes[k];
      if (member !== root) own.copyWithin(member * words, rootRow, rootRow + words);
      done[member] = 1;
    }
  }
  return own;
}
