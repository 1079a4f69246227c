/** Exports of which one stores what another one gives back: callers that use both have a sequence of calls. */

import type { Module } from '../wasm/module.ts';
import { type Cell, isWrite } from './cells.ts';
import { conflictOfEffects } from './conflicts.ts';
import type { Analysis } from './model.ts';
import { effectsOf, sharingUnder } from './queries.ts';

/** State that outlasts a call; frames on the stack do not. */
const lasts = ({ kind, address }: Cell): boolean =>
  (kind === 'memory' && address?.base !== 'stack') || kind === 'global' || kind === 'table';

/**
 * Which of two exports stores and which reads back, as positions in `Analysis.exports`. The writer overwrites a cell
 * that it does not read, so that what is left there is about its call alone; the reader takes no arguments, has a
 * result and writes nothing.
 */
export function readBackOf(
  module: Module,
  analysis: Analysis,
  a: number,
  b: number,
): { writer: number; reader: number } | undefined {
  if (a === b) return undefined;
  if (readsBack(module, analysis, a, b)) return { writer: a, reader: b };
  return readsBack(module, analysis, b, a) ? { writer: b, reader: a } : undefined;
}

function readsBack(module: Module, analysis: Analysis, writer: number, reader: number): boolean {
  const { func } = analysis.exports[reader];
  const type = module.types[module.functions.typeIndex[func]]?.composite;
  if (type?.kind !== 'func' || type.params.length > 0 || type.results.length === 0) return false;
  const sharing = sharingUnder(analysis, analysis.model);
  const [writers, readers] = [writer, reader].map((position) =>
    effectsOf(analysis, analysis.exports[position].func)
      .map((id) => analysis.effects[id])
      .filter(({ cell }) => cell.kind !== 'stack-pointer' && (cell.kind !== 'memory' || lasts(cell))),
  );
  if (readers.some(isWrite)) return false;
  return writers
    .filter((effect) => isWrite(effect) && lasts(effect.cell))
    .some(
      (effect) =>
        readers.some((read) => conflictOfEffects(effect, read, sharing) === 'definite') &&
        !writers.some((own) => !isWrite(own) && conflictOfEffects(effect, own, sharing) !== undefined),
    );
}
