/** Why callers hang, as far as their waits and the notifications of the same address tell, with what to do about it. */
import type { Hang } from '../stress/explore/result.ts';
import { callerName } from '../stress/scenario/scenario.ts';
import { listOf } from '../text/phrases.ts';

/** Count of a notification that wakes every waiter. */
const ALL = 0xffff_ffff;

const OTHERWISE: Readonly<Record<Hang['kind'], string>> = {
  deadlock:
    'Acquire locks in the same order everywhere, and change the value that waiters check before you notify them: callers wait for each other forever',
  livelock:
    'Acquire locks in the same order everywhere, or release one before trying the next: callers keep each other from making progress',
  'no-return': 'Bound the loop, or set a deadline for the call in the host: a call does not return',
};

/** Half a sentence, imperative, then what happened. */
export function hangRepair({ kind, lastSeen, notifies }: Hang): string {
  const waiting = lastSeen.filter(({ waitsAt }) => waitsAt !== undefined);
  if (kind !== 'deadlock' || waiting.length === 0 || notifies === undefined) return OTHERWISE[kind];
  const places = listOf([...new Set(waiting.map(({ waitsAt }) => waitsAt as string))], 3);
  const who = listOf(
    waiting.map(({ caller }) => callerName(caller)),
    4,
  );
  const waits = waiting.length === 1 ? 'waits' : 'wait';
  const stay = `${who} ${waits} at ${places} forever`;
  const limited = notifies.findLast(({ count, woken }) => woken.length > 0 && count !== ALL);
  if (limited !== undefined)
    return `Notify all waiters where more than one can wait: ${callerName(limited.caller)} notified ${limited.at} with count ${limited.count}, which woke ${listOf(limited.woken.map(callerName), 4)}, and ${stay}`;
  const lost = notifies.findLast(({ woken }) => woken.length === 0);
  if (lost !== undefined)
    return `Change the word that is waited on before you notify, and read it before the condition is checked: ${callerName(lost.caller)} notified ${lost.at} while nobody waited there, and ${stay}`;
  if (notifies.length > 0) return OTHERWISE[kind];
  return `Let some call notify ${places}, or acquire locks in the same order everywhere: nobody notified there, and ${stay}`;
}
