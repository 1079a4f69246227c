/** An export reads or calls through a slot of a table, or reads its size, while an export can change it. */
import { message, t } from '../../text/l10n.ts';
import { isWrite } from '../cells.ts';
import type { AccessRule } from './rule.ts';

/** The rule `table-read`. */
export const tableRead: AccessRule = {
  id: 'table-read',
  group: 'tables',
  defaultSeverity: 'information',
  title: message('Reads a table that others write'),
  summary: message('An export reads, or calls through, a table slot that another export can change.'),
  phrase: [message('reads a table that others write'), message('read a table that others write')],
  models: ['shared-instance', 'cooperative'],
  matches: (effect) => (effect.cell.kind === 'table' || effect.cell.kind === 'table.grow') && !isWrite(effect),
  yieldsToWrites: true,
  outcome: {
    can: ({ effect: { cell }, meetsOnlyGrowth }) =>
      cell.kind === 'table.grow' || meetsOnlyGrowth
        ? t('use the table while it grows')
        : t('use an entry that has just changed'),
  },
};
