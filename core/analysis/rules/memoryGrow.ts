/** An export grows an unshared memory, which endangers every concurrent access of that memory. */
import { message } from '../../text/l10n.ts';
import { isWrite } from '../cells.ts';
import type { AccessRule } from './rule.ts';

/** The rule `memory-grow`. */
export const memoryGrow: AccessRule = {
  id: 'memory-grow',
  group: 'growth',
  defaultSeverity: 'error',
  title: message('Grows an unshared memory'),
  summary: 'An export reaches `memory.grow` on an unshared memory.',
  phrase: ['grows an unshared memory', 'grow an unshared memory'],
  models: ['shared-instance', 'cooperative'],
  matches: (effect) => effect.cell.kind === 'memory.grow' && isWrite(effect),
  outcome: {
    // What a concurrent grow does depends on the host.
    sentence: ({ profile }, { subject, names, place }) =>
      `${profile.growText} Do not call ${names}${place} while ${subject} runs.`,
  },
};
