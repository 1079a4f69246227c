/** `pool` or `mutex`: `ref.func` on hosts that keep a list of the references they made. */

import { type Advice, UNCHECKED } from '../advice.ts';
import type { Conclusions } from '../conclusions.ts';
import { hostHazardEvidence, ruleEvidence } from '../evidence.ts';
import type { AdviceFacts } from '../facts.ts';
import { exportsText, namesOf } from '../wording.ts';

/** One piece about all exports that execute `ref.func`; none on hosts where that is no hazard. */
export function refFuncAdvice(facts: AdviceFacts, { refFunc }: Conclusions): Advice[] {
  const { analysis, profile } = facts;
  if (facts.refFunc.length === 0) return [];
  const positions = facts.refFunc.map(({ position }) => position);
  const why = `ref.func changes a list that ${profile.label} keeps for each instance without a lock`;
  return [
    {
      remedy: refFunc === 'lock' ? 'mutex' : 'pool',
      exports: namesOf(facts, positions),
      pairs: [],
      text:
        refFunc === 'lock'
          ? `Serialise calls of ${exportsText(facts, positions)}: ${why}.`
          : `Give each caller of ${exportsText(facts, positions)} its own instance, or serialise their calls: ${why}.`,
      because: [
        ...hostHazardEvidence(facts.runs, 'ref-func'),
        ...facts.refFunc
          .slice(0, 2)
          .map(({ position, hazard }) => ruleEvidence(analysis.exports[position].name, hazard)),
      ],
      checked: UNCHECKED,
    },
  ];
}
