/** An export calls an imported function, whose effects depend on the host. */
import { message, t } from '../../text/l10n.ts';
import { isWrite } from '../cells.ts';
import { cellText } from '../cellText.ts';
import { type AccessRule, PLAIN_STATEMENT } from './rule.ts';

/** The rule `host-call`. */
export const hostCall: AccessRule = {
  id: 'host-call',
  group: 'host',
  defaultSeverity: 'information',
  title: message('Calls the host'),
  summary: message('An export calls an imported function, whose effects the analysis cannot see.'),
  phrase: [message('calls the host'), message('call the host')],
  models: ['shared-instance', 'shared-memory', 'isolated', 'cooperative'],
  matches: (effect) => effect.cell.kind === 'host' && isWrite(effect),
  ofHost: true,
  statement: () => PLAIN_STATEMENT,
  outcome: {
    always: ({ module, effect: { cell } }) =>
      t('Whether calls of {0} may run concurrently depends on the host.', cellText(module, cell)),
  },
};
