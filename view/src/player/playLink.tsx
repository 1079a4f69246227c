/** A link from an outcome to the schedule that gives it. */

import { useContext } from 'preact/hooks';
import type { FindingView } from '../../../core/report/view/scheduleFindings.ts';
import { t } from '../../../core/text/l10n.ts';
import { PlayFinding } from './playFinding.ts';

/** Nothing where none of the findings is of the schedule. */
export function PlayLink({ findings, schedule }: { findings: readonly FindingView[]; schedule?: string }) {
  const play = useContext(PlayFinding);
  const finding =
    schedule === undefined
      ? undefined
      : findings.find(
          (one) => one.kind === 'wrong-outcome' && (one.schedule === schedule || one.also?.includes(schedule)),
        );
  if (finding === undefined) return null;
  return (
    <button type="button" class="link play-link" onClick={() => play(finding.id)}>
      {t('Play schedule')}
    </button>
  );
}
