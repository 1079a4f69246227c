/** The page in the editor: shows the report that the editor sends, and each newer one. */

import { useEffect, useRef, useState } from 'preact/hooks';
import type { ReportView } from '../../../core/report/view/model.ts';
import type { ReportFocus } from '../../../core/report/view/pageMessages.ts';
import { t } from '../../../core/text/l10n.ts';
import type { ViewHost, ViewListener } from '../host.ts';
import { ReportPage } from './reportPage.tsx';

/** The mark of the time at which a report is on the page, for measurements. */
const DRAWN = 'wasm-hazards-drawn';

/** `start` begins to listen; it must be called once. */
export function LivePage({ host, start }: { host: ViewHost; start(listener: ViewListener): void }) {
  const [view, setView] = useState<ReportView>();
  const [focus, setFocus] = useState<ReportFocus>();
  const [failure, setFailure] = useState<string>();
  const started = useRef(false);
  useEffect(() => {
    if (started.current) return;
    started.current = true;
    start({
      report(next, nextFocus) {
        setView(next);
        setFailure(undefined);
        if (nextFocus !== undefined) setFocus(nextFocus);
      },
      focus: setFocus,
      failed: setFailure,
    });
  }, [start]);
  useEffect(() => {
    if (view !== undefined) performance.mark(DRAWN);
  }, [view]);
  if (view === undefined)
    return (
      <main class="waiting">
        <p role="status">{failure ?? t('Analysing the module')}</p>
      </main>
    );
  return <ReportPage view={view} host={host} focus={focus} failure={failure} />;
}
