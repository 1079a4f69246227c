/** For tests: hangs of every cause, each derived by hand from the source before it was run. */
import type { HangCause } from '../explore/hang/hang.ts';
import type { Call } from '../scenario/steps.ts';
import { caseSource } from './caseFiles.ts';

const LOCKS = caseSource('hangs/locks.wat');
const SIGNALS = caseSource('hangs/signals.wat');
/** Modules of public reports. */
const BARRIER = caseSource('barrier-notify-one/module.wat');
const LOST = caseSource('lost-wake-up/module.wat');

/** Calls that hang, and the cause. */
export interface HangCase {
  what: string;
  source: string;
  callers: Call[][];
  setup?: Call[];
  kind: HangCause['kind'];
  /** The callers of the cause; one of several where the schedule decides. */
  oneOf: number[][];
  at: string[];
  /** With `?` where the address is known only at run time. */
  exports?: string[];
  notify?: [count: number, woken: number];
  text?: RegExp;
}
const M = (address: string): string => `memory[0] ${address}`;

/** All cases. */
export const HANG_CASES: HangCase[] = [
  {
    what: 'a barrier that wakes one of two',
    source: BARRIER,
    setup: [['init', 3]],
    callers: [[['arrive']], [['arrive']], [['arrive']]],
    kind: 'notified-another',
    oneOf: [[0], [1], [2]],
    at: [M('0x8')],
    notify: [1, 1],
  },
  {
    what: 'a barrier for three with two',
    source: BARRIER,
    setup: [['init', 3]],
    callers: [[['arrive']], [['arrive']]],
    kind: 'nobody-left',
    oneOf: [[0, 1]],
    at: [M('0x8')],
    exports: ['arrive'],
  },
  {
    what: 'a wake-up between check and wait',
    source: LOST,
    callers: [[['pop']], [['push', 5]]],
    kind: 'lost-notification',
    oneOf: [[0]],
    at: [M('0x14')],
    notify: [1, 0],
  },
  {
    what: 'pop beside itself',
    source: LOST,
    callers: [[['pop']], [['pop']]],
    kind: 'nobody-left',
    oneOf: [[0, 1]],
    at: [M('0x14')],
    exports: ['push', 'push_ok'],
  },
  {
    what: 'two who pop one item',
    source: LOST,
    callers: [[['pop_ok']], [['pop_ok']], [['push_ok', 5]]],
    kind: 'nobody-left',
    oneOf: [[0], [1]],
    at: [M('0x14')],
    exports: ['push', 'push_ok'],
  },
  {
    what: 'a wait without a loop around it',
    source: caseSource('lost-wakeup2.wat'),
    callers: [[['consume']], [['produce']]],
    kind: 'lost-notification',
    oneOf: [[0]],
    at: [M('0x40')],
    notify: [1, 0],
  },
  {
    what: 'spin locks in two orders',
    source: LOCKS,
    callers: [[['spin', 0, 4]], [['spin', 4, 0]]],
    kind: 'lock-order',
    oneOf: [[0, 1]],
    at: [M('0x4'), M('0x0')],
  },
  {
    what: 'sleeping locks in two orders',
    source: LOCKS,
    callers: [[['sleep', 0, 4]], [['sleep', 4, 0]]],
    kind: 'lock-order',
    oneOf: [[0, 1]],
    at: [M('0x4'), M('0x0')],
  },
  {
    what: 'locks that mark their waiters',
    source: LOCKS,
    callers: [[['sleep3', 0, 4]], [['sleep3', 4, 0]]],
    kind: 'lock-order',
    oneOf: [[0, 1]],
    at: [M('0x4'), M('0x0')],
  },
  {
    what: 'locks of 64 bits, with xchg',
    source: LOCKS,
    callers: [[['sleep64', 0, 8]], [['sleep64', 8, 0]]],
    kind: 'lock-order',
    oneOf: [[0, 1]],
    at: [M('0x8'), M('0x0')],
  },
  {
    what: 'three locks in a circle',
    source: LOCKS,
    callers: [[['sleep', 0, 4]], [['sleep', 4, 8]], [['sleep', 8, 0]]],
    kind: 'lock-order',
    oneOf: [[0, 1, 2]],
    at: [M('0x4'), M('0x8'), M('0x0')],
  },
  {
    what: 'a reader that writes another lock',
    source: LOCKS,
    callers: [[['read_write', 0, 4]], [['read_write', 4, 0]]],
    kind: 'lock-order',
    oneOf: [[0, 1]],
    at: [M('0x4'), M('0x0')],
  },
  {
    what: 'tickets',
    source: LOCKS,
    callers: [[['ticket', 0, 8]], [['ticket', 8, 0]]],
    kind: 'circular-wait',
    oneOf: [[0, 1]],
    at: [M('0xc'), M('0x4')],
  },
  {
    what: 'two readers that become writers',
    source: LOCKS,
    callers: [[['upgrade', 0]], [['upgrade', 0]]],
    kind: 'own-lock',
    oneOf: [[0, 1]],
    at: [M('0x0')],
  },
  {
    what: 'a lock taken twice',
    source: LOCKS,
    callers: [[['twice', 0]], [['one', 4]]],
    kind: 'own-lock',
    oneOf: [[0]],
    at: [M('0x0')],
  },
  {
    what: 'a lock that is kept',
    source: LOCKS,
    callers: [[['keep', 0]], [['one', 0]]],
    kind: 'not-released',
    oneOf: [[1]],
    at: [M('0x0')],
    text: /which A took and had not released/,
  },
  {
    what: 'a trap with the lock',
    source: LOCKS,
    callers: [[['trap', 0]], [['one', 0]]],
    kind: 'not-released',
    oneOf: [[1]],
    at: [M('0x0')],
  },
  {
    what: 'a notification that nothing remembers',
    source: SIGNALS,
    callers: [[['sleep']], [['wake']]],
    kind: 'lost-notification',
    oneOf: [[0]],
    at: [M('0x4')],
    notify: [1, 0],
  },
  {
    what: 'the same with 64 bits',
    source: SIGNALS,
    callers: [[['sleep64']], [['wake64']]],
    kind: 'lost-notification',
    oneOf: [[0]],
    at: [M('0x10')],
    notify: [0xffff_ffff, 0],
  },
  {
    what: 'nobody who notifies',
    source: SIGNALS,
    callers: [[['sleep']], [['sleep']]],
    kind: 'nobody-left',
    oneOf: [[0, 1]],
    at: [M('0x4')],
    exports: ['wake', 'wake_at?'],
  },
  {
    what: 'a flag of 64 bits that nobody sets',
    source: SIGNALS,
    callers: [[['await64']], [['flag']]],
    kind: 'nobody-left',
    oneOf: [[0]],
    at: [M('0x10')],
    exports: ['wake64', 'set64', 'early64', 'wake_at?'],
  },
  {
    what: 'a notification before the store',
    source: SIGNALS,
    callers: [[['await64']], [['early64']]],
    kind: 'lost-notification',
    oneOf: [[0]],
    at: [M('0x10')],
  },
  {
    what: 'a store without a notification',
    source: SIGNALS,
    callers: [[['await64']], [['silent64']]],
    kind: 'not-notified',
    oneOf: [[0]],
    at: [M('0x10')],
  },
  {
    what: 'a semaphore that is given too little',
    source: SIGNALS,
    callers: [[['take']], [['take']], [['give', 1]]],
    kind: 'nobody-left',
    oneOf: [[0], [1]],
    at: [M('0x8')],
    exports: ['give', 'wake_at?'],
  },
  {
    what: 'a semaphore that is given two and wakes one',
    source: SIGNALS,
    callers: [[['take']], [['take']], [['give', 2]]],
    kind: 'notified-another',
    oneOf: [[0], [1]],
    at: [M('0x8')],
    notify: [1, 1],
  },
  {
    what: 'a condition that wakes one of two',
    source: SIGNALS,
    callers: [[['until']], [['until']], [['signal']]],
    kind: 'notified-another',
    oneOf: [[0], [1]],
    at: [M('0x24')],
    notify: [1, 1],
  },
  {
    what: 'a condition whose sequence is read late',
    source: SIGNALS,
    callers: [[['until_late']], [['signal']]],
    kind: 'lost-notification',
    oneOf: [[0]],
    at: [M('0x24')],
    notify: [1, 0],
  },
  {
    what: 'a lock that is kept while waiting',
    source: SIGNALS,
    callers: [[['until_locked']], [['signal']]],
    kind: 'circular-wait',
    oneOf: [
      [0, 1],
      [1, 0],
    ],
    at: [M('0x24'), M('0x20')],
  },
  {
    what: 'a latch that is not counted down',
    source: SIGNALS,
    setup: [['latch', 2]],
    callers: [[['opened']], [['down']]],
    kind: 'nobody-left',
    oneOf: [[0]],
    at: [M('0x30')],
    exports: ['down', 'wake_at?'],
  },
  {
    what: 'a barrier for two with one',
    source: SIGNALS,
    callers: [[['meet']], [['flag']]],
    kind: 'nobody-left',
    oneOf: [[0]],
    at: [M('0x0')],
    exports: ['meet', 'wake_at?'],
  },
  {
    what: 'a barrier that is used twice',
    source: SIGNALS,
    callers: [
      [['meet'], ['meet']],
      [['meet'], ['meet']],
    ],
    kind: 'unknown',
    oneOf: [[0, 1]],
    at: [M('0x0')],
    text: /cause was not determined, but the calls return in another order/,
  },
  {
    what: 'a loop for a flag that nobody sets',
    source: SIGNALS,
    callers: [[['spin']], [['spin']]],
    kind: 'nobody-left',
    oneOf: [[0, 1]],
    at: [M('0x34')],
    exports: ['flag', 'blink', 'first'],
  },
  {
    what: 'two who wait for each other to begin',
    source: SIGNALS,
    callers: [[['first']], [['second']]],
    kind: 'nobody-left',
    oneOf: [[0, 1]],
    at: [M('0x38'), M('0x34')],
  },
  {
    what: 'a loop without an end',
    source: SIGNALS,
    callers: [[['forever']], [['forever']]],
    kind: 'endless-loop',
    oneOf: [[0]],
    at: [],
    text: /in any serial order/,
  },
  {
    what: 'a loop that ends in serial orders',
    source: SIGNALS,
    callers: [[['caught']], [['blink']]],
    kind: 'endless-loop',
    oneOf: [[0]],
    at: [],
    text: /A does not leave a loop in `caught`, although it ends/,
  },
];
