/** `initialise`: tables and segments that race, which the host wants set up once, before the first concurrent call. */

import type { RaceReport } from '../../stress/explore/result.ts';
import { type Advice, UNCHECKED } from '../advice.ts';
import { raceEvidence } from '../evidence.ts';
import { exportsInRaces } from '../facts/exploredRun.ts';
import type { AdviceFacts } from '../facts.ts';
import { namesOf, positionsOf } from '../wording.ts';

const KINDS: readonly ['table' | 'segment', (race: RaceReport) => boolean][] = [
  ['segment', ({ kind }) => kind === 'segment'],
  ['table', ({ kind }) => kind === 'table' || kind === 'table.grow'],
];

/** One piece for races on segments and one for races on tables, in the words of the host profile. */
export const initialiseAdvice = (facts: AdviceFacts): Advice[] =>
  KINDS.flatMap(([advice, counts]): Advice[] => {
    const racing = facts.runs.filter(({ result }) => result.races.some(counts));
    if (racing.length === 0) return [];
    const [{ result }] = racing;
    return [
      {
        remedy: 'initialise',
        exports: namesOf(facts, positionsOf(facts, exportsInRaces(racing, counts))),
        pairs: [],
        text: facts.profile.advice[advice],
        because: result.races
          .filter(counts)
          .slice(0, 1)
          .map((race) => raceEvidence(result, race)),
        checked: UNCHECKED,
      },
    ];
  });
