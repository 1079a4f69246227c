/** `fix`: state that each instance has of its own although it speaks about the memory that all of them share. */

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
  const what = cells.length === 0 ? 'state' : listOf(cells, 4);
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
      text: `Do not call ${exportsText(facts, positions)} on several instances over one memory: each instance has its own ${what}, and no lock or atomic access changes that. Keep this state in the shared memory, or let all callers use one instance, or give each an instance with its own memory.`,
      because: [
        {
          kind: 'private-state',
          name: cells.join(', '),
          text: `in order ${order}, the calls return ${answers(one.results)} on one instance and ${answers(several.results)} on separate instances`,
        },
      ],
      checked: {
        by: 'calls',
        exhaustive: true,
        text: `by calls: both were run (${plural(found.length, 'scenario')})`,
      },
    },
  ];
}
