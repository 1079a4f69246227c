/** An export calls an imported function, whose effects depend on the host. */
import { message } from '../../text/l10n.ts';
import { isWrite } from '../cells.ts';
import { cellText } from '../cellText.ts';
import type { AccessRule } from './rule.ts';

/** The rule `host-call`. */
export const hostCall: AccessRule = {
  id: 'host-call',
  group: 'host',
  defaultSeverity: 'information',
  title: message('Calls the host'),
  summary: 'An export calls an imported function, whose effects the analysis cannot see.',
  phrase: ['calls the host', 'call the host'],
  models: ['shared-instance', 'shared-memory', 'isolated', 'cooperative'],
  matches: (effect) => effect.cell.kind === 'host' && isWrite(effect),
  ofHost: true,
  manner: () => '',
  outcome: {
    always: ({ module, effect: { cell } }) =>
      `Whether calls of ${cellText(module, cell)} may run concurrently depends on the host.`,
  },
};
