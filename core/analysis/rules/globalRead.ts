/** An export reads a global, or the garbage-collected heap, that another export writes. */
import { message, t } from '../../text/l10n.ts';
import { isWrite } from '../cells.ts';
import type { AccessRule } from './rule.ts';

/** The rule `global-read`. */
export const globalRead: AccessRule = {
  id: 'global-read',
  group: 'globals',
  defaultSeverity: 'information',
  title: message('Reads a global that others write'),
  summary: message('An export reads a mutable global that another export can write.'),
  phrase: [message('reads a global that others write'), message('read a global that others write')],
  models: ['shared-instance', 'cooperative'],
  matches: (effect) => (effect.cell.kind === 'global' || effect.cell.kind === 'heap') && !isWrite(effect),
  yieldsToWrites: true,
  outcome: { can: () => t('see the value change while it runs') },
};
