/** What calls do to locks, and what becomes of the status of a word. */
import type { LockFindings } from './lockFindings.ts';
import { isStaticKey, isValueKey } from './lockKeys.ts';
import type { LockStatus } from './lockOperations.ts';
import { copyOf, type State, setStatus } from './lockState.ts';
import { calledWith, keyInCaller, type LockSummary, statusAfter } from './lockSummary.ts';
import { AS_MUTEX, NO_USE, Use } from './lockUses.ts';
import type { Fact, WalkValue } from './lockValues.ts';

/** A word has another status in a state. */
export function changeStatus(
  found: LockFindings,
  state: State,
  key: string,
  before: LockStatus,
  status: LockStatus,
): void {
  if (status === before) return;
  const gaveUp = status === 'released' || status === 'lowered';
  // Of a word in an object it only matters if it is held.
  setStatus(state, key, gaveUp && isValueKey(key) ? undefined : status);
  if (gaveUp && !isValueKey(key)) found.release(key);
}

/** The states after a call of a function with that summary; what it does to words is noted. */
export function afterCall(
  found: LockFindings,
  state: State,
  summary: LockSummary,
  operands: readonly WalkValue[],
): { state: State; result: Fact }[] {
  const nameOf = (key: string): string | undefined => keyInCaller(key, operands, state.facts);
  for (const [key, use] of summary.uses) {
    // Uses of fixed words are known without their callers.
    if (isStaticKey(key)) continue;
    const own = nameOf(key);
    if (own === undefined) {
      if ((use.bits & ~AS_MUTEX) !== 0) found.unknownRelease();
      continue;
    }
    const tickets = new Set([...use.tickets].map((ticket) => nameOf(ticket) ?? own));
    found.use(own, { ...use, tickets }, 0, false);
  }
  for (const [key, needs] of summary.needs) {
    const own = nameOf(key);
    if (own === undefined) found.unknownRelease();
    else {
      const expected = calledWith(state.locks.get(own), needs);
      found.use(own, expected.use, expected.needs, false);
    }
  }
  for (const key of summary.addsUnheld) {
    const own = nameOf(key);
    if (own === undefined) found.unknownRelease();
    else {
      const status = state.locks.get(own);
      const isHeld = status === 'held';
      found.use(own, { ...NO_USE, bits: isHeld || status === undefined ? 0 : Use.AddUnheld }, 0, status === undefined);
    }
  }
  for (const key of summary.released) {
    const own = nameOf(key);
    if (own !== undefined && !isValueKey(own)) found.release(own);
  }
  return summary.exits.map(({ locks, result }) => {
    const next = copyOf(state);
    const changed = new Map<string, LockStatus>();
    for (const [key, status] of locks) {
      const own = nameOf(key);
      if (own === undefined) continue;
      const one = statusAfter(state.locks.get(own), status);
      const other = changed.get(own);
      changed.set(own, changed.has(own) && other !== one ? 'released' : one);
    }
    for (const [key, status] of changed) changeStatus(found, next, key, next.locks.get(key), status);
    return { state: next, result };
  });
}
