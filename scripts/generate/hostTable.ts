/** The table of host profiles. */

import { HOST_PROFILES } from '../../core/hosts/index.ts';
import type { StanceStatus } from '../../core/hosts/profile.ts';
import { markdownTable } from './markdown.ts';

const STANCES: Readonly<Record<StanceStatus, string>> = {
  allowed: 'allowed',
  unguarded: 'possible, but not synchronised',
  forbidden: 'forbidden',
  unavailable: 'not available',
};

/** The table of host profiles, in Markdown. */
export const hostTable = (): string =>
  markdownTable(
    ['profile', 'host', 'model by default', 'with an imported shared memory', 'one instance, many threads'],
    Object.values(HOST_PROFILES).map(({ id, label, defaultModel, stance }) => [
      `\`${id}\``,
      label,
      defaultModel(false),
      defaultModel(true),
      STANCES[stance['shared-instance'].status],
    ]),
  );
