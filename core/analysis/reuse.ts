/** Reuses an existing analysis instead of making a new one, unchanged or under another sharing model. */
import { HOST_PROFILES, type HostId } from '../hosts/index.ts';
import type { SharingModel } from '../hosts/profile.ts';
import type { Module } from '../wasm/module.ts';
import { analyse } from './analyse.ts';
import { conflictMask, hasCommonMemory } from './conflicts.ts';
import { hostileTo } from './groups.ts';
import type { Analysis } from './model.ts';
import { sharingUnder } from './queries.ts';

/** The sharing model for a module: `auto` is replaced by the host's default for it. */
export function resolvedModel(
  { sharing }: Pick<Analysis, 'sharing'>,
  host: HostId,
  model: SharingModel | 'auto',
): SharingModel {
  return model === 'auto' ? HOST_PROFILES[host].defaultModel(hasCommonMemory(sharing.memories)) : model;
}

/**
 * Returns `known`, an analysis of the same module, if it was made for that host and sharing model, else a new
 * analysis.
 */
export function analysisFor(
  module: Module,
  { host, model }: { host: HostId; model: SharingModel | 'auto' },
  known?: Analysis,
): Analysis {
  const fits = known !== undefined && known.host === host && known.model === resolvedModel(known, host, model);
  return fits ? known : analyse(module, { host, model });
}

/**
 * The analysis with the conflicts of another sharing model, without scanning bodies again: what `partnersOf` and
 * `conflictOf` read. Hazards, classes and counts of the exports remain those of `analysis`.
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
