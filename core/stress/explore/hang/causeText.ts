/** Causes of hangs in words. Every place that tells a hang uses these. */

import { type Message, message, t, translated } from '../../../text/l10n.ts';
import { listOf, paragraph, quoted } from '../../../text/phrases.ts';
import { callerName } from '../../scenario/scenario.ts';
import type { Hang, HangCause, LateStore, NotifyReport, WaitsFor } from './hang.ts';

/** Most callers, addresses and exports that one sentence names. */
const MAX_NAMES = 4;

/** What hangs, to go after `hang: `. */
export function causeName({ kind, cause }: Pick<Hang, 'kind' | 'cause'>): string {
  switch (cause.kind) {
    case 'lock-order':
      return t('locks taken in different orders');
    case 'own-lock':
      return t('a lock that its holder waits for');
    case 'not-released':
      return t('a lock that was not released');
    case 'lost-notification':
      return t('a lost notification');
    case 'notified-another':
      return t('a notification that woke another waiter');
    case 'not-notified':
      return t('a waiter that nobody notified');
    case 'circular-wait':
      return t('callers that wait for each other');
    case 'nobody-left':
      return t('callers wait, and no call is left that could wake them');
    case 'livelock':
      return t('a livelock');
    case 'thread-blocked':
      return t('a wait that blocks the only thread');
    case 'endless-loop':
      return t('a call does not return');
    case 'unknown':
      return translated(UNDETERMINED[kind]);
  }
}

const UNDETERMINED: Readonly<Record<Hang['kind'], Message>> = {
  deadlock: message('a deadlock; its cause was not determined'),
  livelock: message('a livelock; its cause was not determined'),
  'no-return': message('a call does not return; its cause was not determined'),
};

/** What happened, one sentence. `functions`: where the callers are, for loops that do not end. */
export function causeSentence(cause: Omit<HangCause, 'text'>, functions: readonly string[]): string {
  const { kind, callers, at, waits, notification, loops, returnsOtherwise } = cause;
  const who = names(callers);
  const where = listOf(at, MAX_NAMES);
  const one = callers.length === 1;
  switch (kind) {
    case 'lock-order':
      return t('{0}: they took these locks in different orders.', waits.map(holdText).join(t(', and ')));
    case 'own-lock':
      return one
        ? t('{0} waits at {1} for a lock that it holds itself.', who, where)
        : t('{0} wait at {1} while each of them holds it, so none of them can continue.', who, where);
    case 'not-released':
      return one
        ? t(
            '{0} waits at {1}, which {2} took and had not released when its calls ended.',
            who,
            where,
            names(waits.map((wait) => wait.for)),
          )
        : t(
            '{0} wait at {1}, which {2} took and had not released when its calls ended.',
            who,
            where,
            names(waits.map((wait) => wait.for)),
          );
    case 'lost-notification':
      return t('{0}, and {1} began to wait there afterwards.', notified(notification), who);
    case 'notified-another':
      return t('{0}, and {1} stayed asleep there.', notified(notification), who);
    case 'not-notified':
      return one
        ? t('What {0} waits for at {1} has become true, and nobody notified that address afterwards.', who, where)
        : t('What {0} wait for at {1} has become true, and nobody notified that address afterwards.', who, where);
    case 'circular-wait':
      return t('{0}.', waits.map(waitText).join(t(', and ')));
    case 'nobody-left':
      return paragraph([
        t('{0}, and no call of this scenario is left that could end that.', stays(who, one, loops, where)),
        exportsText(cause),
      ]);
    case 'livelock':
      return paragraph([
        t('{0}, and nobody who is left changes that; the calls return in another order.', stays(who, one, true, where)),
        exportsText(cause),
      ]);
    case 'thread-blocked':
      return one
        ? t(
            '{0} waits at {1} in memory.atomic.wait, which blocks the only thread: no other call can run to end that.',
            who,
            where,
          )
        : t(
            '{0} wait at {1} in memory.atomic.wait, which blocks the only thread: no other call can run to end that.',
            who,
            where,
          );
    case 'endless-loop': {
      const inside = functions.length === 0 ? '' : t(' in {0}', listOf(functions.map(quoted), MAX_NAMES));
      const order =
        returnsOtherwise === null
          ? ''
          : returnsOtherwise
            ? t(', although it ends in another order')
            : t(' in any serial order');
      const reads = where === '' ? '' : t(' that reads {0}', where);
      return one
        ? t('{0} does not leave a loop{1}{2}{3}.', who, reads, inside, order)
        : t('{0} do not leave a loop{1}{2}{3}.', who, reads, inside, order);
    }
    case 'unknown':
      return returnsOtherwise === true
        ? t('{0}; the cause was not determined, but the calls return in another order.', hangs(who, one, loops, where))
        : t('{0}; the cause was not determined.', hangs(who, one, loops, where));
  }
}

