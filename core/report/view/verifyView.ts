/** What the user's own host has shown of one scenario, for the report. */
import { type Message, message, t, translated } from '../../text/l10n.ts';
import { number, plural } from '../../text/phrases.ts';
import type { VerifyFinding, VerifyResult, VerifyRun } from '../../verify/model.ts';
import { hangPlaces, modeText } from '../../verify/verified.ts';
import { printable } from '../printable.ts';
import { findingText, verifyVerdict } from '../verifyVerdict.ts';
import { countedView } from './hammerView.ts';
import type { VerifyView } from './runModel.ts';
import { scenarioView } from './scenarioText.ts';

/** What exploration does not have comes first, what was not seen last. */
const STATUS_ORDER: readonly VerifyFinding['status'][] = ['new', 'confirmed', 'not-seen'];
const MAX_FINDINGS_SHOWN = 100;

/** `title`: the name of the scenario in its plan. */
export function verifyView(result: VerifyResult, title = ''): VerifyView {
  const shown = printable({ ...result, runs: result.runs.map((run) => ({ ...run, output: '' })) });
  const { go, wazero, module } = shown.runtime;
  return {
    scenario: scenarioView(result.scenario, title),
    verdict: shown.verdict,
    text: verifyVerdict(shown),
    runtime: t('wazero {0} of the module {1}, {2}', wazero, module, go),
    findings: shown.findings
      .toSorted((a, b) => STATUS_ORDER.indexOf(a.status) - STATUS_ORDER.indexOf(b.status))
      .slice(0, MAX_FINDINGS_SHOWN)
      .map((one) => ({
        status: one.status,
        how: findingText(one),
        text: `${translated(FINDING_KIND[one.kind])}: ${one.text}`,
      })),
    modes: shown.runs.map((run) => modeView(run, shown)),
    remedies: shown.remedies.map(({ clean, text }) => ({ clean, text })),
    notes: shown.notes,
  };
}

const FINDING_KIND: Readonly<Record<VerifyResult['findings'][number]['kind'], Message>> = {
  race: message('race'),
  'host-hazard': message('host hazard'),
  'wrong-outcome': message('wrong outcome'),
  hang: message('hang'),
  crash: message('crash'),
};

function modeView(run: VerifyRun, { scenario }: VerifyResult): VerifyView['modes'][number] {
  const { mode, rounds, seconds, reports, hang, crash } = run;
  const spent = t('{0} in {1} s', plural(rounds, 'round'), number(Math.round(seconds * 10) / 10));
  const races = mode === 'interpreter-race' || mode === 'watched';
  const rate = races ? t('{0}, {1}', spent, plural(reports, 'race report')) : spent;
  return {
    name: modeText(mode),
    counted: countedView({ ...run, scenario }, rounds, rate),
    text: [
      ...(hang === null ? [] : [t('Did not return: {0}', hangPlaces(hang, scenario))]),
      ...(crash === null ? [] : [t('The process ended: {0}', crash)]),
    ],
  };
}
