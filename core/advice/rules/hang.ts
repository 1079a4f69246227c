/** `fix`: calls that do not return. */

import { causeSentence } from '../../stress/explore/hang/causeText.ts';
import type { Hang } from '../../stress/explore/hang/hang.ts';
import { callerName } from '../../stress/scenario/scenario.ts';
import { type Message, message, t, translated } from '../../text/l10n.ts';
import { listOf, paragraph, quoted } from '../../text/phrases.ts';
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
    const stuck = hang.lastSeen.filter(({ caller }) => hang.cause.callers.includes(caller));
    // Anew, because generated code has it in English whatever the language of the run was.
    const cause = causeSentence(hang.cause, [...new Set(stuck.flatMap(({ func }) => functions[func] ?? []))]);
    const where = functionsSeen.length > 0 ? t('Last seen in {0}.', listOf(functionsSeen, 3)) : '';
    return [
      {
        remedy: 'fix',
        exports: namesOf(facts, positionsOf(facts, calledBy(runs))),
        pairs: [],
        text: paragraph([t('{0}.', hangRepair(hang.cause)), cause, where]),
        because: [hangEvidence(hang, functions)],
        checked: UNCHECKED,
      },
    ];
  });

/** What a hang is called in a list of findings. */
const KIND: Readonly<Record<Hang['kind'], Message>> = {
  deadlock: message('deadlock'),
  livelock: message('livelock'),
  'no-return': message('no-return'),
};

function hangEvidence({ kind, lastSeen, schedule }: Hang, functions: Readonly<Record<number, string>>): Evidence {
  const places = lastSeen.map(({ caller, func }) =>
    t('{0} in {1}', callerName(caller), functions[func] ?? t('unknown code')),
  );
  const what = translated(KIND[kind]);
  const text =
    schedule === '' ? t('{0} in any serial order', what) : t('{0} under schedule {1}', what, brief(schedule));
  const seen = places.length > 0 ? t('{0}; last seen: {1}', text, listOf(places, 4)) : text;
  return { kind: 'hang', name: kind, schedule, text: seen };
}
