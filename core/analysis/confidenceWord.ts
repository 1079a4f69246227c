/** Words for how sure the analysis is, and for accesses. */

import { t } from '../text/l10n.ts';
import type { AccessKind } from './cells.ts';
import type { Confidence } from './model.ts';

/** A confidence as an adjective. */
export function confidenceWord(confidence: Confidence): string {
  switch (confidence) {
    case 'definite':
      return t('definite');
    case 'likely':
      return t('likely');
    case 'possible':
      return t('possible');
  }
}

/** A kind of access as a noun; atomic ones with the hyphen that JSON has. */
export function accessWord(access: AccessKind): string {
  switch (access) {
    case 'read':
      return t('read');
    case 'write':
      return t('write');
    case 'atomic-read':
      return t('atomic-read');
    case 'atomic-write':
      return t('atomic-write');
  }
}
