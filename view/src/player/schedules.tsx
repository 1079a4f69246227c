/** The findings of all runs that a schedule shows: a list to choose from, and the player of the chosen one. */

import { useEffect, useRef, useState } from 'preact/hooks';
import type { FindingView } from '../../../core/report/view/scheduleFindings.ts';
import type { ScheduleView } from '../../../core/report/view/scheduleView.ts';
import { t } from '../../../core/text/l10n.ts';
import type { ViewHost } from '../host.ts';
import { useWidth } from '../width.ts';
import { FindingSelect } from './findingSelect.tsx';
import { SchedulePlayer } from './schedulePlayer.tsx';
import './player.css';

/** What the list shows. */
interface SchedulesProps {
  schedules: readonly ScheduleView[];
  host: ViewHost;
  /** Id or schedule of the finding to show. */
  finding?: string;
}

/** Findings of a run before the rest is asked for. */
const FIRST = 6;
/** Pixels that the list and the player need beside each other; with less, the list is one line above the player. */
const LEAST_BESIDE = 1000;

function kindWord({ kind, buffered }: FindingView): string {
  switch (kind) {
    case 'host-hazard':
      return t('host hazard');
    case 'hang':
      return buffered ? t('hang with store buffers') : t('hang');
    case 'wrong-outcome':
      return buffered ? t('wrong outcome with store buffers') : t('wrong outcome');
    case 'race':
      return t('data race');
  }
}

/** At least one schedule with a finding. */
export function Schedules({ schedules, host, finding: wanted }: SchedulesProps) {
  const [chosen, setChosen] = useState<string | undefined>(
    () => wanted ?? (host.restore('player') as string | undefined),
  );
  useEffect(() => {
    if (wanted !== undefined) setChosen(wanted);
  }, [wanted]);
  const whole = useRef<HTMLDivElement>(null);
  const isBeside = useWidth(whole) >= LEAST_BESIDE;
  const found = find(schedules, chosen) ?? { schedule: schedules[0], finding: schedules[0].findings[0] };
  const { finding, schedule } = found;
  const choose = ({ id }: FindingView): void => {
    setChosen(id);
    host.keep('player', id);
  };
  return (
    <div ref={whole} class={`schedules ${isBeside ? 'beside' : ''}`}>
      {isBeside ? (
        <nav class="chooser" aria-label={t('Findings with a schedule')}>
          {schedules.map((one) => (
            <RunFindings
              key={one.findings[0].id}
              schedule={one}
              current={finding}
              onChoose={choose}
              named={schedules.length > 1}
            />
          ))}
        </nav>
      ) : (
        <FindingSelect schedules={schedules} current={finding} onChoose={choose} />
      )}
      <SchedulePlayer key={finding.id} schedule={schedule} finding={finding} host={host} />
    </div>
  );
}

function find(
  schedules: readonly ScheduleView[],
  name: string | undefined,
): { schedule: ScheduleView; finding: FindingView } | undefined {
  if (name === undefined) return undefined;
  const all = schedules.flatMap((schedule) => schedule.findings.map((finding) => ({ schedule, finding })));
  return (
    all.find(({ finding }) => finding.id === name) ??
    all.find(({ finding }) => finding.schedule === name) ??
    all.find(({ finding }) => finding.also?.includes(name))
  );
}

/** What a list of one run needs. */
interface RunFindingsProps {
  schedule: ScheduleView;
  current: FindingView;
  named: boolean;
  onChoose(finding: FindingView): void;
}

function RunFindings({ schedule, current, named, onChoose }: RunFindingsProps) {
  const { findings, lanes } = schedule;
  const [all, setAll] = useState(false);
  const hidden = all ? [] : findings.slice(FIRST).filter((one) => one !== current);
  return (
    <div class="run-findings">
      {named && (
        <h4>
          {lanes.map(({ name, calls }) => (
            <span key={name}>
              {name} <code>{calls}</code>{' '}
            </span>
          ))}
        </h4>
      )}
      <ul>
        {findings
          .filter((one) => !hidden.includes(one))
          .map((one) => (
            <li key={one.id}>
              <button
                type="button"
                class="finding"
                aria-current={one === current ? 'true' : undefined}
                onClick={() => onChoose(one)}
              >
                <span class="tag">{kindWord(one)}</span>
                <span class="finding-title">{one.name}</span>
                <span class="finding-detail">
                  {one.parties === undefined && one.buffered !== true ? '' : one.detail[0]}
                </span>
              </button>
            </li>
          ))}
      </ul>
      {hidden.length > 0 && (
        <button type="button" class="link" onClick={() => setAll(true)}>
          {t('{0} more', hidden.length)}
        </button>
      )}
    </div>
  );
}
