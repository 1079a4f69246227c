/** `pool` or `mutex`: `ref.func` on hosts that keep a list of the references they made. */

import { t } from '../../text/l10n.ts';
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
  const why = t('ref.func changes a list that {0} keeps for each instance without a lock', profile.label);
  return [
    {
      remedy: refFunc === 'lock' ? 'mutex' : 'pool',
      exports: namesOf(facts, positions),
      pairs: [],
      text:
        refFunc === 'lock'
          ? t('Serialise calls of {0}: {1}.', exportsText(facts, positions), why)
          : t(
              'Give each caller of {0} its own instance, or serialise their calls: {1}.',
              exportsText(facts, positions),
              why,
            ),
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
