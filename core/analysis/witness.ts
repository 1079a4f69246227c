/** Shortest call paths to access sites, found backwards from the functions that make the access. */
import { hasBit } from './bits.ts';
import { OWN } from './functionFacts.ts';
import type { CallGraph, Confidence, FunctionFacts } from './model.ts';

/** Callers of each node in compressed rows, with the position of the edge in the forward graph. */
export interface ReverseGraph {
  start: Uint32Array;
  source: Uint32Array;
  edge: Uint32Array;
}

/** Reverses the edges of a call graph. */
export function reverseGraph(graph: CallGraph): ReverseGraph {
  const start = new Uint32Array(graph.nodes + 2);
  const edges = graph.start[graph.nodes];
  for (let e = 0; e < edges; e++) start[graph.target[e] + 2]++;
  for (let n = 0; n < graph.nodes; n++) start[n + 2] += start[n + 1];
  const source = new Uint32Array(edges);
  const edge = new Uint32Array(edges);
  for (let node = 0; node < graph.nodes; node++) {
    for (let e = graph.start[node]; e < graph.start[node + 1]; e++) {
      const at = start[graph.target[e] + 1]++;
      source[at] = node;
      edge[at] = e;
    }
  }
  return { start, source, edge };
}

/** `PathForest.next` at nodes that have the effect themselves. */
const HERE = -1;
/** `PathForest.next` at nodes that do not reach the effect. */
const UNREACHED = -2;

/** Forest of shortest paths to the nearest node that has one of some effects. */
export interface PathForest {
  /** Edge to follow from each node, `HERE` or `UNREACHED`. */
  next: Int32Array;
  /** At nodes that have the effect: position in `FunctionFacts`. */
  fact: Int32Array;
  /** Position of an effect that a node has for itself alone, at an address that its parameters give; -1: none. */
  own: Int32Array;
}

/** Whether a node has one of the effects of a forest, or reaches it. */
export const reaches = ({ next, own }: PathForest, node: number): boolean => next[node] !== UNREACHED || own[node] >= 0;

/**
 * Breadth-first from all nodes with an effect in `wanted`, against the calls: every node gets a path with the fewest
 * calls, of any kind. Effects in `relative` are those of their function alone, see `isRelative`.
 */
export function pathForest(
  graph: CallGraph,
  reverse: ReverseGraph,
  facts: FunctionFacts,
  wanted: Uint32Array,
  relative?: Uint32Array,
): PathForest {
  const next = new Int32Array(graph.nodes).fill(UNREACHED);
  const fact = new Int32Array(graph.nodes).fill(-1);
  const own = new Int32Array(graph.nodes).fill(-1);
  const queue = new Uint32Array(graph.nodes);
  let tail = 0;
  for (let node = 0; node < graph.nodes; node++) {
    for (let i = facts.start[node]; i < facts.start[node + 1]; i++) {
      if (!hasBit(wanted, 0, facts.effect[i])) continue;
      if (relative !== undefined && hasBit(relative, 0, facts.effect[i])) {
        if (own[node] < 0) own[node] = i;
        continue;
      }
      next[node] = HERE;
      fact[node] = i;
      queue[tail++] = node;
      break;
    }
  }
  for (let head = 0; head < tail; head++) {
    const node = queue[head];
    for (let i = reverse.start[node]; i < reverse.start[node + 1]; i++) {
      const caller = reverse.source[i];
      if (next[caller] !== UNREACHED) continue;
      next[caller] = reverse.edge[i];
      queue[tail++] = caller;
    }
  }
  return { next, fact, own };
}

/** A shortest call path to an access: functions, the call sites between them, and the site of the access. */
export interface WitnessPath {
  path: number[];
  callSites: number[];
  site: { func: number; offset: number };
  effect: number;
  /** Of the path alone: `definite` on direct calls, `likely` by type, `possible` through unknown code. */
  confidence: Confidence;
}

/** Walks a forest from function `func`; undefined if it reaches none of the effects. */
export function walk(
  graph: CallGraph,
  facts: FunctionFacts,
  forest: PathForest,
  func: number,
): WitnessPath | undefined {
  if (!reaches(forest, func)) return undefined;
  const path = [func];
  const callSites: number[] = [];
  let confidence: Confidence = 'definite';
  const enter = (target: number): void => {
    if (target < graph.functions) {
      path.push(target);
      return;
    }
    const { kind } = graph.virtual[target - graph.functions];
    if (kind === 'host-unknown') confidence = 'possible';
    else if (confidence === 'definite') confidence = 'likely';
  };
  let node = func;
  const alone = forest.own[func] >= 0 && forest.next[func] !== HERE;
  while (!alone && forest.next[node] !== HERE) {
    const edge = forest.next[node];
    if (node < graph.functions) callSites.push(graph.site[edge]);
    node = graph.target[edge];
    enter(node);
  }
  const fact = alone ? forest.own[func] : forest.fact[node];
  const end = onward(facts, node, fact, (from, site, to) => {
    if (from < graph.functions) callSites.push(site);
    enter(to);
  });
  // An access "by" a virtual node is the indirect call itself.
  const offset = end.node < graph.functions ? end.site : (callSites.pop() ?? 0);
  return { path, callSites, site: { func: path[path.length - 1], offset }, effect: facts.effect[fact], confidence };
}

/** Longest chain of calls that a derived effect is followed through. */
const MOST_CALLS = 100;

/**
 * Follows an effect that a call has at its arguments to the access itself: calls `step` for each call on the way. Returns
 * the node that has the access, and where.
 */
export function onward(
  facts: FunctionFacts,
  from: number,
  fact: number,
  step: (from: number, site: number, to: number) => void,
): { node: number; site: number } {
  let [node, at] = [from, fact];
  for (let calls = 0; calls < MOST_CALLS && facts.originNode[at] !== OWN; calls++) {
    const next = facts.originNode[at];
    const wanted = facts.originEffect[at];
    let found = -1;
    for (let i = facts.start[next]; i < facts.start[next + 1] && found < 0; i++)
      if (facts.effect[i] === wanted) found = i;
    if (found < 0) break;
    step(node, facts.site[at], next);
    [node, at] = [next, found];
  }
  return { node, site: facts.site[at] };
}
