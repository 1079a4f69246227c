/** An export reads memory, or its size, that an export can change at the same time. */
import { message, t } from '../../text/l10n.ts';
import { isAtomic, isWrite } from '../cells.ts';
import type { AccessRule } from './rule.ts';

/** The rule `memory-read`. */
export const memoryRead: AccessRule = {
  id: 'memory-read',
  group: 'memory',
  defaultSeverity: 'information',
  title: message('Reads memory that others write'),
  summary: message('An export reads memory that can be written at the same time.'),
  phrase: [message('reads memory that others write'), message('read memory that others write')],
  models: ['shared-instance', 'shared-memory', 'cooperative'],
  matches: (effect, { meetsAtomics }) => {
    const { kind, address } = effect.cell;
    if (isWrite(effect)) return false;
    if (kind === 'memory.grow') return true;
    return kind === 'memory' && address?.base !== 'stack' && !isAtomic(effect) && !meetsAtomics;
  },
  yieldsToWrites: true,
  outcome: {
    can: ({ module, effect: { cell }, meetsOnlyGrowth }) => {
      if (cell.kind === 'memory')
        return meetsOnlyGrowth ? t('use the memory while it moves') : t('read partially written data');
      const shared = cell.index !== undefined && module.memories[cell.index]?.limits.shared;
      return shared ? t('see the size change while it runs') : t('use the memory while its base and size change');
    },
  },
};
