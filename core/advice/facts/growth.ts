/** Memories that calls grow while others use them. */

import type { Analysis, Hazard } from '../../analysis/model.ts';
import type { MemoryGrowth, RaceReport } from '../../stress/explore/result.ts';
import { memoryName } from '../../wasm/displayNames.ts';
import type { Module } from '../../wasm/module.ts';
import type { ExploredRun } from './exploredRun.ts';

/** Which memories grow, and how far. */
export interface GrowthFacts {
  /** Unshared memories with a race on their size that serial orders grew, each with the most that a run made of it. */
  grown: Grown[];
  /** Other memories that exports in scope can grow by the analysis. */
  supposed: SupposedGrowth[];
}

/** A memory that runs grew while others used it. */
export interface Grown {
  growth: MemoryGrowth;
  /** The one that made it largest. */
  run: ExploredRun;
  /** All runs with a race on its size. */
  racing: ExploredRun[];
}

/** A memory that the analysis says can grow, and that no serial order grew in a run with a race on its size. */
export interface SupposedGrowth {
  memory: number;
  found: { position: number; hazard: Hazard }[];
  /** The run that grew it most; undefined where none did in a serial order. */
  grew: { growth: MemoryGrowth; run: ExploredRun } | undefined;
  /** Some run shows a race on its size. */
  races: boolean;
}

/** Whether a race is on the size of a memory, by its name: the cell is called after it. */
export const isOnSizeOf =
  (name: string) =>
  ({ kind, cell }: Pick<RaceReport, 'kind' | 'cell'>): boolean =>
    kind === 'memory.grow' && cell === `${name} size`;

/**
 * Shared memories are passed over in `grown`. `supposed` is empty except under the shared-instance model. `scope`:
 * positions of exports.
 */
export function growthFacts(
  module: Module,
  analysis: Analysis,
  runs: readonly ExploredRun[],
  scope: readonly number[],
): GrowthFacts {
  const racing = (memory: number): ExploredRun[] => {
    const isOnSize = isOnSizeOf(memoryName(module, memory));
    return runs.filter(({ result }) => result.races.some(isOnSize));
  };
  const grown = module.memories.flatMap(({ limits }, memory): Grown[] => {
    const raced = limits.shared ? [] : racing(memory);
    const most = mostGrown(raced, memory);
    return most === undefined ? [] : [{ ...most, racing: raced }];
  });
  const known = new Set(grown.map(({ growth }) => growth.index));
  const supposed = new Map<number, SupposedGrowth['found']>();
  for (const position of analysis.model === 'shared-instance' ? scope : []) {
    for (const hazard of analysis.exports[position].hazards) {
      const { index } = hazard.cell;
      if (hazard.rule !== 'memory-grow' || hazard.cell.kind !== 'memory.grow' || index === undefined) continue;
      if (known.has(index) || module.memories[index] === undefined) continue;
      const found = supposed.get(index) ?? [];
      if (found.length === 0) supposed.set(index, found);
      found.push({ position, hazard });
    }
  }
  return {
    grown,
    supposed: [...supposed].map(([memory, found]) => ({
      memory,
      found,
      grew: mostGrown(runs, memory),
      races: racing(memory).length > 0,
    })),
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
