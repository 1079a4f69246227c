/** Words for what stress runs have shown, in a few characters: for lenses, tables and hints. */

import { HEADLINES, type Headline, isFinding } from '../../stress/explore/headlines.ts';
import { isInstantiation } from '../../stress/scenario/instantiation.ts';
import { type Message, message } from '../../text/l10n.ts';
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

/** The findings among headlines, each once, the worst first. */
export const findingsAmong = (headlines: readonly Headline[]): StressFinding[] =>
  HEADLINES.filter((one): one is StressFinding => isFinding(one) && headlines.includes(one));

/** `a wrong outcome and a race`; what is no finding is left out. */
export const findingsText = (headlines: readonly Headline[]): string =>
  listOf(
    findingsAmong(headlines).map((one) => (one === 'private-state' ? FINDING_NAME[one] : `a ${FINDING_NAME[one]}`)),
    HEADLINES.length,
  );

/** `itself, get and an instantiation`, with at most `limit` names. */
export function partnerNames(name: string, partners: readonly string[], limit: number): string {
  const itself = partners.includes(name) ? ['itself'] : [];
  const others = partners.filter((other) => other !== name);
  return listOf(
    [
      ...itself,
      ...others.map((other) => (isInstantiation([other]) ? 'an instantiation' : exportLabel({ name: other }))),
    ].slice(0, limit),
    limit,
    'and',
    partners.length,
  );
}

/** `no race or wrong outcome`: what runs without a finding looked for. */
export const nothingText = (runs: readonly Pick<ShownRun, 'judged'>[]): string =>
  runs.every(({ judged }) => judged) ? 'no race or wrong outcome' : 'no race or hang';

/** `14 schedules, exhaustive for these calls`: how far runs without a finding went, and what they rest on. */
export function boundsText(runs: readonly ShownRun[]): string {
  const schedules = plural(
    runs.reduce((sum, { times }) => sum + times, 0),
    'schedule',
  );
  const far = runs.every(({ exhaustive }) => exhaustive) ? 'exhaustive for these calls' : 'not exhaustive';
  const [rest, ...more] = new Set(runs.flatMap(({ restsOn }) => restsOn));
  if (rest === undefined) return `${schedules}, ${far}`;
  return `${schedules}, ${far}; ${rest.replaceAll('`', '')}${more.length > 0 ? ` and ${plural(more.length, 'more condition')}` : ''}`;
}

/** What one run has shown: `race: 1 data race; ...`, `no race or wrong outcome found (14 schedules, ...)`. */
export function runText(run: ShownRun): string {
  if (run.by === 'hammer') return `hammered: ${run.text}`;
  if (run.by === 'verify') return `verified on the host: ${run.text}`;
  if (run.headlines[0] === 'safe') return `${nothingText([run])} found (${boundsText([run])})`;
  // A finding needs no bounds: it was shown.
  return findingsAmong(run.headlines).length > 0 ? run.text : `${run.text} (${boundsText([run])})`;
}

/** What was shown of one pair: `stress showed a race`, `stress found no race or wrong outcome (14 schedules, ...)`. */
export function pairText(pair: ShownPair): string {
  const headlines = (direct: boolean): Headline[] =>
    pair.filter((one) => one.direct === direct).map(({ headline }) => headline);
  const own = findingsText(headlines(true));
  const joint = findingsText(headlines(false).filter((one) => !headlines(true).includes(one)));
  const parts = [
    own === '' ? '' : `stress showed ${own}`,
    joint === '' ? '' : `${own === '' ? 'stress showed ' : ''}${joint} in a run with other exports`,
  ].filter((part) => part !== '');
  if (parts.length > 0) return parts.join(', and ');
  const clean = cleanRuns(pair);
  if (clean !== undefined) return `stress found ${nothingText(clean)} (${boundsText(clean)})`;
  return 'stress was inconclusive';
}
