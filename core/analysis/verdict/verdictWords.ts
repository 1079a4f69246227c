/** A verdict in a few words, for places that have no room for its sentence. */
import { t } from '../../text/l10n.ts';
import type { Analysis } from '../model.ts';
import type { VerdictStatus } from './verdictStatus.ts';

/** `not safe`, `no conflict found so far`: of an analysis that a budget ended, no more than was looked at. */
export function verdictWords(status: VerdictStatus, { partial }: Pick<Analysis, 'partial'>): string {
  const isOpen = partial !== undefined;
  switch (status) {
    case 'not-safe':
      return t('not safe');
    case 'possibly-not-safe':
      return t('may not be safe');
    case 'host-only':
      return isOpen ? t('shares only host functions so far') : t('shares only host functions');
    case 'no-conflict':
      return isOpen ? t('no conflict found so far') : t('no conflict found');
    case 'program':
      return t('a program, runs once');
    case 'no-exports':
      return t('exports no function');
  }
}
