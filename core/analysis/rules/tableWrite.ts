/** An export writes slots of a table, or grows it. */
import { message, t } from '../../text/l10n.ts';
import { isWrite } from '../cells.ts';
import type { AccessRule } from './rule.ts';

/** The rule `table-write`. */
export const tableWrite: AccessRule = {
  id: 'table-write',
  group: 'tables',
  defaultSeverity: 'warning',
  title: message('Writes or grows a table'),
  summary: message('An export writes slots of a table, or grows the table.'),
  phrase: [message('writes or grows a table'), message('write or grow a table')],
  models: ['shared-instance', 'cooperative'],
  matches: (effect) => (effect.cell.kind === 'table' || effect.cell.kind === 'table.grow') && isWrite(effect),
  outcome: {
    can: ({ effect: { cell }, meetsOnlyGrowth }) => {
      if (cell.kind === 'table.grow') return t('get the same new slots');
      return meetsOnlyGrowth ? t('use the table while it grows') : t('lose an entry');
    },
  },
};
