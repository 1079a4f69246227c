/** Which exports can suspend their thread: those that reach a `memory.atomic.wait` on a shared memory. */

import type { HostProfile } from '../hosts/profile.ts';
import { t } from '../text/l10n.ts';
import type { Analysis } from './model.ts';
import { effectsOf } from './queries.ts';

/** Whether a call of export `position` can wait until another call notifies it. On an unshared memory a wait traps at once. */
export function canBlock(analysis: Analysis, position: number): boolean {
  const { effects, sharing } = analysis;
  return effectsOf(analysis, analysis.exports[position].func).some((id) => {
    const { cell, waits } = effects[id];
    if (waits !== true) return false;
    return cell.index === undefined ? analysis.hasSharedMemory : sharing.memories[cell.index].shared;
  });
}

/** That an export, or a list of them, can block, and what callers on this host must know: a whole sentence. */
export const blockingText = ({ waitText }: HostProfile, who = t('It')): string =>
  waitText === undefined
    ? t('{0} can block in memory.atomic.wait until another call notifies it.', who)
    : t('{0} can block in memory.atomic.wait until another call notifies it; {1}.', who, waitText);
