/** Races on frames of the shadow stack. */

import { effectsAt } from '../../analysis/effectsAt.ts';
import type { Analysis } from '../../analysis/model.ts';
import type { RaceReport } from '../../stress/explore/result.ts';
import type { Module } from '../../wasm/module.ts';

/** Both accesses are of stack frames: what is wrong is that the stacks overlap. */
export const isOnStack = (
  { module, analysis }: { module: Module; analysis: Analysis },
  { a, b }: RaceReport,
): boolean =>
  [a, b].every(({ func, offset }) => {
    const { effects } = effectsAt(module, analysis, func, offset);
    const memory = effects.map((id) => analysis.effects[id].cell).filter(({ kind }) => kind === 'memory');
    return memory.length > 0 && memory.every(({ address }) => address?.base === 'stack');
  });
