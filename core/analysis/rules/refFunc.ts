/** An export executes `ref.func`, which on some hosts changes a list that no lock protects. */
import { message, t } from '../../text/l10n.ts';
import { type AccessRule, PLAIN_STATEMENT } from './rule.ts';

/** The rule `ref-func`. */
export const refFunc: AccessRule = {
  id: 'ref-func',
  group: 'references',
  defaultSeverity: 'warning',
  title: message('Executes ref.func'),
  summary: message(
    'An export executes `ref.func` on a host that keeps function references in a list without a lock (wazero).',
  ),
  phrase: [message('executes ref.func'), message('execute ref.func')],
  models: ['shared-instance'],
  concerns: ({ hostHazards }) => hostHazards['ref-func'] !== undefined,
  matches: ({ cell }) => cell.kind === 'ref.func',
  ofHost: true,
  action: () => t('executes ref.func'),
  statement: () => PLAIN_STATEMENT,
  outcome: {
    always: ({ profile }) =>
      t(
        "The {0} compiler adds the reference to a list without a lock: two concurrent calls can corrupt the host's heap.",
        profile.id,
      ),
  },
};
