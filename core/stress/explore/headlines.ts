/**
 * What a run shows, worst first: the one order that texts, exit codes, severities in the editor and the hammer go by.
 * A result can show several of these; the worst is its headline, and the others follow.
 */
import type { StressResult, Verdict } from './result.ts';

/** The worst first. `wrong-outcome` is an outcome that no serial order gives, with or without data races. */
export const HEADLINES = [
  'host-hazard',
  'hang',
  'wrong-outcome',
  'race',
  'private-state',
  'inconclusive',
  'safe',
] as const;
/** One thing that a result can show. */
export type Headline = (typeof HEADLINES)[number];

/** What a result is judged by. */
export type Judged = Pick<StressResult, 'verdict' | 'wrongOutcome' | 'races' | 'hang' | 'hostHazards' | 'privateState'>;

/** Everything that a result shows, the worst first; at least one. */
export function headlinesOf({ verdict, wrongOutcome, races, hang, hostHazards, privateState }: Judged): Headline[] {
  const shows: Readonly<Record<Headline, boolean>> = {
    'host-hazard': hostHazards.length > 0,
    hang: hang !== null,
    'wrong-outcome': wrongOutcome,
    race: races.length > 0,
    'private-state': privateState !== null,
    inconclusive: verdict === 'inconclusive',
    safe: verdict === 'safe',
  };
  return HEADLINES.filter((headline) => shows[headline]);
}

/** How bad the worst of it is: 0 is safe, and the higher the worse. */
export const severityOfResult = (result: Judged): number => rankOf(headlinesOf(result)[0]);

/** How bad a headline is: 0 is safe. */
const rankOf = (headline: Headline): number => HEADLINES.length - 1 - HEADLINES.indexOf(headline);

/** Whether a verdict is about something that was found. */
export const isFindingVerdict = (verdict: Verdict): boolean => verdict !== 'safe' && verdict !== 'inconclusive';

/** Whether it is something that was found, not only something that could not be known. */
export const isFinding = (headline: Headline): boolean => rankOf(headline) > rankOf('inconclusive');
