/** Causes of hangs in words. Every place that tells a hang uses these. */

import { listOf, quoted } from '../../../text/phrases.ts';
import { callerName } from '../../scenario/scenario.ts';
import type { Hang, HangCause, NotifyReport, WaitsFor } from './hang.ts';

/** Most callers, addresses and exports that one sentence names. */
const MAX_NAMES = 4;

/** What hangs, to go after `hang: `. */
export function causeName({ kind, cause }: Pick<Hang, 'kind' | 'cause'>): string {
  switch (cause.kind) {
    case 'lock-order':
      return 'locks taken in different orders';
    case 'own-lock':
      return 'a lock that its holder waits for';
    case 'not-released':
      return 'a lock that was not released';
    case 'lost-notification':
      return 'a lost notification';
    case 'notified-another':
      return 'a notification that woke another waiter';
    case 'not-notified':
      return 'a waiter that nobody notified';
    case 'circular-wait':
      return 'callers that wait for each other';
    case 'nobody-left':
      return 'callers wait, and no call is left that could wake them';
    case 'livelock':
      return 'a livelock';
    case 'thread-blocked':
      return 'a wait that blocks the only thread';
    case 'endless-loop':
      return 'a call does not return';
    case 'unknown':
      return `${NAMES[kind]}; its cause was not determined`;
  }
}

const NAMES: Readonly<Record<Hang['kind'], string>> = {
  deadlock: 'a deadlock',
  livelock: 'a livelock',
  'no-return': 'a call does not return',
};

/** What happened, one sentence. `functions`: where the callers are, for loops that do not end. */
export function causeSentence(cause: Omit<HangCause, 'text'>, functions: readonly string[]): string {
  const { kind, callers, at, waits, notification, loops, returnsOtherwise } = cause;
  const who = names(callers);
  const where = listOf(at, MAX_NAMES);
  const s = callers.length === 1 ? 's' : '';
  switch (kind) {
    case 'lock-order':
      return `${waits.map(holdText).join(', and ')}: they took these locks in different orders.`;
    case 'own-lock':
      return callers.length === 1
        ? `${who} waits at ${where} for a lock that it holds itself.`
        : `${who} wait at ${where} while each of them holds it, so none of them can continue.`;
    case 'not-released':
      return `${who} wait${s} at ${where}, which ${names(waits.map((one) => one.for))} took and had not released when its calls ended.`;
    case 'lost-notification':
      return `${notified(notification)}, and ${who} began to wait there afterwards.`;
    case 'notified-another':
      return `${notified(notification)}, and ${who} stayed asleep there.`;
    case 'not-notified':
      return `What ${who} wait${s} for at ${where} has become true, and nobody notified that address afterwards.`;
    case 'circular-wait':
      return `${waits.map(waitText).join(', and ')}.`;
    case 'nobody-left':
      return `${who} ${loops ? loopText(s, where) : `wait${s} at ${where}`}, and no call of this scenario is left that could end that.${exportsText(cause)}`;
    case 'livelock':
      return `${who} ${loopText(s, where)}, and nobody who is left changes that; the calls return in another order.${exportsText(cause)}`;
    case 'thread-blocked':
      return `${who} wait${s} at ${where} in memory.atomic.wait, which blocks the only thread: no other call can run to end that.`;
    case 'endless-loop': {
      const inside = functions.length === 0 ? '' : ` in ${listOf(functions.map(quoted), MAX_NAMES)}`;
      const order =
        returnsOtherwise === null
          ? ''
          : returnsOtherwise
            ? ', although it ends in another order'
            : ' in any serial order';
      const reads = where === '' ? '' : ` that reads ${where}`;
      return `${who} do${callers.length === 1 ? 'es' : ''} not leave a loop${reads}${inside}${order}.`;
    }
    case 'unknown':
      return `${who} ${loops ? `loop${s}` : `wait${s}`}${where === '' ? '' : ` at ${where}`}; the cause was not determined${
        returnsOtherwise === true ? ', but the calls return in another order' : ''
      }.`;
  }
}

/** `s`: the ending of a verb, if it has one. */
const loopText = (s: string, where: string): string =>
  where === '' ? `loop${s} and change${s} nothing` : `read${s} ${where} in a loop`;

/** Which exports could end a wait or a loop: a sentence with a space before it; empty where none does. */
function exportsText({ exports, loops, at }: Pick<HangCause, 'exports' | 'loops' | 'at'>): string {
  if (at.length === 0) return '';
  const verb = loops ? 'write' : 'notify';
  const sure = exports.filter((one) => one.sure).map(({ name }) => quoted(name));
  const maybe = exports.filter((one) => !one.sure).map(({ name }) => quoted(name));
  const parts = [
    ...(sure.length > 0 ? [`${listOf(sure, MAX_NAMES)} can ${verb} that address`] : []),
    ...(maybe.length > 0 ? [`${listOf(maybe, MAX_NAMES)} might, depending on arguments or state`] : []),
  ];
  if (parts.length === 0) return ` No export of the module is known to ${verb} that address.`;
  if (sure.length === 0) return ` Of the exports, ${parts[0].replace('might,', `might ${verb} that address,`)}.`;
  return ` Of the exports, ${parts.join('; ')}.`;
}

const holdText = (one: WaitsFor): string =>
  `${callerName(one.caller)} waits at ${one.at}, which ${one.for === one.caller ? 'it' : callerName(one.for)} holds`;

const waitText = (one: WaitsFor): string =>
  one.held
    ? holdText(one)
    : `${callerName(one.caller)} waits at ${one.at} for what ${callerName(one.for)} would do next`;

function notified(one: NotifyReport | null): string {
  if (one === null) return 'Somebody notified';
  const count = one.count === 0xffff_ffff ? 'count all' : `count ${one.count}`;
  const whom = one.woken.length === 0 ? 'woke nobody' : `woke ${names(one.woken)}`;
  return `${callerName(one.caller)} notified ${one.at} with ${count}, which ${whom}`;
}

const names = (callers: readonly number[]): string => listOf([...new Set(callers)].map(callerName), MAX_NAMES);
