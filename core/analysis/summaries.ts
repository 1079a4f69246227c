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
  /** By node: 0 before its component is done, then the number of the last component that has its row, plus one. */
  const last = new Uint32Array(limit);
  for (let i = 0; i + 1 < start.length; i++) {
    const [first, end] = [start[i], start[i + 1]];
    const rootRow = nodes[first] * words;
    for (let k = first; k < end; k++) {
      const member = nodes[k];
      if (k > first) addRow(own, rootRow, member * words, words);
      for (let e = graph.start[member]; e < graph.start[member + 1]; e++) {
        const next = graph.target[e];
        // Many functions of one component call the same ones.
        if (next >= limit || last[next] === 0 || last[next] === i + 1) continue;
        last[next] = i + 1;
        addRow(own, rootRow, next * words, words);
      }
    }
    for (let k = first; k < end; k++) {
      const member = nodes[k];
      if (k > first) own.copyWithin(member * words, rootRow, rootRow + words);
      last[member] = i + 1;
    }
  }
  return own;
}

/** A function of its own: the engine leaves its code for a loop in a loop each time that the inner one ends. */
function addRow(rows: Uint32Array, to: number, from: number, words: number): void {
  for (let w = 0; w < words; w++) rows[to + w] |= rows[from + w];
}
