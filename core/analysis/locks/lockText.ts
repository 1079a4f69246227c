/** Words for what a lock guards. */
import { namedBytes } from '../../debug/sourceWords.ts';
import { t } from '../../text/l10n.ts';
import { listOf, quoted } from '../../text/phrases.ts';
import { memoryName } from '../../wasm/displayNames.ts';
import type { Module } from '../../wasm/module.ts';
import type { HeldLock } from '../cells.ts';
import { cellText } from '../cellText.ts';
import type { LockedState } from './lockGuards.ts';

/** Cells that are named. */
const MAX_CELLS = 4;

/** `the lock at [0,4)`, with its memory where the module has several; `` the lock `queue.lock` at [0,4) `` where the source names it. */
const lockLabel = (module: Module, { memory, start, end }: HeldLock): string => {
  const range = `[${start},${end})`;
  const named = namedBytes(module, memory, start, end);
  if (module.memories.length < 2)
    return named === undefined ? t('the lock at {0}', range) : t('the lock {0} at {1}', quoted(named.name), range);
  const where = memoryName(module, memory);
  return named === undefined
    ? t('the lock at {0} of {1}', range, where)
    : t('the lock {0} at {1} of {2}', quoted(named.name), range, where);
};

/** That state is guarded by a lock, as a sentence without a verb; `cells` are those that one export, or all of them, touch. */
export function guardedText(module: Module, { lock, cells }: LockedState): string {
  const names = [...new Set(cells.map((cell) => cellText(module, cell)))];
  const what = listOf(names, MAX_CELLS);
  return lock.proven
    ? t('Guarded by {0}: {1}.', lockLabel(module, lock), what)
    : t('Guarded by {0}, unless an access at an unknown address changes the lock: {1}.', lockLabel(module, lock), what);
}
