/** An export grows an unshared memory, which endangers every concurrent access of that memory. */
import { message, t } from '../../text/l10n.ts';
import { paragraph } from '../../text/phrases.ts';
import { isWrite } from '../cells.ts';
import type { AccessRule } from './rule.ts';

/** The rule `memory-grow`. */
export const memoryGrow: AccessRule = {
  id: 'memory-grow',
  group: 'growth',
  defaultSeverity: 'error',
  title: message('Grows an unshared memory'),
  summary: message('An export reaches `memory.grow` on an unshared memory.'),
  phrase: [message('grows an unshared memory'), message('grow an unshared memory')],
  models: ['shared-instance', 'cooperative'],
  matches: (effect) => effect.cell.kind === 'memory.grow' && isWrite(effect),
  outcome: {
    // What a concurrent grow does depends on the host.
    sentence: ({ profile }, { subject, names, place }) =>
      paragraph([profile.growText, t('Do not call {0}{1} while {2} runs.', names, place, subject)]),
  },
};
