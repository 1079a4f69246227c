/** `initialise`: instances that are made while others run, and write the memory that these use. */

import { t } from '../../text/l10n.ts';
import { type Advice, UNCHECKED } from '../advice.ts';
import { raceEvidence } from '../evidence.ts';
import { calledBy, meetsInstantiation } from '../facts/exploredRun.ts';
import type { AdviceFacts } from '../facts.ts';
import { exportsText, namesOf, positionsOf } from '../wording.ts';

/** One piece if a run has a race between a call and an instantiation, otherwise none. */
export function instantiateFirstAdvice(facts: AdviceFacts): Advice[] {
  const racing = facts.runs.filter(({ result }) => result.races.some((race) => meetsInstantiation(result, race)));
  if (racing.length === 0) return [];
  const positions = positionsOf(facts, calledBy(racing));
  const calls = positions.length > 0 ? t('the first call of {0}', exportsText(facts, positions)) : t('the first call');
  return [
    {
      remedy: 'initialise',
      exports: namesOf(facts, positions),
      pairs: [],
      text: t(
        'Create all instances before {0}, or build the module so that only the first instance writes the memory: with passive data segments and a start function that a flag guards (0 at first, 1 while it runs, 2 when it is done), as linkers generate them for threads.',
        calls,
      ),
      because: racing.slice(0, 1).flatMap(({ result }) =>
        result.races
          .filter((race) => meetsInstantiation(result, race))
          .slice(0, 1)
          .map((race) => raceEvidence(result, race)),
      ),
      checked: UNCHECKED,
    },
  ];
}
