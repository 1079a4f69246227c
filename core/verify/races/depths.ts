/** In which functions a call of an export can be at a given depth of calls, by the call graph. */
import type { Analysis, CallGraph } from '../../analysis/model.ts';
import type { Module } from '../../wasm/module.ts';

/** Deeper than this, recursion makes everything possible. */
const MAX_DEPTH = 64;

/** Whether function `func` can run at that depth of a call of the export; depth 1 is the export's own function. */
export type AtDepth = (exportName: string, func: number, depth: number) => boolean;

/** Answers from the call graph; sets of functions are computed once for each export and depth. */
export function depthsOf(module: Module, { graph }: Pick<Analysis, 'graph'>): AtDepth {
  const known = new Map<number, Uint8Array[]>();
  return (exportName, func, depth) => {
    const root = module.exports.find(({ kind, name }) => kind === 'func' && name === exportName)?.index;
    if (root === undefined || root >= graph.functions || depth < 1 || depth > MAX_DEPTH) return true;
    let sets = known.get(root);
    if (sets === undefined) {
      const first = new Uint8Array(graph.functions);
      first[root] = 1;
      sets = [first];
      known.set(root, sets);
    }
    while (sets.length < depth) sets.push(called(graph, sets[sets.length - 1]));
    return sets[depth - 1][func] === 1;
  };
}

/** Functions that those of a set call, themselves or through a table. */
function called(graph: CallGraph, from: Uint8Array): Uint8Array {
  const found = new Uint8Array(graph.functions);
  const visit = (node: number): void => {
    for (let i = graph.start[node]; i < graph.start[node + 1]; i++) {
      const target = graph.target[i];
      if (target < graph.functions) found[target] = 1;
      else visit(target);
    }
  };
  for (let func = 0; func < from.length; func++) if (from[func] === 1) visit(func);
  return found;
}
