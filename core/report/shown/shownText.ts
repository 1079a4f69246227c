/** Words for what stress runs have shown, in a few characters: for lenses, tables and hints. */

import { HEADLINES, type Headline, isFinding } from '../../stress/explore/headlines.ts';
import { isInstantiation } from '../../stress/scenario/instantiation.ts';
import { type Message, message, t, translated } from '../../text/l10n.ts';
import { listOf, plural } from '../../text/phrases.ts';
import { exportLabel } from '../../wasm/displayNames.ts';
import { cleanRuns, type ShownPair } from './shownPairs.ts';
import type { ShownRun } from './shownRun.ts';

/** A headline that is about something that was found. */
export type StressFinding = Exclude<Headline, 'inconclusive' | 'safe'>;

/** Names of findings, as in `race shown`; the worst first. */
export const FINDING_NAME: Readonly<Record<StressFinding, Message>> = {
  'host-hazard': message('host hazard'),
  hang: message('hang'),
  'wrong-outcome': message('wrong outcome'),
  race: message('race'),
  'private-state': message('private state'),
};

/** The same with an article, as in `stress showed a race`. */
const A_FINDING: Readonly<Record<StressFinding, Message>> = {
  'host-hazard': message('a host hazard'),
  hang: message('a hang'),
  'wrong-outcome': message('a wrong outcome'),
  race: message('a race'),
  'private-state': message('private state'),
};

/** The findings among headlines, each once, the worst first. */
export const findingsAmong = (headlines: readonly Headline[]): StressFinding[] =>
  HEADLINES.filter((one): one is StressFinding => isFinding(one) && headlines.includes(one));

/** `a wrong outcome and a race`; what is no finding is left out. */
export const findingsText = (headlines: readonly Headline[]): string =>
  listOf(
    findingsAmong(headlines).map((one) => translated(A_FINDING[one])),
    HEADLINES.length,
  );

/** `itself, get and an instantiation`, with at most `limit` names. */
export function partnerNames(name: string, partners: readonly string[], limit: number): string {
  const itself = partners.includes(name) ? [t('itself')] : [];
  const others = partners.filter((other) => other !== name);
  return listOf(
    [
      ...itself,
      ...others.map((other) => (isInstantiation([other]) ? t('an instantiation') : exportLabel({ name: other }))),
    ].slice(0, limit),
    limit,
    'and',
    partners.length,
  );
}

/** `no race or wrong outcome`: what runs without a finding looked for; a translation leaves the `no` to the sentence. */
export const nothingText = (runs: readonly Pick<ShownRun, 'judged'>[]): string =>
  runs.every(({ judged }) => judged) ? t('no race or wrong outcome') : t('no race or hang');

/** `14 schedules, exhaustive for these calls`: how far runs without a finding went, and what they rest on. */
export function boundsText(runs: readonly ShownRun[]): string {
  const schedules = plural(
    runs.reduce((sum, { times }) => sum + times, 0),
    'schedule',
  );
  const far = runs.every(({ exhaustive }) => exhaustive) ? t('exhaustive for these calls') : t('not exhaustive');
  const [rest, ...more] = new Set(runs.flatMap(({ restsOn }) => restsOn));
  if (rest === undefined) return t('{0}, {1}', schedules, far);
  const condition = rest.replaceAll('`', '');
  return more.length > 0
    ? t('{0}, {1}; {2} and {3}', schedules, far, condition, plural(more.length, 'more condition'))
    : t('{0}, {1}; {2}', schedules, far, condition);
}

/** What one run has shown: `race: 1 data race; ...`, `no race or wrong outcome found (14 schedules, ...)`. */
export function runText(run: ShownRun): string {
  if (run.by === 'hammer') return t('hammered: {0}', run.text);
  if (run.by === 'verify') return t('verified on the host: {0}', run.text);
  if (run.headlines[0] === 'safe') return t('{0} found ({1})', nothingText([run]), boundsText([run]));
  // A finding needs no bounds: it was shown.
  return findingsAmong(run.headlines).length > 0 ? run.text : t('{0} ({1})', run.text, boundsText([run]));
}

/** What was shown of one pair: `stress showed a race`, `stress found no race or wrong outcome (14 schedules, ...)`. */
export function pairText(pair: ShownPair): string {
  const headlines = (direct: boolean): Headline[] =>
    pair.filter((one) => one.direct === direct).map(({ headline }) => headline);
  const own = findingsText(headlines(true));
  const joint = findingsText(headlines(false).filter((one) => !headlines(true).includes(one)));
  if (own !== '' && joint !== '') return t('stress showed {0}, and {1} in a run with other exports', own, joint);
  if (own !== '') return t('stress showed {0}', own);
  if (joint !== '') return t('stress showed {0} in a run with other exports', joint);
  const clean = cleanRuns(pair);
  if (clean !== undefined) return t('stress found {0} ({1})', nothingText(clean), boundsText(clean));
  return t('stress was inconclusive');
}
