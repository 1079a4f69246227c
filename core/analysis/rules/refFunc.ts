/** An export executes `ref.func`, which on some hosts changes a list that no lock protects. */
import { message } from '../../text/l10n.ts';
import type { AccessRule } from './rule.ts';

/** The rule `ref-func`. */
export const refFunc: AccessRule = {
  id: 'ref-func',
  group: 'references',
  defaultSeverity: 'warning',
  title: message('Executes ref.func'),
  summary: 'An export executes `ref.func` on a host that keeps function references in a list without a lock (wazero).',
  phrase: ['executes ref.func', 'execute ref.func'],
  models: ['shared-instance'],
  concerns: ({ hostHazards }) => hostHazards['ref-func'] !== undefined,
  matches: ({ cell }) => cell.kind === 'ref.func',
  ofHost: true,
  action: () => 'executes ref.func',
  manner: () => '',
  outcome: {
    always: ({ profile }) =>
      `The ${profile.id} compiler adds the reference to a list without a lock: two concurrent calls can corrupt the host's heap.`,
  },
};
