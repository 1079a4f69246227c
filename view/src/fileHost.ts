/** A standalone file as a host: it has its reports inside, and can do nothing else. */

import type { ReportView } from '../../core/report/view/model.ts';
import { type Translations, t } from '../../core/text/l10n.ts';
import type { ViewHost } from './host.ts';

const nothing = (): void => undefined;

/** What a page in a file can do; it keeps its state for as long as it is open. */
export function fileHost(): ViewHost {
  const state = new Map<string, unknown>();
  return {
    can: { reveal: false, replay: false, run: false, save: false },
    reveal: nothing,
    command: nothing,
    pair: nothing,
    ask: () => Promise.reject(new Error(t('A file cannot compute anything. Open the module in VS Code.'))),
    saveSvg: nothing,
    saveReport: nothing,
    restore: (key) => state.get(key),
    keep: (key, value) => void state.set(key, value),
  };
}

/** The translations inside the document of a file that was saved in another language than English. */
export function translationsInside(): Translations | undefined {
  const data = document.querySelector('script.report-translations')?.textContent;
  return data === undefined ? undefined : JSON.parse(data);
}

/** The reports inside the document, in the order in which they were written. */
export const reportsInside = (): ReportView[] =>
  [...document.querySelectorAll('script.report-view')].map(({ textContent }) => JSON.parse(textContent ?? 'null'));
