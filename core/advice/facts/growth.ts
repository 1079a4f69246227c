/** Memories that calls grow while others use them. */

import type { Analysis, Hazard } from '../../analysis/model.ts';
import type { MemoryGrowth } from '../../stress/explore/result.ts';
import type { Module } from '../../wasm/module.ts';
import type { ExploredRun } from './exploredRun.ts';

/** Which memories grow, and how far. */
export interface GrowthFacts {
  /** Runs with a race on the size of a memory. */
  racing: ExploredRun[];
  /** Unshared memories in those runs, each with the most that any of them made of it. */
  grown: { growth: MemoryGrowth; run: ExploredRun }[];
  /**
   * Memories that exports in scope can grow by the analysis, without a race on their size. `grew`: the run that grew it
   * most; undefined where none did.
   */
  notRaced: {
    memory: number;
    found: { position: number; hazard: Hazard }[];
    grew: { growth: MemoryGrowth; run: ExploredRun } | undefined;
  }[];
}

/**
 * Shared memories are passed over in `grown`. `notRaced` is empty except under the shared-instance model. `scope`:
 * positions of exports.
 */
export function growthFacts(
  module: Module,
  analysis: Analysis,
  runs: readonly ExploredRun[],
  scope: readonly number[],
): GrowthFacts {
  const racing = runs.filter(({ result }) => result.races.some(({ kind }) => kind === 'memory.grow'));
  const grown = new Map<number, { growth: MemoryGrowth; run: ExploredRun }>();
  for (const run of racing) {
    for (const growth of run.result.growth) {
      const known = grown.get(growth.index);
      if (module.memories[growth.index]?.limits.shared || (known?.growth.most ?? 0) >= growth.most) continue;
      grown.set(growth.index, { growth, run });
    }
  }
  const notRaced = new Map<number, { position: number; hazard: Hazard }[]>();
  for (const position of analysis.model === 'shared-instance' ? scope : []) {
    for (const hazard of analysis.exports[position].hazards) {
      const { index } = hazard.cell;
      if (hazard.rule !== 'memory-grow' || hazard.cell.kind !== 'memory.grow' || index === undefined) continue;
      if (grown.has(index) || module.memories[index] === undefined) continue;
      const found = notRaced.get(index) ?? [];
      if (found.length === 0) notRaced.set(index, found);
      found.push({ position, hazard });
    }
  }
  return {
    racing,
    grown: [...grown.values()],
    notRaced: [...notRaced].map(([memory, found]) => ({ memory, found, grew: mostGrown(runs, memory) })),
  };
}

/** The run that made a memory largest; undefined where none grew it. */
function mostGrown(
  runs: readonly ExploredRun[],
  memory: number,
): { growth: MemoryGrowth; run: ExploredRun } | undefined {
  const [most] = runs
    .flatMap((run) => run.result.growth.map((growth) => ({ growth, run })))
    .filter(({ growth }) => growth.index === memory)
    .sort((a, b) => b.growth.most - a.growth.most);
  return most;
}
