/** `fix`: calls that do not return. */

import type { Hang } from '../../stress/explore/hang/hang.ts';
import { callerName } from '../../stress/scenario/scenario.ts';
import { listOf, quoted } from '../../text/phrases.ts';
import { type Advice, type Evidence, UNCHECKED } from '../advice.ts';
import { brief } from '../evidence.ts';
import { calledBy } from '../facts/exploredRun.ts';
import type { AdviceFacts } from '../facts.ts';
import { hangRepair } from '../hangRepair.ts';
import { namesOf, positionsOf } from '../wording.ts';

/** One piece for each cause of hangs, from the first run that shows it. */
export const hangAdvice = (facts: AdviceFacts): Advice[] =>
  facts.hangs.flatMap((runs): Advice[] => {
    const { hang, functions } = runs[0].result;
    if (hang === null) return [];
    const functionsSeen = [...new Set(hang.lastSeen.flatMap(({ func }) => functions[func] ?? []))].map(quoted);
    const where = functionsSeen.length > 0 ? ` Last seen in ${listOf(functionsSeen, 3)}.` : '';
    return [
      {
        remedy: 'fix',
        exports: namesOf(facts, positionsOf(facts, calledBy(runs))),
        pairs: [],
        text: `${hangRepair(hang.cause)}. ${hang.cause.text}${where}`,
        because: [hangEvidence(hang, functions)],
        checked: UNCHECKED,
      },
    ];
  });

function hangEvidence({ kind, lastSeen, schedule }: Hang, functions: Readonly<Record<number, string>>): Evidence {
  const places = lastSeen.map(({ caller, func }) => `${callerName(caller)} in ${functions[func] ?? 'unknown code'}`);
  const seen = places.length > 0 ? `; last seen: ${listOf(places, 4)}` : '';
  const how = schedule === '' ? 'in any serial order' : `under schedule ${brief(schedule)}`;
  return { kind: 'hang', name: kind, schedule, text: `${kind} ${how}${seen}` };
}
