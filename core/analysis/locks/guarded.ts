/** When two accesses are made under one lock. */
import type { SharingModel } from '../../hosts/profile.ts';
import type { Effect, HeldLock } from '../cells.ts';
import type { ModuleSharing } from '../model.ts';

/** A lock under which both accesses are made. */
export interface LockGuard {
  lock: HeldLock;
  /** Nothing but the lock's own code can change it. */
  proven: boolean;
}

/**
 * The lock that is held at both accesses, by one of them alone; undefined if there is none that keeps callers apart under the
 * sharing model. Calls that take turns on one thread cannot wait for each other.
 */
export function guardOf(
  a: Effect,
  b: Effect,
  { model, module }: { model: SharingModel; module: Pick<ModuleSharing, 'memories'> },
): LockGuard | undefined {
  if (a.locks === undefined || b.locks === undefined) return undefined;
  if (model !== 'shared-instance' && model !== 'shared-memory') return undefined;
  let found: LockGuard | undefined;
  for (const lock of a.locks) {
    if (model === 'shared-memory' && module.memories[lock.memory]?.common !== true) continue;
    const other = b.locks.find(
      ({ memory, start, end }) => memory === lock.memory && start === lock.start && end === lock.end,
    );
    if (other === undefined || (lock.shared === true && other.shared === true)) continue;
    if (lock.proven) return { lock, proven: true };
    found ??= { lock, proven: false };
  }
  return found;
}
