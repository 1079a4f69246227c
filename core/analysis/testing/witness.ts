/** One witness path at a time. */

import { setBit, wordsFor } from '../bits.ts';
import type { Analysis } from '../model.ts';
import { pathForest, type ReverseGraph, reverseGraph, type WitnessPath, walk } from '../witness.ts';

const reverseGraphs = new WeakMap<Analysis, ReverseGraph>();

/**
 * Shortest call path from `func` to an access with `effect`; undefined if it does not reach it. Walks the call graph
 * once.
 */
export function witness(analysis: Analysis, func: number, effect: number): WitnessPath | undefined {
  let reverse = reverseGraphs.get(analysis);
  if (reverse === undefined) {
    reverse = reverseGraph(analysis.graph);
    reverseGraphs.set(analysis, reverse);
  }
  const wanted = new Uint32Array(wordsFor(analysis.effects.length));
  setBit(wanted, 0, effect);
  return walk(analysis.graph, analysis.facts, pathForest(analysis.graph, reverse, analysis.facts, wanted), func);
}
