/** The findings of all runs in one line, for where there is no room for a list beside the player. */

import type { FindingView } from '../../../core/report/view/scheduleFindings.ts';
import type { ScheduleView } from '../../../core/report/view/scheduleView.ts';
import { t } from '../../../core/text/l10n.ts';
import { IconButton } from './iconButton.tsx';

/** What can be chosen, and what is. */
interface FindingSelectProps {
  schedules: readonly ScheduleView[];
  current: FindingView;
  onChoose(finding: FindingView): void;
}

/** Nothing where there is no choice. */
export function FindingSelect({ schedules, current, onChoose }: FindingSelectProps) {
  const all = schedules.flatMap(({ findings }) => findings);
  const nth = all.indexOf(current);
  if (all.length < 2) return null;
  const choose = (at: number): void => {
    if (all[at] !== undefined) onChoose(all[at]);
  };
  return (
    <nav class="finding-select" aria-label={t('Findings with a schedule')}>
      <select
        aria-label={t('Findings with a schedule')}
        value={String(nth)}
        onChange={({ currentTarget }) => choose(Number(currentTarget.value))}
      >
        {schedules.map(({ findings, lanes }) => (
          <optgroup key={findings[0].id} label={lanes.map(({ name, calls }) => `${name} ${calls}`).join(' | ')}>
            {findings.map((one) => (
              <option key={one.id} value={String(all.indexOf(one))}>
                {one.parties === undefined ? one.title : `${one.title} (${one.detail[0].replace(/\.$/, '')})`}
              </option>
            ))}
          </optgroup>
        ))}
      </select>
      <span class="counter">
        {nth + 1} / {all.length}
      </span>
      <span class="buttons">
        <IconButton
          label={t('Previous finding')}
          path="M10 3L5 8l5 5"
          disabled={nth <= 0}
          onClick={() => choose(nth - 1)}
        />
        <IconButton
          label={t('Next finding')}
          path="M6 3l5 5-5 5"
          disabled={nth >= all.length - 1}
          onClick={() => choose(nth + 1)}
        />
      </span>
    </nav>
  );
}
