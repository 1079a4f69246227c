/** One report: its parts in order, with a way to each. */

import type { ComponentChildren } from 'preact';
import { useCallback, useEffect, useState } from 'preact/hooks';
import type { ReportView } from '../../../core/report/view/model.ts';
import type { PageSection, ReportFocus } from '../../../core/report/view/pageMessages.ts';
import { t } from '../../../core/text/l10n.ts';
import { ExportList } from '../exports/exportList.tsx';
import { FindingList } from '../findings/findingList.tsx';
import type { ViewHost } from '../host.ts';
import { HeatMap } from '../matrix/heatMap.tsx';
import { PlayFinding } from '../player/playFinding.ts';
import { Schedules } from '../player/schedules.tsx';
import { ScenarioList } from '../runs/scenarioList.tsx';
import { Header, VerdictCard } from './header.tsx';
import { SignIcon } from './icons.tsx';
import { Prose } from './prose.tsx';

/** What a report is shown with. */
interface ReportPageProps {
  view: ReportView;
  host: ViewHost;
  focus?: ReportFocus;
  /** Why the report could not be made again. */
  failure?: string;
  /** Goes above everything. */
  above?: ComponentChildren;
}

/** The parts that a report has, with the names of their headings. */
function sectionsOf({ findings, matrix, exports, notes, ...view }: ReportView): { id: PageSection; title: string }[] {
  const ran = view.runs.length + view.hammer.length + view.verify.length > 0;
  return [
    ...(findings.length > 0 ? [{ id: 'findings' as const, title: t('Findings') }] : []),
    ...((matrix?.rows.length ?? 0) > 0 ? [{ id: 'matrix' as const, title: t('Conflicts') }] : []),
    ...(view.runs.some(({ played }) => played !== undefined)
      ? [{ id: 'schedules' as const, title: t('Schedules') }]
      : []),
    ...(ran ? [{ id: 'stress' as const, title: t('Runs') }] : []),
    ...(exports.length > 0 ? [{ id: 'exports' as const, title: t('Exports') }] : []),
    ...(notes.length > 0 ? [{ id: 'notes' as const, title: t('Notes') }] : []),
  ];
}

/** The whole page about one module. */
export function ReportPage({ view, host, focus, failure, above }: ReportPageProps) {
  const [playing, setPlaying] = useState(focus?.finding);
  useEffect(() => {
    if (focus?.finding !== undefined) setPlaying(focus.finding);
    const section = focus?.section ?? sectionOf(focus);
    if (section !== undefined) goTo(section);
  }, [focus]);
  const play = useCallback((finding: string) => {
    setPlaying(finding);
    goTo('schedules');
  }, []);
  const sections = sectionsOf(view);
  return (
    <PlayFinding.Provider value={play}>
      {above}
      <main class="report">
        <Header view={view} host={host} />
        {sections.length > 1 && (
          <nav class="sections" aria-label={t('Parts of the report')}>
            {sections.map(({ id, title }) => (
              <button key={id} type="button" class="link" onClick={() => goTo(id)}>
                {title}
              </button>
            ))}
          </nav>
        )}
        {failure !== undefined && (
          <p class="banner" role="status">
            <SignIcon sign="warn" /> <Prose text={failure} />
          </p>
        )}
        {view.stale && (
          <p class="banner" role="status">
            <SignIcon sign="warn" />{' '}
            {t('The module has changed since these runs. Run them again to see what is true now.')}
          </p>
        )}
        <VerdictCard view={view} host={host} />
        {sections.map(({ id, title }) => (
          <section key={id} id={id} class="part" aria-labelledby={`${id}-heading`} tabindex={-1}>
            <h2 id={`${id}-heading`}>{title}</h2>
            <Part id={id} view={view} host={host} focus={focus} playing={playing} />
          </section>
        ))}
      </main>
    </PlayFinding.Provider>
  );
}

function Part(props: Pick<ReportPageProps, 'view' | 'host' | 'focus'> & { id: PageSection; playing?: string }) {
  const { id, view, host, focus, playing } = props;
  switch (id) {
    case 'findings':
      return <FindingList groups={view.findings} host={host} />;
    case 'matrix':
      return view.matrix === undefined ? null : <HeatMap matrix={view.matrix} host={host} focus={focus?.exports} />;
    case 'schedules':
      return <Schedules schedules={view.runs.flatMap(({ played }) => played ?? [])} host={host} finding={playing} />;
    case 'stress':
      return <ScenarioList view={view} host={host} />;
    case 'exports':
      return <ExportList rows={view.exports} host={host} />;
    case 'notes':
      return (
        <ul class="notes">
          {view.notes.map((note) => (
            <li key={note}>
              <Prose text={note} />
            </li>
          ))}
        </ul>
      );
    default:
      return null;
  }
}

/** The part that shows what is in the focus. */
function sectionOf({ finding, exports }: ReportFocus = {}): PageSection | undefined {
  if (finding !== undefined) return 'schedules';
  return exports === undefined ? undefined : 'matrix';
}

/** Scrolls to a part and puts the focus there, so that the next Tab goes on from it. */
function goTo(id: PageSection): void {
  const part = document.getElementById(id);
  part?.scrollIntoView({ block: 'start' });
  part?.focus({ preventScroll: true });
}