/** What store buffers have to do with it, a sentence for each store; none for hangs that need none. */
export const lateText = (stores: readonly LateStore[]): string[] =>
  stores.map(({ caller, at, missedBy, fenced }) => {
    const [who, whose] = [names(missedBy), callerName(caller)];
    return fenced
      ? t(
          '{0} read {1} while what {2} had stored there waited in the store buffer of {2}; with a fence behind that store, the calls return under this schedule.',
          who,
          at,
          whose,
        )
      : t('{0} read {1} while what {2} had stored there waited in the store buffer of {2}.', who, at, whose);
  });

/** Where callers stay: `A waits at x`, `A and B read x in a loop`. */
function stays(who: string, one: boolean, loops: boolean, where: string): string {
  if (!loops) return one ? t('{0} waits at {1}', who, where) : t('{0} wait at {1}', who, where);
  if (where === '') return one ? t('{0} loops and changes nothing', who) : t('{0} loop and change nothing', who);
  return one ? t('{0} reads {1} in a loop', who, where) : t('{0} read {1} in a loop', who, where);
}

/** The same where nothing else is known. */
function hangs(who: string, one: boolean, loops: boolean, where: string): string {
  if (where === '') {
    if (loops) return one ? t('{0} loops', who) : t('{0} loop', who);
    return one ? t('{0} waits', who) : t('{0} wait', who);
  }
  if (loops) return one ? t('{0} loops at {1}', who, where) : t('{0} loop at {1}', who, where);
  return stays(who, one, false, where);
}

/** Which exports could end a wait or a loop: a sentence; empty where none does. */
function exportsText({ exports, loops, at }: Pick<HangCause, 'exports' | 'loops' | 'at'>): string {
  if (at.length === 0) return '';
  const sure = exports.filter((one) => one.sure).map(({ name }) => quoted(name));
  const maybe = exports.filter((one) => !one.sure).map(({ name }) => quoted(name));
  const [can, might] = [sure, maybe].map((list) => listOf(list, MAX_NAMES));
  const text = (): string => {
    if (sure.length === 0 && maybe.length === 0)
      return loops
        ? t('No export of the module is known to write that address.')
        : t('No export of the module is known to notify that address.');
    if (sure.length === 0)
      return loops
        ? t('Of the exports, {0} might write that address, depending on arguments or state.', might)
        : t('Of the exports, {0} might notify that address, depending on arguments or state.', might);
    if (maybe.length === 0)
      return loops
        ? t('Of the exports, {0} can write that address.', can)
        : t('Of the exports, {0} can notify that address.', can);
    return loops
      ? t('Of the exports, {0} can write that address; {1} might, depending on arguments or state.', can, might)
      : t('Of the exports, {0} can notify that address; {1} might, depending on arguments or state.', can, might);
  };
  return text();
}

const holdText = (one: WaitsFor): string =>
  one.for === one.caller
    ? t('{0} waits at {1}, which it holds', callerName(one.caller), one.at)
    : t('{0} waits at {1}, which {2} holds', callerName(one.caller), one.at, callerName(one.for));

const waitText = (one: WaitsFor): string =>
  one.held
    ? holdText(one)
    : t('{0} waits at {1} for what {2} would do next', callerName(one.caller), one.at, callerName(one.for));

function notified(one: NotifyReport | null): string {
  if (one === null) return t('Somebody notified');
  const who = callerName(one.caller);
  const count = one.count === 0xffff_ffff ? t('count all') : t('count {0}', one.count);
  return one.woken.length === 0
    ? t('{0} notified {1} with {2}, which woke nobody', who, one.at, count)
    : t('{0} notified {1} with {2}, which woke {3}', who, one.at, count, names(one.woken));
}

const names = (callers: readonly number[]): string => listOf([...new Set(callers)].map(callerName), MAX_NAMES);
