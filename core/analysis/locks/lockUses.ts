/** What code does to a word that may be a lock, gathered over all places, and whether a lock works by it. */

/** What is done to a word, as bits. */
export const Use = {
  /** Takes it from 0 to something else, and knows if it did. */
  Acquire: 1,
  /** May write something other than 0 over what somebody else wrote. */
  Disturb: 2,
  /** Adds 1 to what was read, which was not negative: one more reader. */
  SharedIfNatural: 4,
  /** Adds 1 to what was read, which was not one of `notWriters`. */
  SharedUnlessWriter: 8,
  /** Adds 1: draws a ticket, or serves the next one. */
  Add: 16,
  /** Compares it with a drawn ticket. */
  Serve: 32,
  /** Written by who holds it: as a release, or a release of one reader. */
  Release: 64,
  /** Written by who holds it, with the next ticket. */
  ReleaseNext: 128,
  /** Written by who holds it, with something that is not 0, and stays held. */
  Keep: 256,
  /** Adds 1 though it is not held. */
  AddUnheld: 512,
  /** Released by code that does not hold it, or twice. */
  Broken: 1024,
  /** Something other than 0 is written that is not a constant, nor what was read with more bits. */
  Unbounded: 2048,
} as const;

/** Uses that do no harm to a mutex of somebody else, which nobody can hold at the same time. */
export const AS_MUTEX = Use.Acquire | Use.Disturb | Use.Release;

/** How a word is used. */
export interface LockUse {
  /** `Use` bits. */
  bits: number;
  /** Constants that are written where it becomes or stays held by one. */
  writers: ReadonlySet<number>;
  /** Values that new readers know it not to have; undefined: there are none with `SharedUnlessWriter`. */
  notWriters: ReadonlySet<number> | undefined;
  /** Words from which the tickets come. */
  tickets: ReadonlySet<string>;
  /** Bits that every value but 0 is taken to have, all of them. */
  masks: ReadonlySet<number>;
}

/** Nothing is done to it. */
export const NO_USE: LockUse = {
  bits: 0,
  writers: new Set(),
  notWriters: undefined,
  tickets: new Set(),
  masks: new Set(),
};

/** Uses of one word at two places. */
function bothUses(a: LockUse, b: LockUse): LockUse {
  const notWriters =
    a.notWriters === undefined || b.notWriters === undefined
      ? (a.notWriters ?? b.notWriters)
      : new Set([...a.notWriters].filter((value) => b.notWriters?.has(value)));
  return {
    bits: a.bits | b.bits,
    writers: new Set([...a.writers, ...b.writers]),
    notWriters,
    tickets: new Set([...a.tickets, ...b.tickets]),
    masks: new Set([...a.masks, ...b.masks]),
  };
}

/** Adds uses to those of a word; whether that says more than before. */
export function addUse(uses: Map<string, LockUse>, key: string, use: LockUse): boolean {
  const known = uses.get(key);
  if (known === undefined) {
    uses.set(key, use);
    return true;
  }
  const both = bothUses(known, use);
  const more =
    both.bits !== known.bits ||
    both.writers.size !== known.writers.size ||
    both.tickets.size !== known.tickets.size ||
    both.masks.size !== known.masks.size ||
    both.notWriters?.size !== known.notWriters?.size;
  if (more) uses.set(key, both);
  return more;
}

const SHARED = Use.SharedIfNatural | Use.SharedUnlessWriter;
const TICKET = Use.Serve | Use.Add | Use.ReleaseNext;

/**
 * Whether at most one can hold the word, or several readers and nobody else, if it is used in no other way.
 * - A mutex: it is taken from 0 to something else, and only who holds it makes it 0.
 * - A lock for readers and writers: readers add 1 where they see no writer, and take it away again.
 * - Tickets: each adds 1 to another word, waits for its turn, and passes the turn on.
 */
export function isLock(key: string, uses: ReadonlyMap<string, LockUse>): boolean {
  const { bits, writers, notWriters, tickets, masks } = uses.get(key) ?? NO_USE;
  if ((bits & Use.Broken) !== 0) return false;
  if ((bits & Use.Serve) !== 0) {
    const [ticket, ...others] = tickets;
    const drawn = ticket === undefined || others.length > 0 || ticket === key ? 0 : (uses.get(ticket)?.bits ?? 0);
    const passed = (bits & ~TICKET) === 0 && (bits & Use.AddUnheld) === 0;
    return passed && (drawn & ~Use.AddUnheld) === Use.Add;
  }
  if ((bits & Use.Acquire) === 0 || (bits & (Use.Add | Use.AddUnheld)) !== 0) return false;
  // What is never given up is no lock, or is given up in a way that is not known.
  if ((bits & (Use.Release | Use.ReleaseNext)) === 0) return false;
  const all = [...writers];
  if (masks.size > 0 && (bits & Use.Unbounded) !== 0) return false;
  if (![...masks].every((mask) => all.every((value) => (value & mask) === mask))) return false;
  if ((bits & SHARED) === 0) return true;
  if ((bits & (Use.Disturb | Use.Keep)) !== 0 || masks.size > 0) return false;
  if ((bits & Use.SharedIfNatural) !== 0 && !all.every((value) => value < 0)) return false;
  return (bits & Use.SharedUnlessWriter) === 0 || all.every((value) => notWriters?.has(value));
}
