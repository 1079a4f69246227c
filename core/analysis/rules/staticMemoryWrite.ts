/** An export writes memory at an address that is the same in every call. */
import { message, t } from '../../text/l10n.ts';
import { isAtomic, isWrite } from '../cells.ts';
import type { AccessRule } from './rule.ts';

/** The rule `static-memory-write`. */
export const staticMemoryWrite: AccessRule = {
  id: 'static-memory-write',
  group: 'memory',
  defaultSeverity: 'warning',
  title: message('Writes memory at a fixed address'),
  summary: message('An export writes memory at an address that is the same in every call.'),
  phrase: [message('writes memory at a fixed address'), message('write memory at a fixed address')],
  models: ['shared-instance', 'shared-memory', 'cooperative'],
  matches: (effect, { meetsAtomics }) =>
    effect.cell.kind === 'memory' &&
    effect.cell.address?.base === 'static' &&
    isWrite(effect) &&
    !isAtomic(effect) &&
    !meetsAtomics,
  outcome: {
    can: ({ meetsOnlyGrowth }) =>
      meetsOnlyGrowth ? t('use the memory while it moves') : t('lose an update or leave data partially written'),
  },
};
