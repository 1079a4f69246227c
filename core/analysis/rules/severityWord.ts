/** Words for severities. */

import { t } from '../../text/l10n.ts';
import type { Severity } from './rule.ts';

/** A severity as a list or a heading says it. */
export function severityWord(severity: Severity): string {
  switch (severity) {
    case 'error':
      return t('error');
    case 'warning':
      return t('warning');
    case 'information':
      return t('information');
    case 'hint':
      return t('hint');
    case 'off':
      return t('off');
  }
}
