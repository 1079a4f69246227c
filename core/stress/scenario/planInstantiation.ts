/** Scenarios in which a new instance writes the common memory beside calls that use it. */
import { confidenceRank } from '../../analysis/confidence.ts';
import { conflictOfEffects } from '../../analysis/conflicts.ts';
import { lifeOf } from '../../analysis/life/life.ts';
import type { Analysis, ModuleHazard } from '../../analysis/model.ts';
import { effectsOf, sharingUnder } from '../../analysis/queries.ts';
import type { Module } from '../../wasm/module.ts';
import { INSTANTIATE } from './instantiation.ts';
import type { Call } from './steps.ts';

/** An export whose calls a new instance meets, and what makes the instance ready. */
export interface BesideInstantiation {
  /** Position in `Analysis.exports`. */
  position: number;
  /** `$instantiate`, or the initialiser that a host calls in each instance. */
  first: Call;
}

/** Exports that are tried: the surest. */
const MAX_EXPORTS = 3;
const INITIALISER = '_initialize';

/** Under `shared-memory`, exports that use what instantiation writes, the surest first; none for other modules. */
export function besideInstantiation(module: Module, analysis: Analysis): BesideInstantiation[] {
  if (analysis.model !== 'shared-memory') return [];
  const sharing = sharingUnder(analysis, analysis.model);
  const life = lifeOf(module, analysis).exports;
  const found = new Map<number, BesideInstantiation & { rank: number }>();
  for (const hazard of analysis.moduleHazards) {
    const first = firstCallOf(module, hazard);
    if (first === undefined || !sharing.module.memories[hazard.cell.index ?? -1]?.common) continue;
    for (const [position, one] of analysis.exports.entries()) {
      if (life.has(one.name)) continue;
      const ranks = effectsOf(analysis, one.func).flatMap((id) => {
        const sure = conflictOfEffects({ cell: hazard.cell, access: 'write' }, analysis.effects[id], sharing);
        return sure === undefined ? [] : [confidenceRank(sure)];
      });
      const rank = Math.min(...ranks);
      if (ranks.length > 0 && rank < (found.get(position)?.rank ?? Number.POSITIVE_INFINITY))
        found.set(position, { position, first, rank });
    }
  }
  return [...found.values()].sort((a, b) => a.rank - b.rank || a.position - b.position).slice(0, MAX_EXPORTS);
}

/** What runs the write that a finding about the module tells of; undefined for other findings. */
function firstCallOf(module: Module, { rule }: ModuleHazard): Call | undefined {
  if (rule === 'active-segment-shared-memory') return [INSTANTIATE];
  if (rule !== 'start-writes-shared-memory') return undefined;
  return module.start !== undefined ? [INSTANTIATE] : [INITIALISER];
}
