/**
 * What is known at one point of a body on the ways that lead there. Ways that hold different locks are kept apart; ways
 * that hold the same are one state, with what is true on all of them.
 */
import { isOfValue } from './lockKeys.ts';
import type { LockStatus } from './lockOperations.ts';
import {
  either,
  type Fact,
  factOf,
  fixedValue,
  isNoFact,
  mentions,
  NO_FACT,
  numbered,
  parameterId,
  sameFact,
  sameValue,
  type WalkValue,
} from './lockValues.ts';

/** Locks, locals, operands and facts. Only `State` functions change it. */
export interface State {
  /** Words about which something is known, by `keyText`. */
  locks: Map<string, Exclude<LockStatus, undefined>>;
  /** Locals that have been set; see `localOf`. */
  locals: Map<number, WalkValue>;
  stack: WalkValue[];
  facts: Map<number, Fact>;
}

/** The state where a body begins. */
export const firstState = (): State => ({ locks: new Map(), locals: new Map(), stack: [], facts: new Map() });

/** A copy that can change independently. */
export const copyOf = ({ locks, locals, stack, facts }: State): State => ({
  locks: new Map(locks),
  locals: new Map(locals),
  stack: [...stack],
  facts: new Map(facts),
});

/** Value of a local: parameters have a number, other locals begin with zero. */
export const localOf = (state: State, local: number, parameters: number): WalkValue =>
  state.locals.has(local) ? state.locals.get(local) : local < parameters ? numbered(parameterId(local)) : fixedValue(0);

/** Gives value number `id` a new meaning: what was known of an earlier one with this number is dropped. */
export function define(state: State, id: number, fact: Fact): WalkValue {
  for (const [local, value] of state.locals) if (mentions(value, id)) state.locals.set(local, undefined);
  state.stack.forEach((value, k) => {
    if (mentions(value, id)) state.stack[k] = undefined;
  });
  for (const [other, { differs, ...rest }] of state.facts) if (differs === id) state.facts.set(other, rest);
  for (const key of [...state.locks.keys()]) if (isOfValue(key, id)) state.locks.delete(key);
  if (isNoFact(fact)) state.facts.delete(id);
  else state.facts.set(id, fact);
  return numbered(id);
}

/** Sets what is known about a word. Where it is given up, what was read before says nothing about its next turn. */
export function setStatus(state: State, key: string, status: LockStatus): void {
  if (status === undefined) state.locks.delete(key);
  else state.locks.set(key, status);
  if (status === 'released' || status === 'lowered') forgetReads(state);
}

/** Forgets which values were read from words of locks. */
export function forgetReads(state: State): void {
  for (const [id, { from, ...rest }] of state.facts) if (from !== undefined) state.facts.set(id, rest);
}

/** Equal for states that know the same about locks. */
export const lockSignature = ({ locks }: State): string =>
  [...locks]
    .map(([key, status]) => `${key}=${status}`)
    .sort()
    .join();

/**
 * What is true in both states, which know the same about locks. Differing values get the number that `numberOf` has for
 * their place: a local, or a place on the stack below 0. `changed`: it says less than `a`.
 */
export function join(
  a: State,
  b: State,
  parameters: number,
  numberOf: (place: number) => number,
): { state: State; changed: boolean } {
  const state: State = { locks: new Map(a.locks), locals: new Map(), stack: [], facts: new Map() };
  let changed = false;
  const made = new Map<number, number>();
  const joined = (x: WalkValue, y: WalkValue, place: number): WalkValue => {
    if (sameValue(x, y)) return x;
    if (x === undefined) return undefined;
    const id = numberOf(place);
    const fact = either(factOf(a.facts, x), factOf(b.facts, y));
    const was = x.kind === 'numbered' && x.id === id && x.offset === 0;
    if (!was || !sameFact(a.facts.get(id) ?? NO_FACT, fact)) changed = true;
    if (!isNoFact(fact)) state.facts.set(id, fact);
    made.set(id, place);
    return numbered(id);
  };
  for (const local of new Set([...a.locals.keys(), ...b.locals.keys()]))
    state.locals.set(local, joined(localOf(a, local, parameters), localOf(b, local, parameters), local));
  a.stack.forEach((value, k) => {
    state.stack[k] = joined(value, b.stack[k], -1 - k);
  });
  for (const [id, fact] of a.facts) {
    if (made.has(id)) continue;
    const other = b.facts.get(id);
    const both = other === undefined ? undefined : sameFact(fact, other) ? fact : either(fact, other);
    if (both !== undefined && !isNoFact(both)) state.facts.set(id, both);
    if (both === undefined || !sameFact(both, fact)) changed = true;
  }
  // A number has one meaning: older values that have it elsewhere are given up.
  const stale = (value: WalkValue, place: number): boolean =>
    [...made].some(([id, own]) => own !== place && mentions(value, id));
  if (made.size > 0) {
    for (const [local, value] of state.locals) if (stale(value, local)) state.locals.set(local, undefined);
    state.stack.forEach((value, k) => {
      if (stale(value, -1 - k)) state.stack[k] = undefined;
    });
  }
  return { state, changed };
}
