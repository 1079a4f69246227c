/** Words for what a lock guards. */
import { namedBytes } from '../../debug/sourceWords.ts';
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
  const where = module.memories.length > 1 ? ` of ${memoryName(module, memory)}` : '';
  const named = namedBytes(module, memory, start, end);
  return `the lock ${named === undefined ? '' : `${quoted(named.name)} `}at [${start},${end})${where}`;
};

/** That state is guarded by a lock, as a sentence without a verb; `cells` are those that one export, or all of them, touch. */
export function guardedText(module: Module, { lock, cells }: LockedState): string {
  const names = [...new Set(cells.map((cell) => cellText(module, cell)))];
  const doubt = lock.proven ? '' : ', unless an access at an unknown address changes the lock';
  return `Guarded by ${lockLabel(module, lock)}${doubt}: ${listOf(names, MAX_CELLS)}.`;
}
