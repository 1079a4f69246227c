/** `fix`: calls that do not return. */

import type { Hang } from '../../stress/explore/result.ts';
import { callerName } from '../../stress/scenario/scenario.ts';
import { listOf, quoted } from '../../text/phrases.ts';
import { type Advice, type Evidence, UNCHECKED } from '../advice.ts';
import { brief } from '../evidence.ts';
import { calledBy } from '../facts/exploredRun.ts';
import type { AdviceFacts } from '../facts.ts';
import { namesOf, positionsOf } from '../wording.ts';

const REPAIRS: Readonly<Record<Hang['kind'], string>> = {
  deadlock:
    'Take locks in one order everywhere, and notify after the value that waiters look at has changed: callers wait for each other for good',
  livelock:
    'Take locks in one order everywhere, or give one up before trying the next: callers keep each other from going on',
  'no-return': 'Bound the loop, or give the call a deadline in the host: a call does not return',
};

export const hangAdvice = (facts: AdviceFacts): Advice[] =>
  facts.hangs.flatMap((runs): Advice[] => {
    const { hang, functions } = runs[0].result;
    if (hang === null) return [];
    const functionsSeen = [...new Set(hang.lastSeen.flatMap(({ func }) => functions[func] ?? []))].map(quoted);
    const where = functionsSeen.length > 0 ? ` in ${listOf(functionsSeen, 3)}` : '';
    return [
      {
        remedy: 'fix',
        exports: namesOf(facts, positionsOf(facts, calledBy(runs))),
        pairs: [],
        text: `${REPAIRS[hang.kind]}${where}.`,
        because: [hangEvidence(hang, functions)],
        checked: UNCHECKED,
      },
    ];
  });

function hangEvidence({ kind, lastSeen, schedule }: Hang, functions: Readonly<Record<number, string>>): Evidence {
  const places = lastSeen.map(
    ({ caller, func }) => `${callerName(caller)} in ${functions[func] ?? 'code that is not known'}`,
  );
  const seen = places.length > 0 ? `, last seen ${listOf(places, 4)}` : '';
  const how = schedule === '' ? 'in every order' : `under schedule ${brief(schedule)}`;
  return { kind: 'hang', name: kind, schedule, text: `${kind} ${how}${seen}` };
}
