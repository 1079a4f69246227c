/** For tests: whether the analysis knows what exploration found. */
import { analyse } from '../../analysis/analyse.ts';
import { hasBit } from '../../analysis/bits.ts';
import { effectsAt } from '../../analysis/effectsAt.ts';
import type { Analysis } from '../../analysis/model.ts';
import { conflictOf, effectsOf } from '../../analysis/queries.ts';
import { decodeModule } from '../../wasm/decode.ts';
import type { Module } from '../../wasm/module.ts';
import type { RaceParty, StressResult } from '../explore/result.ts';
import type { Call } from '../scenario/steps.ts';

/**
 * The races of a result that the analysis of the module does not predict: the exports do not conflict, or no effects of
 * the two instructions, reached by these exports, do. A line each.
 */
export function unpredictedRaces(bytes: Uint8Array, callers: readonly Call[][], result: StressResult): string[] {
  const module = decodeModule(bytes);
  const analysis = analyse(module, { host: result.host, model: result.model });
  return result.races.flatMap(({ a, b, cell, kind }) => {
    const sides = [a, b].map((party) => sideOf(module, analysis, callers, party));
    const [x, y] = sides.map(({ position }) => position);
    const names = `${analysis.exports[x].name} at ${a.offset} and ${analysis.exports[y].name} at ${b.offset} on ${cell}`;
    if (conflictOf(analysis, x, y, 1) === undefined) return [`no conflict of exports: ${names}`];
    // What a host function does is an effect of the call.
    if (kind === 'host') return [];
    const [left, right] = sides.map(({ effects }) => effects);
    const meet = left.some((e) => right.some((f) => hasBit(analysis.conflictMask, e * analysis.words, f)));
    return meet ? [] : [`no conflict of accesses: ${names}`];
  });
}

function sideOf(
  module: Module,
  analysis: Analysis,
  callers: readonly Call[][],
  { caller, call, func, offset }: RaceParty,
) {
  const [name] = callers[caller][call];
  const position = analysis.exports.findIndex((e) => e.name === name);
  const reached = new Set(effectsOf(analysis, analysis.exports[position].func));
  const effects = effectsAt(module, analysis, func, offset).effects.filter((id) => reached.has(id));
  return { position, effects };
}
