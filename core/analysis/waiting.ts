/** Which exports can suspend their thread: those that reach a `memory.atomic.wait` on a shared memory. */
import type { HostProfile } from '../hosts/profile.ts';
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

/** What follows for the callers of an export that can block on this host: whole sentences, to go after its name. */
export const blockingText = ({ waitText }: HostProfile): string =>
  `It can block in memory.atomic.wait until another call notifies it${waitText === undefined ? '.' : `; ${waitText}.`}`;
