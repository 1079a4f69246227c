/** `fix`: stacks of instances over one memory that overlap, where a run shows callers meeting in it. */

import { stackAdvice, usesStack } from '../../analysis/modelAdvice.ts';
import { type Advice, UNCHECKED } from '../advice.ts';
import { raceEvidence } from '../evidence.ts';
import { raceExports } from '../facts/exploredRun.ts';
import { isOnStack } from '../facts/stackRaces.ts';
import type { AdviceFacts } from '../facts.ts';
import { namesOf, positionsOf } from '../wording.ts';

/** At most one piece, for all exports that race on stack frames. */
export function stacksAdvice(facts: AdviceFacts): Advice[] {
  const { module, analysis, runs } = facts;
  const text = stackAdvice(module, analysis);
  if (text === undefined) return [];
  const found = runs.flatMap(({ result }) =>
    result.races.filter((race) => isOnStack(facts, race)).map((race) => ({ result, race })),
  );
  if (found.length === 0) return [];
  const names = new Set(found.flatMap(({ result, race }) => raceExports(result, race)));
  return [
    {
      remedy: 'fix',
      exports: namesOf(
        facts,
        positionsOf(facts, names).filter((position) => usesStack(analysis, position)),
      ),
      pairs: [],
      text,
      because: [raceEvidence(found[0].result, found[0].race)],
      checked: UNCHECKED,
    },
  ];
}
