/** What parallel calls have shown: how often outcomes were seen, and what remedies cost. */

import type { HammerView, RemedyView } from '../../../core/report/view/runModel.ts';
import { t } from '../../../core/text/l10n.ts';
import { SignIcon } from '../shell/icons.tsx';
import { Prose } from '../shell/prose.tsx';
import { Bar } from './bar.tsx';
import { OutcomeBars } from './outcomes.tsx';

/** A result of the hammer. */
export function HammeredResult({ run }: { run: HammerView }) {
  const { verdict, text, counted, traps, costs, perInstance, unmeasured, notes, scenario } = run;
  const isBad = verdict === 'wrong-outcome' || verdict === 'hang';
  return (
    <section class="result" aria-label={t('Hammered')}>
      <h4>{t('Hammered')}</h4>
      <ul class="headlines">
        <li class="worst">
          <SignIcon sign={isBad ? 'bad' : 'unknown'} />
          <span>
            <Prose text={text} />
          </span>
        </li>
        {traps.map((trap) => (
          <li key={trap}>
            <SignIcon sign="bad" />
            <span>{t('Trap only under concurrency: {0}', trap)}</span>
          </li>
        ))}
      </ul>
      {counted.rounds > 0 && (
        <>
          <OutcomeBars outcomes={counted.outcomes} scenario={scenario} rounds={counted.rounds} more={counted.more} />
          <p class="note">{counted.text}.</p>
        </>
      )}
      {costs.length > 0 && <Costs costs={costs} />}
      {perInstance !== undefined && <p class="note">{t('Each instance: {0}.', perInstance)}</p>}
      {[...unmeasured, ...notes].map((note) => (
        <p key={note} class="note">
          <Prose text={note} />
        </p>
      ))}
    </section>
  );
}

function Costs({ costs }: { costs: readonly RemedyView[] }) {
  const most = Math.max(...costs.flatMap(({ rows }) => rows.map(({ speed, spread }) => spread?.most ?? speed)));
  return (
    <div class="wide">
      <table class="costs">
        <caption>{t('Cost of remedies, called from JavaScript with one caller per thread')}</caption>
        <thead>
          <tr>
            <th scope="col">{t('Remedy')}</th>
            <th scope="col">{t('Threads')}</th>
            <th scope="col">{t('Calls per second')}</th>
            <th scope="col">{t('Latency of all calls of a caller')}</th>
          </tr>
        </thead>
        {costs.map(({ remedy, label, text, rows }) => (
          <tbody key={remedy}>
            {rows.map(({ threads, speed, speedText, spread, latency }, nth) => (
              <tr key={threads}>
                {nth === 0 && (
                  <th scope="rowgroup" rowSpan={rows.length}>
                    {label}
                    <div class="note">{text}</div>
                  </th>
                )}
                <td>{threads}</td>
                <td>
                  <Bar
                    share={speed / most}
                    kind="plain"
                    text={spread === undefined ? speedText : `${speedText}, ${spread.text}`}
                    spread={spread && { from: spread.least / most, to: spread.most / most }}
                  />
                </td>
                <td>{latency}</td>
              </tr>
            ))}
          </tbody>
        ))}
      </table>
    </div>
  );
}
