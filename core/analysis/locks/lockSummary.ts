/** What a function does to locks, for its callers; and the same in the words of one call. */
import { isStaticKey, keyText, parseKey, staticKey } from './lockKeys.ts';
import { type LockStatus, Needs } from './lockOperations.ts';
import { type LockUse, NO_USE, Use } from './lockUses.ts';
import { constantIn, type Fact, type Facts, type WalkValue } from './lockValues.ts';

/** One way in which a function returns. */
export interface LockExit {
  locks: ReadonlyMap<string, Exclude<LockStatus, undefined>>;
  /** What is known about its result, if it has one. */
  result: Fact;
}

/** What a function does to locks, relative to its parameters. */
export interface LockSummary {
  exits: readonly LockExit[];
  /** Uses of words, in the function and what it calls. */
  uses: ReadonlyMap<string, LockUse>;
  /** Words that have to be held when it is called, and how: `Needs` bits. */
  needs: ReadonlyMap<string, number>;
  /** Words to which it adds 1 and that its caller may hold. */
  addsUnheld: ReadonlySet<string>;
  /** Words that it gives up at some time. */
  released: ReadonlySet<string>;
}

/** A function that never returns and does nothing: where recursion begins. */
export const NEVER_RETURNS: LockSummary = {
  exits: [],
  uses: new Map(),
  needs: new Map(),
  addsUnheld: new Set(),
  released: new Set(),
};

/** The key of a callee in its caller, given the operands of the call; undefined where the caller cannot name the word. */
export function keyInCaller(key: string, operands: readonly WalkValue[], facts: Facts): string | undefined {
  if (isStaticKey(key)) return key;
  const { base, index, offset, memory, width } = parseKey(key);
  return base === 'parameter' ? keyAt(operands[index], offset, memory, width, facts) : undefined;
}

/** Ids above this are those of joins, which name no words. */
export const FIRST_JOIN = 2 ** 32;

/** The word `offset` bytes from an address. */
export function keyAt(
  address: WalkValue,
  offset: number,
  memory: number,
  width: number,
  facts: Facts,
): string | undefined {
  const fixed = constantIn(facts, address);
  if (fixed !== undefined) return staticKey((fixed >>> 0) + offset, memory, width);
  if (address?.kind !== 'numbered' || address.id >= FIRST_JOIN) return undefined;
  const at = { offset: address.offset + offset, memory, width };
  if (!Number.isSafeInteger(at.offset)) return undefined;
  return address.id < 0
    ? keyText({ base: 'parameter', index: -1 - address.id, ...at })
    : keyText({ base: 'value', index: address.id, ...at });
}

/** Status of a word after a call, by that before it and that of the callee. */
export function statusAfter(before: LockStatus, callee: LockStatus): LockStatus {
  if (callee !== 'lowered') return callee ?? before;
  // A mutex that was more than 1 is still held; of several readers, one has left.
  return before === 'held' ? 'held' : before === undefined ? 'lowered' : 'released';
}

/** What a call does to a word that its callee expects to be held. */
export function calledWith(status: LockStatus, needs: number): { use: LockUse; needs: number } {
  const use = (bits: number): LockUse => ({ ...NO_USE, bits });
  if (status === undefined) return { use: NO_USE, needs };
  if (status === 'held' && (needs & Needs.Alone) !== 0)
    return { use: use((needs & Needs.Reader) !== 0 ? Use.Keep : 0), needs: 0 };
  if (status === 'shared' && (needs & Needs.Reader) !== 0) return { use: NO_USE, needs: 0 };
  return { use: use(Use.Broken), needs: 0 };
}
