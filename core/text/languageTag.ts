/** The language of the texts, for pages. */

import { t } from './l10n.ts';

/** The language of the texts as HTML names it, such as `zh-CN`: translations say which they are in. */
export const languageTag = (): string => t('en');
