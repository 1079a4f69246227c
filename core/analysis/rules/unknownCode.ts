/** An export can reach unknown code: through a reference, a table, or a body that the analysis cannot read. */
import type { AccessRule } from './rule.ts';

/** The rule `unknown-code`. */
export const unknownCode: AccessRule = {
  id: 'unknown-code',
  group: 'host',
  defaultSeverity: 'information',
  title: 'Reaches code that is not known',
  summary: 'An export can reach code that the analysis does not know.',
  phrase: ['reaches code that is not known', 'reach code that is not known'],
  models: ['shared-instance', 'shared-memory', 'isolated'],
  matches: ({ cell }) => cell.kind === 'host-unknown' || cell.kind === 'anything',
  action: ({ effect: { cell } }) =>
    cell.kind === 'host-unknown' ? 'calls code that is not known here' : 'reaches a function that could not be decoded',
  manner: () => '',
  outcome: { always: () => 'What it does is not known, so it counts as touching everything.' },
};
