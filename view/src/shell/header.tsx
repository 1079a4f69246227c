/** Name, host and size of the module, and the answer: may it be called concurrently, and what to do. */

import type { ModuleView, ReportView } from '../../../core/report/view/model.ts';
import { t } from '../../../core/text/l10n.ts';
import { plural } from '../../../core/text/phrases.ts';
import type { ViewHost } from '../host.ts';
import { type Sign, SignIcon } from './icons.tsx';
import { Prose } from './prose.tsx';
import './header.css';

type Status = NonNullable<ReportView['verdict']>['status'];

const SIGNS: Readonly<Record<Status, Sign>> = {
  'not-safe': 'bad',
  'possibly-not-safe': 'warn',
  'host-only': 'info',
  'no-conflict': 'good',
  program: 'info',
  'no-exports': 'info',
};

function sizeText(bytes: number): string {
  if (bytes < 1000) return plural(bytes, 'byte');
  return bytes < 1e6 ? `${(bytes / 1e3).toFixed(1)} kB` : `${(bytes / 1e6).toFixed(1)} MB`;
}

function factsOf({ module: { bytes, functions, exports } }: ModuleView): string[] {
  return [
    ...(bytes === undefined ? [] : [sizeText(bytes)]),
    ...(functions === undefined ? [] : [plural(functions, 'function')]),
    ...(exports === undefined ? [] : [plural(exports, 'export')]),
  ];
}

/** The top of the page. */
export function Header({ view, host }: { view: ReportView; host: ViewHost }) {
  const { module, hostLabel, hostReason, modelText } = view;
  return (
    <header class="top">
      <div class="title-row">
        <h1>{module.name}</h1>
        {host.can.save && (
          <button type="button" class="quiet" onClick={() => host.saveReport()}>
            {t('Export')}
          </button>
        )}
      </div>
      <ul class="facts">
        <li title={hostReason}>
          <span class="fact-name">{t('Host')}</span> {hostLabel}
        </li>
        {modelText !== '' && (
          <li>
            <span class="fact-name">{t('Model')}</span> {modelText}
          </li>
        )}
        {factsOf(view).map((fact) => (
          <li key={fact}>{fact}</li>
        ))}
      </ul>
    </header>
  );
}

/** The verdict, with what follows from it and what to do next. */
export function VerdictCard({ view, host }: { view: ReportView; host: ViewHost }) {
  const { verdict, partial } = view;
  if (verdict === undefined)
    return partial === undefined ? null : (
      <section id="verdict" class="verdict" aria-label={t('Verdict')}>
        <p class="headline">
          <SignIcon sign="unknown" /> <Prose text={partial} />
        </p>
      </section>
    );
  const { status, headline, shown } = verdict;
  // What a run has found comes before what the analysis supposes; what none has found comes after it.
  const sign = shown?.bad === true ? 'bad' : SIGNS[status];
  const [first, ...sentences] = [
    ...(shown?.bad === true ? [shown.text, headline] : [headline, ...(shown === undefined ? [] : [shown.text])]),
    ...verdict.sentences,
  ];
  return (
    <section id="verdict" class={`verdict verdict-${sign}`} aria-labelledby="verdict-headline" tabindex={-1}>
      <h2 id="verdict-headline" class="headline">
        <SignIcon sign={sign} />
        <span>
          <Prose text={first} />
        </span>
      </h2>
      {partial !== undefined && (
        <p class="note">
          <SignIcon sign="warn" /> <Prose text={partial} />
        </p>
      )}
      {sentences.map((sentence) => (
        <p key={sentence}>
          <Prose text={sentence} />
        </p>
      ))}
      {host.can.run && (
        <div class="actions">
          <button type="button" class="primary" onClick={() => host.command('wrap')}>
            {t('Generate wrapper')}
          </button>
          <button type="button" onClick={() => host.command('stress')}>
            {t('Stress test')}
          </button>
          <button type="button" onClick={() => host.command('verify')}>
            {t('Verify on wazero')}
          </button>
        </div>
      )}
    </section>
  );
}
