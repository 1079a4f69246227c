/** What runs have shown, by scenario: explored, hammered and verified results of the same calls stand together. */

import type { ReportView } from '../../../core/report/view/model.ts';
import type { HammerView, RunView, ScenarioView, VerifyView } from '../../../core/report/view/runModel.ts';
import { t } from '../../../core/text/l10n.ts';
import type { ViewHost } from '../host.ts';
import { ExploredResult } from './explored.tsx';
import { HammeredResult } from './hammered.tsx';
import { VerifiedResult } from './verified.tsx';
import './runs.css';

/** All results of one scenario. */
interface Together {
  scenario: ScenarioView;
  explored?: RunView;
  hammered?: HammerView;
  verified?: VerifyView;
}

/** In the order in which scenarios were first run. */
function together({ runs, hammer, verify }: ReportView): Together[] {
  const all = new Map<string, Together>();
  const of = (scenario: ScenarioView): Together => {
    const known = all.get(scenario.key) ?? { scenario };
    all.set(scenario.key, known);
    return known;
  };
  for (const one of runs) of(one.scenario).explored = one;
  for (const one of hammer) of(one.scenario).hammered = one;
  for (const one of verify) of(one.scenario).verified = one;
  return [...all.values()];
}

/** A card for each scenario. */
export function ScenarioList({ view, host }: { view: ReportView; host: ViewHost }) {
  return (
    <>
      {together(view).map(({ scenario, explored, hammered, verified }) => (
        <article key={scenario.key} class={view.stale ? 'scenario stale' : 'scenario'}>
          <Calls scenario={scenario} />
          {explored !== undefined && <ExploredResult run={explored} host={host} />}
          {hammered !== undefined && <HammeredResult run={hammered} />}
          {verified !== undefined && <VerifiedResult run={verified} />}
        </article>
      ))}
    </>
  );
}

function Calls({ scenario: { title, setup, callers, probe } }: { scenario: ScenarioView }) {
  return (
    <header class="calls">
      {title !== '' && <h3>{title}</h3>}
      <dl>
        {setup !== '' && (
          <>
            <dt>{t('first')}</dt>
            <dd>
              <code>{setup}</code>
            </dd>
          </>
        )}
        {callers.map(({ name, calls }) => (
          <>
            <dt>
              <span class="caller">{name}</span>
            </dt>
            <dd>
              <code>{calls}</code>
            </dd>
          </>
        ))}
        {probe !== '' && (
          <>
            <dt>{t('then')}</dt>
            <dd>
              <code>{probe}</code>
            </dd>
          </>
        )}
      </dl>
    </header>
  );
}
