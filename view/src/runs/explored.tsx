/** What exploration has shown: the worst first, who met where, outcomes, advice, and how far it went. */

import { useContext } from 'preact/hooks';
import type { AdviceView, MeetingView, RunView } from '../../../core/report/view/runModel.ts';
import { t } from '../../../core/text/l10n.ts';
import { number } from '../../../core/text/phrases.ts';
import type { ViewHost } from '../host.ts';
import { PlayFinding } from '../player/playFinding.ts';
import { type Sign, SignIcon } from '../shell/icons.tsx';
import { PlaceLink } from '../shell/placeLink.tsx';
import { Prose } from '../shell/prose.tsx';
import { OutcomeBars } from './outcomes.tsx';

type Headline = RunView['headlines'][number];

const SIGN: Readonly<Record<Headline, Sign>> = {
  'host-hazard': 'bad',
  hang: 'bad',
  'wrong-outcome': 'bad',
  race: 'bad',
  'private-state': 'bad',
  inconclusive: 'unknown',
  safe: 'good',
};

/** Meetings before the rest is asked for. */
const FIRST_MET = 4;

/** A result of exploration. */
export function ExploredResult({ run, host }: { run: RunView; host: ViewHost }) {
  const { headlines, texts, explored, restsOn, met, metTotal, hang, outcomes, advice, played, notes, scenario } = run;
  const play = useContext(PlayFinding);
  const first = met.slice(0, FIRST_MET);
  const rest = met.slice(FIRST_MET);
  return (
    <section class="result" aria-label={t('Explored')}>
      <h4>{t('Explored')}</h4>
      <ul class="headlines">
        {texts.map((text, nth) => (
          <li key={text} class={nth === 0 ? 'worst' : ''}>
            <SignIcon sign={SIGN[headlines[nth]]} />
            <span>
              <Prose text={text} />
            </span>
          </li>
        ))}
      </ul>
      {hang !== undefined && (
        <div class="hang">
          <p>
            <Prose text={hang.text} />
          </p>
          <ul class="meetings">
            {hang.callers.map(({ name, does, place }) => (
              <li key={name}>
                <span class="caller">{name}</span> {does} <PlaceLink place={place} host={host} />
              </li>
            ))}
          </ul>
        </div>
      )}
      {first.length > 0 && <Meetings met={first} host={host} />}
      {rest.length > 0 && (
        <details>
          <summary>{t('{0} more', number(metTotal - FIRST_MET))}</summary>
          <Meetings met={rest} host={host} />
        </details>
      )}
      {outcomes.length > 0 && (
        <OutcomeBars outcomes={outcomes} scenario={scenario} rounds={0} findings={played?.findings} />
      )}
      {played !== undefined && (
        <div class="actions">
          <button type="button" onClick={() => play(played.findings[0].id)}>
            {t('Play schedule')}
          </button>
        </div>
      )}
      {advice.length > 0 && <Advice advice={advice} />}
      <p class="note">
        {explored}
        {restsOn.length > 0 && (
          <>
            {' '}
            <Prose text={t('Rests on: {0}.', restsOn.join('; '))} />
          </>
        )}
      </p>
      {notes.map((note) => (
        <p key={note} class="note">
          <Prose text={note} />
        </p>
      ))}
    </section>
  );
}

function Meetings({ met, host }: { met: readonly MeetingView[]; host: ViewHost }) {
  return (
    <ul class="meetings">
      {met.map(({ kind, cell, harm, parties }, nth) => (
        <li key={nth}>
          <div>
            <span class="tag">{kind === 'race' ? t('data race') : t('host hazard')}</span> <code>{cell}</code>
          </div>
          {parties.map(({ caller, does, place }, side) => (
            <div key={side} class="party">
              <span class="caller">{caller}</span> <code>{does}</code> <PlaceLink place={place} host={host} />
            </div>
          ))}
          {harm !== undefined && <p>{harm}</p>}
        </li>
      ))}
    </ul>
  );
}

function Advice({ advice }: { advice: readonly AdviceView[] }) {
  return (
    <div class="advice">
      <h5>{t('What to do')}</h5>
      <ul class="advice-list">
        {advice.map(({ text, because, checked, wasChecked }, nth) => (
          <li key={nth}>
            <Prose text={text} />
            <div class="note">
              {because.length > 0 && <Prose text={t('Because: {0}.', because[0])} />}{' '}
              {wasChecked ? t('Checked {0}.', checked) : t('Not checked by running.')}
            </div>
          </li>
        ))}
      </ul>
    </div>
  );
}
