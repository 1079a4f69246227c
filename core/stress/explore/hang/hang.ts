/** What is known of an execution in which calls do not return: where they stand, who notified whom, and the cause. */
import type { Place } from '../../run/traceRows.ts';

/** A `memory.atomic.notify`. */
export interface NotifyReport extends Place {
  caller: number;
  call: number;
  /** `memory[0] 0x8`. */
  at: string;
  /** How many waiters it would wake; 4294967295 is all. */
  count: number;
  /** Callers that it woke. */
  woken: number[];
}

/**
 * Why callers do not return.
 * - `lock-order`: each holds a lock that the next one waits for, and they took them in different orders
 * - `own-lock`: callers wait for a lock that they hold themselves
 * - `not-released`: a caller that has ended never released the lock
 * - `lost-notification`: the notification came before the wait began
 * - `notified-another`: the notification woke fewer callers than waited, and not this one
 * - `not-notified`: what the caller waits for became true, and nobody notified it
 * - `circular-wait`: each waits for what the next one would do after its own wait
 * - `nobody-left`: no call is left that makes what the callers wait for true
 * - `livelock`: callers read the same values in a loop, and nobody changes them
 * - `thread-blocked`: a wait blocks the only thread
 * - `endless-loop`: a loop does not end
 * - `unknown`: the cause was not determined
 */
export type HangCauseKind =
  | 'lock-order'
  | 'own-lock'
  | 'not-released'
  | 'lost-notification'
  | 'notified-another'
  | 'not-notified'
  | 'circular-wait'
  | 'nobody-left'
  | 'livelock'
  | 'thread-blocked'
  | 'endless-loop'
  | 'unknown';

/** That a caller waits at an address for what another caller holds, or would do. */
export interface WaitsFor {
  caller: number;
  /** `memory[0] 0x8`. */
  at: string;
  /** The other caller, or itself. */
  for: number;
  /** The other one holds the address as a lock; else it would notify or change it if it got that far. */
  held: boolean;
}

/** A store that waited in its caller's store buffer while another caller read what was there before. */
export interface LateStore extends Place {
  caller: number;
  call: number;
  /** `memory[0] 0x8..0xc`. */
  at: string;
  /** Callers that read there meanwhile. */
  missedBy: number[];
  /** All calls return under this schedule, once a fence follows the store. */
  fenced: boolean;
}

/** The cause, as far as the execution and repetitions of it under other conditions show. */
export interface HangCause {
  kind: HangCauseKind;
  /** One sentence: what happened. */
  text: string;
  /** The callers whose calls do not return for this cause; others wait for them. */
  callers: number[];
  /** Where they wait or loop; empty if it is no address. */
  at: string[];
  /** Who waits for whom: of locks, and of callers that wait for each other. */
  waits: WaitsFor[];
  /** The notification that was lost, or that woke another caller. */
  notification: NotifyReport | null;
  /** The callers read the addresses in a loop instead of waiting there. */
  loops: boolean;
  /**
   * Exports that notify, or for callers that loop write, one of the addresses; `sure` is false where an address is known
   * only at run time.
   */
  exports: { name: string; sure: boolean }[];
  /** Whether the calls are known to return in another order or interleaving: false for no serial order, null where it is not known. */
  returnsOtherwise: boolean | null;
  /** Of a hang that needs store buffers: the stores that were seen too late; absent elsewhere. */
  lateStores?: LateStore[];
}

/** Where a caller was last seen. */
interface LastSeen extends Place {
  caller: number;
  call: number;
  /** The address that it waits at, `memory[0] 0x8`. */
  waitsAt?: string;
  /** It was ended after too many iterations of a loop. */
  loops?: boolean;
}

/** An execution in which some caller does not return. */
export interface Hang {
  kind: 'deadlock' | 'livelock' | 'no-return';
  schedule: string;
  cause: HangCause;
  /** Where each caller that did not return was last seen. */
  lastSeen: LastSeen[];
  /** Notifications at the addresses where callers still wait, in the order of the execution. */
  notifies?: NotifyReport[];
}

/** A hang before its cause is looked for. */
export type FoundHang = Omit<Hang, 'cause'>;
