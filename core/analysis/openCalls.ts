/**
 * What exports reach only if the host puts an exported function into a table that the module itself never puts it in: it
 * can happen, and nothing shows that it does.
 */
import { hasBit, setBit } from './bits.ts';
import type { CallGraph, FunctionFacts } from './model.ts';
import { closeOverCalls } from './summaries.ts';

/** Functions that are followed one by one; for more of them it is faster to follow all at once. */
const FEW = 8;

/**
 * Whether a function reaches an effect without such a call. Follows the graph when it is asked. `words`: of a bitset of
 * effects.
 */
export function reachedWithoutHost(
  graph: CallGraph,
  facts: FunctionFacts,
  words: number,
): (func: number, effect: number) => boolean {
  if (graph.onlyByHost.size === 0) return () => true;
  const byHost = new Uint8Array(graph.nodes);
  for (const func of graph.onlyByHost) byHost[func] = 1;
  const known = new Map<number, Uint32Array>();
  let all: Uint32Array | undefined;
  return (func, effect) => {
    if (all !== undefined) return hasBit(all, func * words, effect);
    let effects = known.get(func);
    if (effects === undefined) {
      if (known.size === FEW) {
        all = effectsFromAll(graph, facts, byHost, words);
        return hasBit(all, func * words, effect);
      }
      effects = effectsFrom(graph, facts, byHost, func, words);
      known.set(func, effects);
    }
    return hasBit(effects, 0, effect);
  };
}

/** Whether the host can add targets to what a node stands for: an indirect call. */
const isOpenNode = ({ functions, virtual }: CallGraph, node: number): boolean =>
  node >= functions && virtual[node - functions].kind === 'host-unknown';

/** Bitset of the effects that one function reaches. `byHost`: by node, 1 for `CallGraph.onlyByHost`. */
function effectsFrom(
  graph: CallGraph,
  facts: FunctionFacts,
  byHost: Uint8Array,
  root: number,
  words: number,
): Uint32Array {
  const { start, target } = graph;
  const effects = new Uint32Array(words);
  const seen = new Uint8Array(graph.nodes);
  const work = [root];
  seen[root] = 1;
  for (let node = work.pop(); node !== undefined; node = work.pop()) {
    for (let row = facts.start[node]; row < facts.start[node + 1]; row++) setBit(effects, 0, facts.effect[row]);
    const open = isOpenNode(graph, node);
    for (let row = start[node]; row < start[node + 1]; row++) {
      const callee = target[row];
      if (seen[callee] !== 0 || (open && byHost[callee] !== 0)) continue;
      seen[callee] = 1;
      work.push(callee);
    }
  }
  return effects;
}

/** The same for every node, in rows of `words` words. */
function effectsFromAll(graph: CallGraph, facts: FunctionFacts, byHost: Uint8Array, words: number): Uint32Array {
  const { nodes, start, target } = graph;
  const own = new Uint32Array(nodes * words);
  const openStart = new Uint32Array(nodes + 1);
  const openTarget = new Uint32Array(target.length);
  let at = 0;
  for (let node = 0; node < nodes; node++) {
    for (let row = facts.start[node]; row < facts.start[node + 1]; row++) setBit(own, node * words, facts.effect[row]);
    openStart[node] = at;
    const open = isOpenNode(graph, node);
    for (let row = start[node]; row < start[node + 1]; row++)
      if (!open || byHost[target[row]] === 0) openTarget[at++] = target[row];
  }
  openStart[nodes] = at;
  return closeOverCalls({ ...graph, start: openStart, target: openTarget }, own, words, nodes);
}
