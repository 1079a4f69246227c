/** An export can reach unknown code: through a reference, a table, or a body that the analysis cannot read. */
import { message, t } from '../../text/l10n.ts';
import { type AccessRule, PLAIN_STATEMENT } from './rule.ts';

/** The rule `unknown-code`. */
export const unknownCode: AccessRule = {
  id: 'unknown-code',
  group: 'host',
  defaultSeverity: 'information',
  title: message('Reaches unknown code'),
  summary: message('An export can reach code that the analysis cannot see.'),
  phrase: [message('reaches unknown code'), message('reach unknown code')],
  models: ['shared-instance', 'shared-memory', 'isolated', 'cooperative'],
  matches: ({ cell }) => cell.kind === 'host-unknown' || cell.kind === 'anything',
  action: ({ effect: { cell } }) =>
    cell.kind === 'host-unknown' ? t('calls unknown code') : t('reaches a function that could not be decoded'),
  statement: () => PLAIN_STATEMENT,
  outcome: { always: () => t('Its effects are unknown, so the analysis assumes that it accesses everything.') },
};
