/** An export reads memory, or its size, that an export can change at the same time. */
import { message } from '../../text/l10n.ts';
import { isAtomic, isWrite } from '../cells.ts';
import type { AccessRule } from './rule.ts';

/** The rule `memory-read`. */
export const memoryRead: AccessRule = {
  id: 'memory-read',
  group: 'memory',
  defaultSeverity: 'information',
  title: message('Reads memory that others write'),
  summary: 'An export reads memory that can be written at the same time.',
  phrase: ['reads memory that others write', 'read memory that others write'],
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
        return meetsOnlyGrowth ? 'use the memory while it moves' : 'read partially written data';
      const shared = cell.index !== undefined && module.memories[cell.index]?.limits.shared;
      return shared ? 'see the size change while it runs' : 'use the memory while its base and size change';
    },
  },
};
