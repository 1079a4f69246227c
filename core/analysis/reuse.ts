/** Reuses an existing analysis instead of making a new one, unchanged or under another sharing model. */
import { HOST_PROFILES, type HostId } from '../hosts/index.ts';
import type { SharingModel } from '../hosts/profile.ts';
import type { Module } from '../wasm/module.ts';
import { analyse } from './analyse.ts';
import { conflictMasks, modelOn } from './conflicts.ts';
import { EffectClasses } from './effectClasses.ts';
import { interruptions } from './groups.ts';
import type { Analysis } from './model.ts';
import { sharingUnder } from './queries.ts';
import { facing } from './settled.ts';
import { type ImportPattern, suspensionOf } from './suspension.ts';

/** The sharing model for a module: `auto` is replaced by the host's default for it, see `modelOn`. */
export function resolvedModel(
  { sharing }: Pick<Analysis, 'sharing'>,
  host: HostId,
  model: SharingModel | 'auto',
): SharingModel {
  return modelOn(HOST_PROFILES[host], sharing, model);
}

/**
 * Returns `known`, an analysis of the same module, if it was made for that host and sharing model, else a new
 * analysis.
 */
export function analysisFor(
  module: Module,
  {
    host,
    model,
    suspending = [],
  }: { host: HostId; model: SharingModel | 'auto'; suspending?: readonly ImportPattern[] },
  known?: Analysis,
): Analysis {
  const fits =
    known !== undefined &&
    known.host === host &&
    known.model === resolvedModel(known, host, model) &&
    known.sharing.suspending.join() === suspensionOf(module, suspending).suspending.join();
  return fits ? known : analyse(module, { host, model, suspending });
}

/**
 * The analysis with the conflicts of another sharing model, without scanning bodies again: what `partnersOf` and
 * `conflictOf` read. Hazards, classes and counts of the exports remain those of `analysis`.
 */
export function analysisUnder(analysis: Analysis, model: SharingModel): Analysis {
  if (analysis.model === model) return analysis;
  const made = under.get(analysis) ?? new Map<SharingModel, Analysis>();
  under.set(analysis, made);
  const found = made.get(model) ?? remade(analysis, model);
  made.set(model, found);
  return found;
}

/** The analyses under other models that were made of one. */
const under = new WeakMap<Analysis, Map<SharingModel, Analysis>>();

function remade(analysis: Analysis, model: SharingModel): Analysis {
  const sharing = sharingUnder(analysis, model);
  const masks = conflictMasks(analysis.effects, sharing);
  const classes = new EffectClasses(masks, analysis.words);
  const interrupted = interruptions(analysis.effects, sharing, analysis.words);
  const groups = analysis.groups.map((group) => {
    const open = facing(group.effects, analysis.settled, classes);
    return { ...group, hostile: open[0].hostile, facing: open, interruptible: interrupted(group.effects) };
  });
  return { ...analysis, model, conflictMask: masks.mask, alwaysMask: masks.always, groups };
}
