/** Notifications in words: count, and who was woken. */

import type { NotifyReport } from '../../stress/explore/hang/hang.ts';
import { callerName } from '../../stress/scenario/scenario.ts';
import { t } from '../../text/l10n.ts';

/** `1`, `all`. */
export const countText = ({ count }: Pick<NotifyReport, 'count'>): string =>
  count === 0xffff_ffff ? t('all') : String(count);

/** `woke C`, `woke nobody`. */
export const wokenText = ({ woken }: Pick<NotifyReport, 'woken'>): string =>
  woken.length === 0 ? t('woke nobody') : t('woke {0}', woken.map(callerName).join(t(', ')));
