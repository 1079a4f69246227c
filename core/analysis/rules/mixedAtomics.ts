/** A plain and an atomic access go to one fixed address, or atomic ones of different widths. */
import { message, t } from '../../text/l10n.ts';
import { isAtomic, isWrite } from '../cells.ts';
import { type AccessRule, THREADS_PROPOSAL } from './rule.ts';

/** The rule `mixed-atomics`. */
export const mixedAtomics: AccessRule = {
  id: 'mixed-atomics',
  group: 'atomics',
  defaultSeverity: 'warning',
  title: message('Mixes plain and atomic accesses'),
  summary: message(
    'An export uses plain accesses, or atomic ones of another width, for data that other accesses treat as atomic.',
  ),
  phrase: [message('mixes plain and atomic accesses'), message('mix plain and atomic accesses')],
  models: ['shared-instance', 'shared-memory'],
  matches: (_, { meetsAtomics }) => meetsAtomics,
  statement: ({ effect }) =>
    isAtomic(effect)
      ? message('{0} {1}, while atomic accesses of another width can use the same bytes ({2}).')
      : message('{0} {1} with a plain access, while atomic accesses use the same bytes ({2}).'),
  outcome: {
    can: ({ effect, meetsOnlyGrowth }) => {
      if (meetsOnlyGrowth) return t('use the memory while it moves');
      return isWrite(effect) ? t('lose an update or leave data partially written') : t('read partially written data');
    },
  },
  anyHost: { text: message('Follows the threads proposal.'), sources: [THREADS_PROPOSAL] },
};
