/**
 * What exports reach only if the host puts an exported function into a table that the module itself never puts it in: it
 * can happen, and nothing shows that it does.
 */
import { hasBit, setBit, wordsFor } from './bits.ts';
import type { CallGraph, FunctionFacts } from './model.ts';

/** Functions whose calls are followed; what further ones reach counts as reached. */
const MAX_FUNCTIONS = 200;

/**
 * Whether a function reaches an effect without such a call. Follows the graph once for each function that is asked about,
 * at most 200 of them.
 */
export function reachedWithoutHost(graph: CallGraph, facts: FunctionFacts): (func: number, effect: number) => boolean {
  const known = new Map<number, Uint32Array>();
  const words = wordsFor(facts.effect.reduce((most, effect) => Math.max(most, effect + 1), 0));
  return (func, effect) => {
    if (graph.onlyByHost.size === 0) return true;
    let effects = known.get(func);
    if (effects === undefined) {
      if (known.size >= MAX_FUNCTIONS) return true;
      effects = effectsFrom(graph, facts, func, words);
      known.set(func, effects);
    }
    return hasBit(effects, 0, effect);
  };
}

/** A bitset. */
function effectsFrom(graph: CallGraph, facts: FunctionFacts, root: number, words: number): Uint32Array {
  const { start, target, functions, virtual, onlyByHost } = graph;
  const effects = new Uint32Array(words);
  const seen = new Uint8Array(graph.nodes);
  const work = [root];
  seen[root] = 1;
  for (let node = work.pop(); node !== undefined; node = work.pop()) {
    for (let row = facts.start[node]; row < facts.start[node + 1]; row++) setBit(effects, 0, facts.effect[row]);
    const open = node >= functions && virtual[node - functions].kind === 'host-unknown';
    for (let row = start[node]; row < start[node + 1]; row++) {
      const callee = target[row];
      if (seen[callee] !== 0 || (open && onlyByHost.has(callee))) continue;
      seen[callee] = 1;
      work.push(callee);
    }
  }
  return effects;
}
