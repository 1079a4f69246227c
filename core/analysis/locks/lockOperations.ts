/**
 * What an atomic instruction means for who holds a word. A word is held if it is not 0, so nobody but its holder may make
 * it 0: the outcomes of an operation are told apart by what it returns.
 */

import { type LockUse, NO_USE, Use } from './lockUses.ts';
import { constantIn, type Fact, type Facts, isNonzero, NO_FACT, NOT_ZERO, type WalkValue } from './lockValues.ts';

/**
 * What is known about a word since the function began; undefined: as it was then.
 * - `held`, `shared`: this call holds it, alone or among readers
 * - `released`: this call does not hold it any more
 * - `lowered`: 1 was taken away, and it was more than 1: still held, or released by one of several readers
 */
export type LockStatus = 'held' | 'shared' | 'released' | 'lowered' | undefined;

/** How a word has to be held where it is released: alone, as a reader. */
export const Needs = { Alone: 1, Reader: 2 } as const;

/** One way in which an operation can end. */
export interface Outcome {
  status: LockStatus;
  /** What is known about its result. */
  result: Fact;
  /** Its result is this value, which was expected. */
  same?: WalkValue;
}

/** All ways in which an operation can end, and what it means for the word. */
export interface LockOperation {
  outcomes: Outcome[];
  use: LockUse;
  /** Set where the function must have been called with the word held: `Needs` bits, how. */
  needs: number;
  /** Adds 1 to a word that was perhaps held when the function was called. */
  addsUnheld: boolean;
}

/** The name of an atomic instruction without its type and width, `cmpxchg`, and the width of the word in bytes. */
export interface AtomicName {
  operation: string;
  width: number;
}

/** Takes `i32.atomic.rmw8.cmpxchg_u` apart; undefined where it is no access of a word with a value of 32 bits. */
export function atomicName(mnemonic: string): AtomicName | undefined {
  const [, how, bits, rest] = /^i32\.atomic\.(load|store|rmw)(8|16)?(.*)$/.exec(mnemonic) ?? [];
  if (how === undefined) return undefined;
  const operation = how === 'rmw' ? (/^\.([a-z]+)/.exec(rest)?.[1] ?? '') : how;
  return { operation, width: Number(bits ?? '32') / 8 };
}

/**
 * The meaning of `name` for the word `key`. `operands`: those after the address. `key` names the word in facts about
 * loads.
 */
