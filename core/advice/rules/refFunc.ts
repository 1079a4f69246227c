/** `pool` or `mutex`: `ref.func` on hosts that keep a list of the references they made. */

import { t } from '../../text/l10n.ts';
import { type Advice, UNCHECKED } from '../advice.ts';
import type { Conclusions } from '../conclusions.ts';
import { hostHazardEvidence, ruleEvidence } from '../evidence.ts';
import type { AdviceFacts, RefFuncExport } from '../facts.ts';
import { exportsText, namesOf } from '../wording.ts';

/**
 * One piece about the exports that execute `ref.func`, and one about those that were run with others and did not meet there;
 * none on hosts where that is no hazard.
 */
export const refFuncAdvice = (facts: AdviceFacts, conclusions: Conclusions): Advice[] =>
  [false, true].flatMap((ran) =>
    piece(
      facts,
      conclusions,
      facts.refFunc.filter((one) => one.ran === ran),
      ran,
    ),
  );

function piece(facts: AdviceFacts, { refFunc }: Conclusions, found: readonly RefFuncExport[], ran: boolean): Advice[] {
  const { analysis, profile } = facts;
  if (found.length === 0) return [];
  const positions = found.map(({ position }) => position);
  const calls = exportsText(facts, positions);
  const why = t('ref.func changes a list that {0} keeps for each instance without a lock', profile.label);
  const always =
    refFunc === 'lock'
      ? t('Serialise calls of {0}: {1}.', calls, why)
      : t('Give each caller of {0} its own instance, or serialise their calls: {1}.', calls, why);
  const other =
    refFunc === 'lock'
      ? t(
          'No run shows two calls of {0} in ref.func at the same time. Where other arguments or another state lead there, serialise the calls: {1}.',
          calls,
          why,
        )
      : t(
          'No run shows two calls of {0} in ref.func at the same time. Where other arguments or another state lead there, give each caller its own instance, or serialise the calls: {1}.',
          calls,
          why,
        );
  return [
    {
      remedy: refFunc === 'lock' ? 'mutex' : 'pool',
      exports: namesOf(facts, positions),
      pairs: [],
      text: ran ? other : always,
      because: [
        ...(ran ? [] : hostHazardEvidence(facts.runs, 'ref-func')),
        ...found.slice(0, 2).map(({ position, hazard }) => ruleEvidence(analysis.exports[position].name, hazard)),
      ],
      checked: UNCHECKED,
    },
  ];
}
