/** `pool` or `mutex`: `ref.func` on hosts that keep a list of the references they made. Runs do not show that race. */

import { type Advice, UNCHECKED } from '../advice.ts';
import type { Conclusions } from '../conclusions.ts';
import { ruleEvidence } from '../evidence.ts';
import type { AdviceFacts } from '../facts.ts';
import { exportsText, namesOf } from '../wording.ts';

export function refFuncAdvice(facts: AdviceFacts, { refFunc }: Conclusions): Advice[] {
  const { analysis, profile } = facts;
  if (facts.refFunc.length === 0) return [];
  const positions = facts.refFunc.map(({ position }) => position);
  const why = `executing ref.func changes a list that ${profile.label} keeps for the instance without a lock`;
  return [
    {
      remedy: refFunc === 'lock' ? 'mutex' : 'pool',
      exports: namesOf(facts, positions),
      pairs: [],
      text:
        refFunc === 'lock'
          ? `Let calls of ${exportsText(facts, positions)} take turns: ${why}.`
          : `Give each caller of ${exportsText(facts, positions)} an instance of its own, or let their calls take turns: ${why}.`,
      because: facts.refFunc
        .slice(0, 2)
        .map(({ position, hazard }) => ruleEvidence(analysis.exports[position].name, hazard)),
      checked: UNCHECKED,
    },
  ];
}
