/** `concurrent`: calls that were run and that their own atomic accesses order, under every schedule. */

import { t } from '../../text/l10n.ts';
import type { Advice } from '../advice.ts';
import type { Conclusions } from '../conclusions.ts';
import { exploredBy, verdictEvidence } from '../evidence.ts';
import { calledBy } from '../facts/exploredRun.ts';
import type { AdviceFacts } from '../facts.ts';
import { exportsText, firstSentence, namesOf, positionsOf } from '../wording.ts';

/** One piece about all safe runs of exports that synchronise by atomics, otherwise none. */
export function synchronisedAdvice(facts: AdviceFacts, { synchronised }: Conclusions): Advice[] {
  const { profile } = facts;
  if (synchronised.length === 0) return [];
  const positions = positionsOf(facts, calledBy(synchronised));
  return [
    {
      remedy: 'concurrent',
      exports: namesOf(facts, positions),
      pairs: [],
      text: t(
        'These calls of {0} may run concurrently: their atomic accesses order them. {1}',
        exportsText(facts, positions),
        firstSentence(profile.advice.synchronised),
      ),
      because: verdictEvidence(synchronised[0].result),
      checked: exploredBy(synchronised),
    },
  ];
}
