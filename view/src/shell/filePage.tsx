/** The page in a file: the reports that are inside, one at a time. */

import { useState } from 'preact/hooks';
import type { ReportView } from '../../../core/report/view/model.ts';
import { t } from '../../../core/text/l10n.ts';
import type { ViewHost } from '../host.ts';
import { ReportPage } from './reportPage.tsx';

/** A file about several modules has a choice above the report. */
export function FilePage({ host, views }: { host: ViewHost; views: readonly ReportView[] }) {
  const [shown, setShown] = useState(0);
  if (views.length === 0) return <main class="waiting">{t('There is no report in this file.')}</main>;
  const choice = (
    <label class="choice">
      {t('Module')}
      <select value={shown} onChange={({ currentTarget }) => setShown(Number(currentTarget.value))}>
        {views.map(({ module: { name } }, index) => (
          <option key={index} value={index}>
            {name}
          </option>
        ))}
      </select>
    </label>
  );
  return <ReportPage key={shown} view={views[shown]} host={host} above={views.length > 1 ? choice : undefined} />;
}
