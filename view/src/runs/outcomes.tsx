/** Outcomes as a table, with a bar for each that says how often it was seen. */

import type { OutcomeView, ScenarioView } from '../../../core/report/view/runModel.ts';
import type { FindingView } from '../../../core/report/view/scheduleFindings.ts';
import { t } from '../../../core/text/l10n.ts';
import { number } from '../../../core/text/phrases.ts';
import { PlayLink } from '../player/playLink.tsx';
import { SignIcon } from '../shell/icons.tsx';
import { Prose } from '../shell/prose.tsx';
import { Bar } from './bar.tsx';

const isWrong = ({ kind }: OutcomeView): boolean => kind !== 'serial' && kind !== 'not-judged';

interface OutcomesProps {
  outcomes: readonly OutcomeView[];
  scenario: ScenarioView;
  /** Rounds in which outcomes were counted; 0 where they were not. */
  rounds: number;
  /** Findings of the same calls that can be played. */
  findings?: readonly FindingView[];
  /** Outcomes beyond those that are listed. */
  more?: number;
}

/** Wrong outcomes are marked by a sign and by words. */
export function OutcomeBars({ outcomes, scenario, rounds, findings = [], more = 0 }: OutcomesProps) {
  const heads = [...scenario.callers.map(({ name }) => name), ...(scenario.probe === '' ? [] : [t('then')])];
  const most = Math.max(...outcomes.map(({ samples = 0 }) => samples));
  return (
    <div class="wide">
      <table class="outcomes">
        <caption>{t('Outcomes')}</caption>
        <thead>
          <tr>
            {heads.map((head) => (
              <th key={head} scope="col">
                {head}
              </th>
            ))}
            {rounds > 0 && <th scope="col">{t('Rounds')}</th>}
            <th scope="col">{t('Meaning')}</th>
          </tr>
        </thead>
        <tbody>
          {outcomes.map((one, nth) => (
            <tr key={nth} class={isWrong(one) ? 'wrong' : ''}>
              {one.results.map((result, caller) => (
                <td key={caller}>
                  <code>{result === '' ? t('nothing') : result}</code>
                </td>
              ))}
              {rounds > 0 && (
                <td>
                  <Bar
                    share={(one.samples ?? 0) / most}
                    kind={isWrong(one) ? 'bad' : 'plain'}
                    text={one.shareText ?? number(one.samples ?? 0)}
                    title={t('{0} of {1} rounds', number(one.samples ?? 0), number(rounds))}
                  />
                </td>
              )}
              <td>
                <span class="known">
                  <SignIcon sign={isWrong(one) ? 'bad' : one.kind === 'serial' ? 'good' : 'unknown'} />
                  <span>
                    <Prose text={one.text} />
                    {one.state.map((text) => (
                      <div key={text} class="note">
                        {text}
                      </div>
                    ))}
                    <PlayLink findings={findings} schedule={one.schedule} />
                  </span>
                </span>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {more > 0 && <p class="note">{t('and {0} more outcomes', number(more))}</p>}
    </div>
  );
}
