/** An export writes memory at an address that its caller chooses or that the analysis does not know. */
import { message, t } from '../../text/l10n.ts';
import { isAtomic, isWrite } from '../cells.ts';
import type { AccessRule } from './rule.ts';

/** The rule `memory-write`. */
export const memoryWrite: AccessRule = {
  id: 'memory-write',
  group: 'memory',
  defaultSeverity: 'warning',
  title: message('Writes memory at a variable address'),
  summary: message(
    'An export writes memory at an address that its caller chooses or that the analysis cannot determine.',
  ),
  phrase: [message('writes memory at a variable address'), message('write memory at a variable address')],
  models: ['shared-instance', 'shared-memory', 'cooperative'],
  matches: (effect) => {
    const { kind, address } = effect.cell;
    if (kind !== 'memory' || address?.base === 'static' || address?.base === 'stack') return false;
    return isWrite(effect) && !isAtomic(effect);
  },
  outcome: {
    can: ({ effect: { cell }, meetsOnlyGrowth }) => {
      if (meetsOnlyGrowth) return t('use the memory while it moves');
      return cell.address?.base === 'parameter'
        ? t("overwrite each other's data where the buffers overlap")
        : t("overwrite each other's data where the addresses overlap");
    },
  },
};