export function operate(
  { operation, width }: AtomicName,
  key: string,
  status: LockStatus,
  facts: Facts,
  operands: readonly WalkValue[],
): LockOperation {
  const mask = width >= 4 ? undefined : 2 ** (8 * width) - 1;
  const constantAt = (k: number): number | undefined => {
    const known = constantIn(facts, operands[k]);
    if (known === undefined || mask === undefined) return known;
    return k === 0 && operation === 'cmpxchg' ? known : known & mask;
  };
  /** Whether operand `k` is written as something other than 0. */
  const isHeldValue = (k: number): boolean => {
    const known = constantAt(k);
    return known === undefined ? mask === undefined && isNonzero(facts, operands[k]) : known !== 0;
  };
  const use = (bits: number, more: Partial<LockUse> = {}): LockUse => ({ ...NO_USE, ...more, bits });
  const writer = (k: number): Partial<LockUse> => {
    const known = constantAt(k);
    return known === undefined ? {} : { writers: new Set([known]) };
  };
  /** What is known of operand `k` where it is written and is not 0. */
  const unbounded = (k: number): number => {
    const value = operands[k];
    if (constantAt(k) !== undefined) return 0;
    const from = value?.kind === 'numbered' && value.offset === 0 ? facts.get(value.id)?.from : undefined;
    return from?.operation === 'more' && from.key === key ? 0 : Use.Unbounded;
  };
  /** Whether operand `k` may be something other than 0. */
  const perhapsMore = (k: number): number => (constantAt(k) === 0 ? 0 : Use.Unbounded);
  const read: Fact = { ...NOT_ZERO, from: { operation: 'load', key } };
  const isHolder = status === 'held' || status === 'lowered';
  switch (operation) {
    case 'load':
      return made([{ status, result: { ...NO_FACT, from: { operation: 'load', key } } }]);
    case 'store':
    case 'xchg':
      return exchange();
    case 'cmpxchg':
      return compareExchange();
    case 'or':
      // It never makes the word 0.
      return constantAt(0) === 0 ? made([{ status, result: NO_FACT }]) : take(0, Use.Disturb);
    case 'add':
    case 'sub': {
      const known = constantAt(0);
      const change = known === undefined ? undefined : operation === 'add' ? known : -known;
      if (change === 1) return add();
      return change === -1 ? lower() : release(NO_FACT, Needs.Alone, Use.Release | Use.Unbounded);
    }
    default:
      return release(NO_FACT, Needs.Alone, Use.Release | Use.Unbounded);
  }

  function exchange(): LockOperation {
    if (isHeldValue(0)) {
      if (operation === 'xchg') return take(0, Use.Disturb);
      return made(
        [{ status, result: NO_FACT }],
        use((isHolder ? 0 : Use.Disturb) | Use.Keep | unbounded(0), writer(0)),
      );
    }
    return release(read, Needs.Alone, isNext(operands[0]) ? Use.ReleaseNext : Use.Release | perhapsMore(0));
  }

  /** The next ticket: 1 more than the own one, or than what was read from the word. */
  function isNext(value: WalkValue): boolean {
    if (value?.kind !== 'numbered' || value.offset !== 1) return false;
    const from = facts.get(value.id)?.from;
    return from !== undefined && (from.operation === 'draw' || from.key === key);
  }

  /** Writes operand `k`, which is not 0: whoever sees that it was 0 holds the word now. */
  function take(k: number, bits: number): LockOperation {
    const failed: Outcome = { status, result: read };
    // What is not a constant may be anything that a reader does not expect.
    const how = constantAt(k) === undefined ? bits | Use.Keep | unbounded(k) : bits;
    if (!isHeldValue(k)) return made([{ status, result: NO_FACT }], use(bits | Use.Keep | Use.Unbounded));
    if (status === 'held' || status === 'shared') return made([failed], use(bits | Use.Keep, writer(k)));
    const taken: Outcome = { status: 'held', result: { equal: 0, not: [], natural: true } };
    return made([taken, failed], use(how | Use.Acquire, writer(k)));
  }

  function compareExchange(): LockOperation {
    const [expected, replacement] = operands;
    const [old, next] = [constantAt(0), constantAt(1)];
    if (old === 0 && isHeldValue(1)) return take(1, 0);
    if (old !== undefined && old === next) return made(compared(status));
    const step =
      expected?.kind === 'numbered' && replacement?.kind === 'numbered' && expected.id === replacement.id
        ? (replacement.offset - expected.offset) | 0
        : 0;
    if (step === 1 && mask === undefined && expected?.kind === 'numbered' && expected.offset === 0) {
      const fact = facts.get(expected.id) ?? NO_FACT;
      const guard = fact.natural
        ? use(Use.SharedIfNatural)
        : use(Use.SharedUnlessWriter, { notWriters: new Set(fact.not) });
      return made(compared(status === 'held' ? 'held' : 'shared'), guard);
    }
    if (step === -1 && mask === undefined) return release(NO_FACT, Needs.Reader, Use.Release, true);
    if (isHeldValue(1))
      return made(compared(status), use((isHolder ? 0 : Use.Disturb) | Use.Keep | unbounded(1), writer(1)));
    return release(NO_FACT, Needs.Alone, Use.Release | perhapsMore(1), true);
  }

  /** A compare-exchange that leads to `success`, or changes nothing. */
  function compared(success: LockStatus): Outcome[] {
    const [expected] = operands;
    const old = constantAt(0);
    if (old !== undefined) {
      return [
        { status: success, result: { equal: old, not: [], natural: old >= 0 } },
        { status, result: { ...read, not: [old] } },
      ];
    }
    if (expected?.kind !== 'numbered') return [success, status].map((after) => ({ status: after, result: NO_FACT }));
    const failed = expected.offset === 0 ? { ...NO_FACT, differs: expected.id } : NO_FACT;
    return [
      { status: success, result: NO_FACT, same: expected },
      { status, result: failed },
    ];
  }

  /** Makes the word free, or may do so: only who holds it may. */
  function release(result: Fact, needs: number, bits: number, perhaps = false): LockOperation {
    const outcomes: Outcome[] = perhaps ? compared('released') : [{ status: 'released', result }];
    const allowed =
      status === undefined ||
      (status === 'shared' ? (needs & Needs.Reader) !== 0 : isHolder && (needs & Needs.Alone) !== 0);
    return {
      outcomes,
      use: use(allowed ? bits : bits | Use.Broken),
      needs: status === undefined ? needs : 0,
      addsUnheld: false,
    };
  }

  /** Takes 1 away: a mutex that was 1 is free then, and a reader has left. */
  function lower(): LockOperation {
    const last: Outcome = { status: 'released', result: { equal: 1, not: [], natural: true } };
    const more = (after: LockStatus): Outcome => ({ status: after, result: { not: [0, 1], natural: false } });
    if (status === 'held') return made([last, more('held')], use(Use.Release | Use.Keep | Use.Unbounded));
    if (status === 'shared') return made([last, more('released')], use(Use.Release));
    if (status !== undefined) return made([last, more('released')], use(Use.Broken));
    return {
      outcomes: [last, more('lowered')],
      use: use(Use.Release | Use.Unbounded),
      needs: Needs.Alone | Needs.Reader,
      addsUnheld: false,
    };
  }

  /** Adds 1: draws a ticket, or passes the turn on. */
  function add(): LockOperation {
    const result: Fact = { ...NO_FACT, from: { operation: 'draw', key } };
    return {
      outcomes: [{ status: 'released', result }],
      use: use(status === undefined || status === 'held' ? Use.Add : Use.Add | Use.AddUnheld),
      needs: 0,
      addsUnheld: status === undefined,
    };
  }

  function made(outcomes: Outcome[], of: LockUse = NO_USE): LockOperation {
    return { outcomes, use: of, needs: 0, addsUnheld: false };
  }
}
