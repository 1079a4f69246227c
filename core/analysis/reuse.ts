/** An analysis that is at hand in place of a new one: as it is, or under another sharing model. */
import { HOST_PROFILES, type HostId } from '../hosts/index.ts';
import type { SharingModel } from '../hosts/profile.ts';
import type { Module } from '../wasm/module.ts';
import { analyse } from './analyse.ts';
import { conflictMask, hasCommonMemory } from './conflicts.ts';
import { hostileTo } from './groups.ts';
import type { Analysis } from './model.ts';
import { sharingUnder } from './queries.ts';

/** The sharing model that is meant for a module: `auto` is the host's default for it. */
export function resolvedModel(
  { sharing }: Pick<Analysis, 'sharing'>,
  host: HostId,
  model: SharingModel | 'auto',
): SharingModel {
  return model === 'auto' ? HOST_PROFILES[host].defaultModel(hasCommonMemory(sharing.memories)) : model;
}

/** `known` where it is of that host and sharing model, else a new analysis. `known` has to be of the same module. */
export function analysisFor(
  module: Module,
  { host, model }: { host: HostId; model: SharingModel | 'auto' },
  known?: Analysis,
): Analysis {
  const fits = known !== undefined && known.host === host && known.model === resolvedModel(known, host, model);
  return fits ? known : analyse(module, { host, model });
}

/**
 * Conflicts under another sharing model, without looking at bodies again: what `partnersOf` and `conflictOf` ask. Hazards,
 * classes and counts of the exports stay those of the analysis.
 */
export function analysisUnder(analysis: Analysis, model: SharingModel): Analysis {
  if (analysis.model === model) return analysis;
  const conflicts = conflictMask(analysis.effects, sharingUnder(analysis, model));
  const groups = analysis.groups.map((group) => ({
    ...group,
    hostile: hostileTo(group.effects, conflicts, analysis.words),
  }));
  return { ...analysis, model, conflictMask: conflicts, groups };
}
