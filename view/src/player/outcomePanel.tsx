/** What the calls gave under the schedule, beside what serial orders give. */

import type { FindingView } from '../../../core/report/view/scheduleFindings.ts';
import type { ScheduleOutcome } from '../../../core/report/view/scheduleOutcomes.ts';
import type { ScheduleView, TraceView } from '../../../core/report/view/scheduleView.ts';
import { t } from '../../../core/text/l10n.ts';

/** Serial outcomes that are listed. */
const MAX_SERIAL = 6;

/** A table; nothing where no outcome is known. */
export function OutcomePanel(props: { schedule: ScheduleView; finding: FindingView; trace: TraceView | undefined }) {
  const { schedule, finding, trace } = props;
  const { outcomes } = schedule;
  if (outcomes === undefined) return null;
  const { heads, serial, text } = outcomes;
  const here = finding.kind === 'hang' ? undefined : (trace?.outcome ?? wrongOf(schedule, finding)?.cells);
  const same = here === undefined ? undefined : serial.find(({ cells }) => String(cells) === String(here));
  const isWrong = here === undefined ? finding.kind === 'hang' : same === undefined && finding.kind !== 'race';
  const state = wrongOf(schedule, finding)?.state ?? [];
  return (
    <div class="outcome wide">
      <table>
        <caption>{t('Outcomes: {0}', text)}</caption>
        <thead>
          <tr>
            <td />
            {heads.map(({ name, calls }) => (
              <th key={name} scope="col">
                {name} <code>{calls}</code>
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          <tr class={isWrong ? 'this wrong' : 'this'}>
            <th scope="row">{finding.kind === 'wrong-outcome' ? t('✕ this schedule, wrong') : t('this schedule')}</th>
            {here === undefined ? (
              <td colSpan={heads.length}>{finding.kind === 'hang' ? t('does not end') : t('not run yet')}</td>
            ) : (
              here.map((cell, i) => <td key={heads[i]?.name}>{cell}</td>)
            )}
          </tr>
          {state.length > 0 && (
            <tr class="this">
              <th scope="row">{t('state')}</th>
              <td colSpan={heads.length}>{state.join('; ')}</td>
            </tr>
          )}
          {serial.slice(0, MAX_SERIAL).map((one) => (
            <tr key={one.order}>
              <th scope="row">
                {one === same ? t('serial order {0}, the same', one.order) : t('serial order {0}', one.order)}
              </th>
              {one.cells.map((cell, i) => (
                <td key={heads[i]?.name}>{cell}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
      {serial.length > MAX_SERIAL && (
        <p class="note">{t('and {0} more serial outcomes', serial.length - MAX_SERIAL)}</p>
      )}
    </div>
  );
}

const wrongOf = ({ outcomes }: ScheduleView, { schedule, kind }: FindingView): ScheduleOutcome | undefined =>
  kind === 'wrong-outcome' ? outcomes?.wrong.find((one) => one.schedule === schedule) : undefined;
