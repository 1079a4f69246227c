/** A plain and an atomic access go to one fixed address, or atomic ones of different widths. */
import { message } from '../../text/l10n.ts';
import { isAtomic, isWrite } from '../cells.ts';
import { type AccessRule, THREADS_PROPOSAL } from './rule.ts';

/** The rule `mixed-atomics`. */
export const mixedAtomics: AccessRule = {
  id: 'mixed-atomics',
  group: 'atomics',
  defaultSeverity: 'warning',
  title: message('Mixes plain and atomic accesses'),
  summary:
    'An export uses plain accesses, or atomic ones of another width, for data that other accesses treat as atomic.',
  phrase: ['mixes plain and atomic accesses', 'mix plain and atomic accesses'],
  models: ['shared-instance', 'shared-memory'],
  matches: (_, { meetsAtomics }) => meetsAtomics,
  manner: ({ effect }) =>
    isAtomic(effect)
      ? ', while atomic accesses of another width can use the same bytes'
      : ' with a plain access, while atomic accesses use the same bytes',
  outcome: {
    can: ({ effect, meetsOnlyGrowth }) => {
      if (meetsOnlyGrowth) return 'use the memory while it moves';
      return isWrite(effect) ? 'lose an update or leave data partially written' : 'read partially written data';
    },
  },
  anyHost: { text: 'Follows the threads proposal.', sources: [THREADS_PROPOSAL] },
};
