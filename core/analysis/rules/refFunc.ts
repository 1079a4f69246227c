/** An export executes `ref.func`, which on some hosts changes an unguarded list of the host. */
import type { AccessRule } from './rule.ts';

/** The rule `ref-func`. */
export const refFunc: AccessRule = {
  id: 'ref-func',
  group: 'references',
  defaultSeverity: 'warning',
  title: 'Executes ref.func on wazero',
  summary: 'An export executes `ref.func`, which on wazero changes an unlocked list of the host.',
  phrase: ['executes ref.func', 'execute ref.func'],
  models: ['shared-instance'],
  concerns: ({ refFuncUnsafe }) => refFuncUnsafe,
  matches: ({ cell }) => cell.kind === 'ref.func',
  ofHost: true,
  action: () => 'executes ref.func',
  manner: () => '',
  outcome: {
    always: ({ profile }) =>
      `The ${profile.id} compiler keeps the reference in a list without a lock: two calls at once can corrupt the host's heap.`,
  },
};
