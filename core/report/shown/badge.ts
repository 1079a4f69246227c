/** What runs show in the few words of a badge or of a line in a list. */

import { headlinesOf } from '../../stress/explore/headlines.ts';
import type { StressResult } from '../../stress/explore/result.ts';
import type { HammerResult } from '../../stress/hammer/hammerResult.ts';
import { type Message, message, t, translated } from '../../text/l10n.ts';
import type { VerifyResult } from '../../verify/model.ts';
import { verifyVerdict } from '../verifyVerdict.ts';
import { FINDING_NAME, findingsAmong, type StressFinding } from './shownText.ts';

/** What badges are made of. */
type Explored = Pick<
  StressResult,
  'verdict' | 'wrongOutcome' | 'races' | 'hang' | 'hostHazards' | 'privateState' | 'outcomes' | 'storeBuffers'
>;

/** Whether every outcome was compared with those of serial orders. */
const isJudged = ({ outcomes }: Pick<StressResult, 'outcomes'>): boolean =>
  outcomes.serial > 0 && outcomes.serialComplete;

const isOnlyRace = (findings: readonly StressFinding[]): boolean => findings.length === 1 && findings[0] === 'race';

/** Whether data races are all that a result shows without store buffers, and every outcome was judged and is serial. */
export const showsOnlyRaces = (result: Explored): boolean =>
  isOnlyRace(findingsAmong(headlinesOf(result))) && isJudged(result);

/**
 * Whether data races are all that a result shows, with store buffers, too, and every outcome was judged and is serial.
 * Such a race fails a test like any other: it is undefined behaviour in the source language, and hardware reorders plain
 * accesses.
 */
export const isRaceAlone = (result: Explored): boolean =>
  showsOnlyRaces(result) && bufferedBadge([result]) === undefined;

/** The worst that only schedules with store buffers show; undefined where that is nothing. */
function bufferedBadge(results: readonly Pick<StressResult, 'storeBuffers'>[]): string | undefined {
  const found = results.flatMap(({ storeBuffers }) => storeBuffers ?? []);
  if (found.some(({ hang }) => hang !== null)) return t('hang with store buffers');
  return found.some(({ wrong }) => wrong.length > 0) ? t('wrong outcome with store buffers') : undefined;
}

/**
 * `host hazard, race`, `wrong outcome, race`, `race, no wrong outcome found`, `race, wrong outcome with store buffers`: all
 * that explorations found, the worst first. Without a finding `inconclusive` if one of them is, else what was looked for.
 * `results`: at least one.
 */
export function exploredBadge(results: readonly Explored[]): string {
  const headlines = results.map(headlinesOf);
  const findings = findingsAmong(headlines.flat());
  const buffered = isOnlyRace(findings) ? bufferedBadge(results) : undefined;
  if (buffered !== undefined) return [namesOf(findings), buffered].join(t(', '));
  if (findings.length > 0) return findingsBadge(findings, results.filter(isFound).every(isRaceAlone));
  if (headlines.some(([worst]) => worst === 'inconclusive')) return t('inconclusive');
  return results.every(isJudged) ? t('no race or wrong outcome found') : t('no race or hang found');
}

const isFound = (result: Explored): boolean => findingsAmong(headlinesOf(result)).length > 0;

const findingsBadge = (findings: readonly StressFinding[], alone: boolean): string =>
  alone ? t('race, no wrong outcome found') : namesOf(findings);

const namesOf = (findings: readonly StressFinding[]): string =>
  findings.map((one) => translated(FINDING_NAME[one])).join(t(', '));

const HAMMER_BADGE: Readonly<Record<HammerResult['verdict'], Message>> = {
  'wrong-outcome': message('hammer: wrong outcome'),
  hang: message('hammer: hang'),
  'none-seen': message('hammer: no wrong outcome seen'),
  'not-judged': message('hammer: not judged'),
};

/** The worst of what hammer runs showed; where they showed nothing, what exploration found of the same calls. */
export function hammerBadge(results: readonly HammerResult[]): string {
  for (const verdict of ['hang', 'wrong-outcome'] as const)
    if (results.some((one) => one.verdict === verdict)) return translated(HAMMER_BADGE[verdict]);
  const explored = results.flatMap(({ explored: one }) => (one === null ? [] : [one]));
  const found = findingsAmong(
    explored.flatMap(({ verdict, wrongOutcome }) => [
      ...(verdict === 'non-atomic' ? [] : [verdict]),
      ...(wrongOutcome ? (['wrong-outcome'] as const) : []),
    ]),
  );
  if (found.length > 0) return t('hammer: none seen; explored: {0}', namesOf(found));
  return translated(HAMMER_BADGE[results.some(({ verdict }) => verdict === 'not-judged') ? 'not-judged' : 'none-seen']);
}

/** The most telling of the verdicts of runs on the real host. `results`: at least one. */
export function verifyBadge(results: readonly VerifyResult[]): string {
  const order: readonly VerifyResult['verdict'][] = ['new', 'confirmed', 'not-verified', 'not-seen'];
  const [worst] = results.toSorted((x, y) => order.indexOf(x.verdict) - order.indexOf(y.verdict));
  return t('verified: {0}', verifyVerdict(worst));
}
