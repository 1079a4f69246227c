/** An export can reach unknown code: through a reference, a table, or a body that the analysis cannot read. */
import { message } from '../../text/l10n.ts';
import type { AccessRule } from './rule.ts';

/** The rule `unknown-code`. */
export const unknownCode: AccessRule = {
  id: 'unknown-code',
  group: 'host',
  defaultSeverity: 'information',
  title: message('Reaches unknown code'),
  summary: 'An export can reach code that the analysis cannot see.',
  phrase: ['reaches unknown code', 'reach unknown code'],
  models: ['shared-instance', 'shared-memory', 'isolated', 'cooperative'],
  matches: ({ cell }) => cell.kind === 'host-unknown' || cell.kind === 'anything',
  action: ({ effect: { cell } }) =>
    cell.kind === 'host-unknown' ? 'calls unknown code' : 'reaches a function that could not be decoded',
  manner: () => '',
  outcome: { always: () => 'Its effects are unknown, so the analysis assumes that it accesses everything.' },
};
