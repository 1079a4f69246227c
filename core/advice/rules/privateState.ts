/** `fix`: state that each instance has of its own although it speaks about the memory that all of them share. */

import { t } from '../../text/l10n.ts';
import { listOf, plural } from '../../text/phrases.ts';
import type { Advice } from '../advice.ts';
import { calledBy } from '../facts/exploredRun.ts';
import type { AdviceFacts } from '../facts.ts';
import { exportsText, namesOf, positionsOf } from '../wording.ts';

/** One piece if separate instances over one memory answer differently from one instance, otherwise none. */
export function privateStateAdvice(facts: AdviceFacts): Advice[] {
  const found = facts.runs.filter(({ result }) => result.privateState !== null);
  if (found.length === 0) return [];
  const cells = [...new Set(found.flatMap(({ result }) => result.privateState?.cells ?? []))];
  const positions = positionsOf(facts, calledBy(found));
  const what = cells.length === 0 ? t('state') : listOf(cells, 4);
  const { order, one, several } = found[0].result.privateState as NonNullable<
    (typeof found)[number]['result']['privateState']
  >;
  const answers = (results: readonly (readonly string[])[]): string =>
    results.map((list) => list.join(', ')).join(' | ');
  return [
    {
      remedy: 'fix',
      exports: namesOf(facts, positions),
      pairs: [],
      text: t(
        'Do not call {0} on several instances over one memory: each instance has its own {1}, and no lock or atomic access changes that. Keep this state in the shared memory, or let all callers use one instance, or give each an instance with its own memory.',
        exportsText(facts, positions),
        what,
      ),
      because: [
        {
          kind: 'private-state',
          name: cells.join(', '),
          text: t(
            'in order {0}, the calls return {1} on one instance and {2} on separate instances',
            order,
            answers(one.results),
            answers(several.results),
          ),
        },
      ],
      checked: {
        by: 'calls',
        exhaustive: true,
        text: t('by calls: both were run ({0})', plural(found.length, 'scenario')),
      },
    },
  ];
}
