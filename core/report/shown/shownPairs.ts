/**
 * What stress runs have shown of each pair of exports, and no more: what a run found is told of the pairs that it found
 * it for, and a run without a finding only of the pairs that it ran.
 */

import { pairKey, pairsOf } from '../../advice/facts/exportPairs.ts';
import type { Analysis } from '../../analysis/model.ts';
import { HEADLINES, type Headline, isFinding } from '../../stress/explore/headlines.ts';
import type { ShownRun } from './shownRun.ts';

/** Something that was shown of a pair, and the runs that show it. */
export interface ShownOfPair {
  headline: Headline;
  /**
   * It was shown of these two. Otherwise of a run that called other exports, too, and whose finding is not about two of
   * them: an outcome, say.
   */
  direct: boolean;
  runs: readonly ShownRun[];
}

/** All that was shown of a pair, the worst first, what was shown of the two alone before what was not; at least one. */
export type ShownPair = readonly [ShownOfPair, ...ShownOfPair[]];

/** What runs have shown of the exports of one module under one host profile and sharing model. */
export interface ShownPairs {
  /** All runs that count, findings or not. */
  runs: readonly ShownRun[];
  /** Undefined for a pair of which nothing was shown. The order of the names does not matter. */
  of(a: string, b: string): ShownPair | undefined;
  /** Names of the exports that were shown anything with an export, perhaps its own and `$instantiate`. */
  partnersOf(name: string): readonly string[];
}

const NO_NAMES: readonly string[] = [];

/** Of a module that was not run. */
export const NOTHING_SHOWN: ShownPairs = { runs: [], of: () => undefined, partnersOf: () => NO_NAMES };

/**
 * Sorts the runs by pair. Only runs under the host profile and the sharing model of the analysis count, and under the
 * cooperative model only those that took the same imports to suspend.
 */
export function shownPairs(
  all: readonly ShownRun[],
  { host, model }: Pick<Analysis, 'host' | 'model'>,
  suspending: readonly string[],
): ShownPairs {
  const runs = all.filter(
    (run) =>
      run.host === host &&
      run.model === model &&
      (model !== 'cooperative' || run.suspending.join('\n') === suspending.join('\n')),
  );
  if (runs.length === 0) return NOTHING_SHOWN;
  const byPair = new Map<string, ShownOfPair[]>();
  const partners = new Map<string, Set<string>>();
  for (const run of runs) {
    for (const { pair, headline, direct } of shownBy(run)) {
      const [a, b] = pair;
      const known = byPair.get(pairKey(pair)) ?? [];
      const same = known.findIndex((one) => one.headline === headline && one.direct === direct);
      if (same === -1) known.push({ headline, direct, runs: [run] });
      else known[same] = { headline, direct, runs: [...known[same].runs, run] };
      byPair.set(pairKey(pair), known);
      partners.set(a, (partners.get(a) ?? new Set()).add(b));
      partners.set(b, (partners.get(b) ?? new Set()).add(a));
    }
  }
  for (const shown of byPair.values())
    shown.sort((x, y) => Number(y.direct) - Number(x.direct) || rankOf(x.headline) - rankOf(y.headline));
  return {
    runs,
    of: (a, b) => byPair.get(pairKey([a, b])) as ShownPair | undefined,
    partnersOf: (name) => [...(partners.get(name) ?? NO_NAMES)],
  };
}

/** The lower the worse. */
const rankOf = (headline: Headline): number => HEADLINES.indexOf(headline);

interface PairHeadline {
  pair: [string, string];
  headline: Headline;
  direct: boolean;
}

function shownBy(run: ShownRun): PairHeadline[] {
  const pairs = pairsOf({ callers: run.callers.map((names) => names.map((name) => [name])) });
  const meet = (meetings: ShownRun['races'], pair: [string, string]): boolean =>
    meetings.some(({ exports }) => pairKey(exports) === pairKey(pair));
  // Nothing is wrong with the others of a run in which two of them raced, but that is not what was shown either.
  return pairs.flatMap((pair) =>
    run.headlines.flatMap((headline): PairHeadline[] => {
      switch (headline) {
        case 'host-hazard':
        case 'race': {
          const direct = meet(headline === 'race' ? run.races : run.hostHazards, pair);
          return direct || run.withHost.includes(headline) ? [{ pair, headline, direct }] : [];
        }
        case 'hang': {
          const hang = run.hanging.length === 0 || pair.some((name) => run.hanging.includes(name));
          const both = run.callers.length === 2 && pair.every((name) => run.hanging.includes(name));
          return hang ? [{ pair, headline, direct: pairs.length === 1 || both }] : [];
        }
        case 'wrong-outcome':
        case 'private-state':
          return [{ pair, headline, direct: pairs.length === 1 }];
        default:
          return [{ pair, headline, direct: true }];
      }
    }),
  );
}

/** The runs that found nothing wrong with a pair, where nothing worse was shown of it; undefined otherwise. */
export const cleanRuns = (pair: ShownPair | undefined): readonly ShownRun[] | undefined =>
  pair?.[0].headline === 'safe' && !pair.some(({ headline }) => isFinding(headline)) ? pair[0].runs : undefined;
