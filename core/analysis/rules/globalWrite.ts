/** An export writes a global, or the garbage-collected heap, which every call of the instance shares. */
import { message, t } from '../../text/l10n.ts';
import { isWrite } from '../cells.ts';
import type { AccessRule } from './rule.ts';

/** The rule `global-write`. */
export const globalWrite: AccessRule = {
  id: 'global-write',
  group: 'globals',
  defaultSeverity: 'warning',
  title: message('Writes a mutable global'),
  summary: message('An export writes a mutable global that is not the shadow stack pointer.'),
  phrase: [message('writes a mutable global'), message('write a mutable global')],
  models: ['shared-instance', 'cooperative'],
  matches: (effect) => (effect.cell.kind === 'global' || effect.cell.kind === 'heap') && isWrite(effect),
  outcome: { can: () => t('lose an update') },
};
