/** `leave`: races that exhaustive exploration found to change no outcome. */

import type { Advice } from '../advice.ts';
import type { Conclusions } from '../conclusions.ts';
import { exploredBy, raceEvidence, verdictEvidence } from '../evidence.ts';
import { calledBy } from '../facts/exploredRun.ts';
import type { AdviceFacts } from '../facts.ts';
import { exportsText, namesOf, positionsOf } from '../wording.ts';

export function leaveAdvice(facts: AdviceFacts, { left }: Conclusions): Advice[] {
  if (left.length === 0) return [];
  const positions = positionsOf(facts, calledBy(left));
  const [{ result: first }] = left;
  return [
    {
      remedy: 'leave',
      exports: namesOf(facts, positions),
      pairs: [],
      text: `Leave the race in ${exportsText(facts, positions)} unfixed only while callers make exactly the calls that were run: it changes none of their outcomes. Other arguments, more callers or a processor that reorders plain accesses can change that, and a race detector still reports it.`,
      because: [raceEvidence(first, first.races[0]), ...verdictEvidence(first)],
      checked: exploredBy(left),
    },
  ];
}
