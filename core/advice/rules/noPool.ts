/** `no-pool`: exports whose results would change in a pool of instances, and those that return addresses. */

import type { PoolDifference } from '../../stress/explore/result.ts';
import { t } from '../../text/l10n.ts';
import { paragraph } from '../../text/phrases.ts';
import type { Advice } from '../advice.ts';
import type { Conclusions } from '../conclusions.ts';
import { callersText } from '../evidence.ts';
import type { AdviceFacts } from '../facts.ts';
import { exportsText, namesOf, positionsOf } from '../wording.ts';

/** Differences that stand as evidence. */
const MAX_DIFFERENCES = 3;

/**
 * Names the calls that a used instance answers differently from a fresh one; calls of an allocator, which return
 * addresses, apart.
 */
export const noPoolAdvice = (facts: AdviceFacts, { poolDifferences }: Conclusions): Advice[] => [
  ...adviceAgainst(facts, poolDifferences),
  ...adviceAgainst(facts, facts.reuse.differences),
];

function adviceAgainst(facts: AdviceFacts, differences: readonly PoolDifference[]): Advice[] {
  const { analysis, allocator } = facts;
  const allocators = new Set(namesOf(facts, [...allocator.all]));
  // The first difference of a call is the clearest: later ones can come from longer sequences.
  const byCall = new Map(differences.toReversed().map((difference) => [difference.call, difference]));
  // Under other models the advice about locks stands beside this one.
  const common =
    analysis.model === 'isolated'
      ? t(
          'If callers need to share that state, keep one instance and hold {0} around everything that a caller does with it.',
          facts.profile.remedy.lock.replace(/,$/, ''),
        )
      : '';
  const nameIn = (call: string): string => call.slice(0, call.lastIndexOf('('));
  const isAddress = ({ call }: PoolDifference): boolean => allocators.has(nameIn(call));
  const all = [...byCall.values()].reverse();
  return [all.filter((d) => !isAddress(d)), all.filter(isAddress)].flatMap((some, addresses): Advice[] => {
    if (some.length === 0) return [];
    const positions = positionsOf(facts, new Set(some.map(({ call }) => nameIn(call))));
    const text =
      addresses === 1
        ? t(
            'Keep the same instance from the call of {0} to the last use of its block: an address means nothing in another instance of a pool.',
            exportsText(facts, positions),
          )
        : paragraph([
            t(
              'Do not pool instances for {0}: a caller would see what earlier users of its instance left there, and not what other callers did on theirs.',
              exportsText(facts, positions),
            ),
            common,
          ]);
    return [
      {
        remedy: 'no-pool',
        exports: namesOf(facts, positions),
        pairs: [],
        text,
        because: some.slice(0, MAX_DIFFERENCES).map(({ call, fresh, used }) => ({
          kind: 'pool-difference',
          name: call,
          text: t('{0} gives {1} on a fresh instance and {2} on a used one', callersText([call]), fresh, used),
        })),
        checked: { by: 'calls', exhaustive: true, text: t('by calls: a run gave both results') },
      },
    ];
  });
}
