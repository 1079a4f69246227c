/** What the user's own host has shown of the same calls. */

import type { VerifyView } from '../../../core/report/view/runModel.ts';
import { t } from '../../../core/text/l10n.ts';
import { type Sign, SignIcon } from '../shell/icons.tsx';
import { Prose } from '../shell/prose.tsx';
import { OutcomeBars } from './outcomes.tsx';

type Status = VerifyView['findings'][number]['status'];

const STATUS_SIGN: Readonly<Record<Status, Sign>> = { confirmed: 'bad', new: 'bad', 'not-seen': 'unknown' };

/** A result of `verify`. What was not seen is never called safe. */
export function VerifiedResult({ run }: { run: VerifyView }) {
  const { verdict, text, runtime, findings, modes, remedies, notes, scenario } = run;
  return (
    <section class="result" aria-label={t('Verified on the real host')}>
      <h4>{t('Verified on the real host')}</h4>
      <ul class="headlines">
        <li class="worst">
          <SignIcon sign={verdict === 'confirmed' || verdict === 'new' ? 'bad' : 'unknown'} />
          <span>
            <Prose text={text} />
          </span>
        </li>
        {findings.map((finding) => (
          <li key={finding.text}>
            <SignIcon sign={STATUS_SIGN[finding.status]} />
            <span>
              <span class="tag">{finding.how}</span> <Prose text={finding.text} />
            </span>
          </li>
        ))}
        {remedies.map((remedy) => (
          <li key={remedy.text}>
            <SignIcon sign={remedy.clean ? 'info' : 'bad'} />
            <span>
              <Prose text={remedy.text} />
            </span>
          </li>
        ))}
      </ul>
      {modes.map(({ name, counted, text: texts }) => (
        <details key={name}>
          <summary>
            {name}: {counted.text}
          </summary>
          {texts.map((line) => (
            <p key={line}>{line}</p>
          ))}
          {counted.outcomes.length > 0 && (
            <OutcomeBars outcomes={counted.outcomes} scenario={scenario} rounds={counted.rounds} more={counted.more} />
          )}
        </details>
      ))}
      <p class="note">{t('On {0}.', runtime)}</p>
      {notes.map((note) => (
        <p key={note} class="note">
          <Prose text={note} />
        </p>
      ))}
    </section>
  );
}
