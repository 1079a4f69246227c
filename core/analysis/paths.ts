/** Shortest call paths from one function to several effects, found in one walk over what it reaches. */
import { isRelative } from './functionFacts.ts';
import type { Analysis } from './model.ts';
import { onward } from './witness.ts';

/** A call path from a function to an access site. */
export interface Path {
  /** Functions from the starting one to the accessing one. */
  path: number[];
  /** Byte offset of the call that leaves `path[i]` for `path[i + 1]`. */
  callSites: number[];
  site: { func: number; offset: number };
}

const UNSEEN = -1;
const START = -2;

/**
 * Path to the nearest access with each of `effects`, by effect id. Effects that `func` does not reach have no entry.
 */
export function pathsTo(analysis: Analysis, func: number, effects: readonly number[]): Map<number, Path> {
  const { graph, facts } = analysis;
  const wanted = new Set(effects);
  const found = new Map<number, Path>();
  /** Edge by which each node was entered, or `UNSEEN`, or `START`. */
  const entered = new Int32Array(graph.nodes).fill(UNSEEN);
  const from = new Uint32Array(graph.nodes);
  entered[func] = START;
  const queue = [func];
  for (let head = 0; head < queue.length && wanted.size > 0; head++) {
    const node = queue[head];
    for (let row = facts.start[node]; row < facts.start[node + 1]; row++) {
      const effect = facts.effect[row];
      if (node !== func && isRelative(analysis.effects[effect])) continue;
      if (!wanted.delete(effect)) continue;
      found.set(effect, pathBack(analysis, node, row, entered, from));
    }
    for (let edge = graph.start[node]; edge < graph.start[node + 1]; edge++) {
      const target = graph.target[edge];
      if (entered[target] !== UNSEEN) continue;
      entered[target] = edge;
      from[target] = node;
      queue.push(target);
    }
  }
  return found;
}

function pathBack({ graph, facts }: Analysis, end: number, row: number, entered: Int32Array, from: Uint32Array): Path {
  const path: number[] = [];
  const callSites: number[] = [];
  for (let node = end; ; node = from[node]) {
    // Virtual nodes represent calls through a table: the call is in the function before them.
    if (node < graph.functions) path.unshift(node);
    if (entered[node] === START) break;
    if (from[node] < graph.functions) callSites.unshift(graph.site[entered[node]]);
  }
  const last = onward(facts, end, row, (caller, site, callee) => {
    if (caller < graph.functions) callSites.push(site);
    if (callee < graph.functions) path.push(callee);
  });
  // An access "by" a virtual node is the indirect call itself.
  const site = last.node < graph.functions ? last.site : (callSites.pop() ?? 0);
  return { path, callSites, site: { func: path[path.length - 1], offset: site } };
}
