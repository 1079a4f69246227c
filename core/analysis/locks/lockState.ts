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
  NO_FACT,
  numbered,
  parameterId,
  sameFact,
  sameValue,
  type WalkValue,
} from './lockValues.ts';

/** Locks, locals, operands and facts. */
export interface State {
  /** Words about which something is known, by `keyText`. */
  locks: Map<string, Exclude<LockStatus, undefined>>;
  /** All locals, parameters first. */
  locals: WalkValue[];
  stack: WalkValue[];
  facts: Map<number, Fact>;
}

/** The state where a body begins: parameters have a number, other locals are zero. */
export const firstState = (parameters: number, locals: number): State => ({
  locks: new Map(),
  locals: Array.from({ length: parameters + locals }, (_, k) => (k < parameters ? numbered(parameterId(k)) : ZERO)),
  stack: [],
  facts: new Map(),
});

const ZERO = fixedValue(0);

/** A copy that can change independently. */
export const copyOf = ({ locks, locals, stack, facts }: State): State => ({
  locks: new Map(locks),
  locals: locals.slice(),
  stack: stack.slice(),
  facts: new Map(facts),
});

/**
 * Gives value number `id` a new meaning. Locals and operands that have the number from an earlier round of a loop cannot be
 * there any more: what differs between rounds gets the number of a join where the loop begins.
 */
export function define(state: State, id: number, fact: Fact): WalkValue {
  for (const key of state.locks.keys()) if (isOfValue(key, id)) state.locks.delete(key);
  if (isNoFact(fact)) state.facts.delete(id);
  else state.facts.set(id, fact);
  return numbered(id);
}

/** Sets what is known about a word. Where it is given up, what was read before says nothing about its next turn. */
export function setStatus(state: State, key: string, status: LockStatus): void {
  if (status === undefined) state.locks.delete(key);
  else state.locks.set(key, status);
  if (status === 'released' || status === 'lowered') forgetTurn(state, key);
}

/** Forgets drawn tickets, and what was read from a word: its turn is over. */
function forgetTurn(state: State, key: string): void {
  for (const [id, fact] of state.facts) {
    if (fact.from?.operation !== 'draw' && (fact.from?.operation !== 'load' || fact.from.key !== key)) continue;
    const { from: _from, ...rest } = fact;
    state.facts.set(id, rest);
  }
}

/** Equal for states that know the same about locks. */
export function lockSignature({ locks }: State): string {
  if (locks.size === 0) return '';
  const all = Array.from(locks, ([key, status]) => `${key}=${status}`);
  return all.length === 1 ? all[0] : all.sort().join();
}

/**
 * What is true in both states, which know the same about locks. Differing values get the number that `numberOf` has for
 * their place: a local, or a place on the stack below 0. `changed`: it says less than `a`.
 */
export function join(a: State, b: State, numberOf: (place: number) => number): { state: State; changed: boolean } {
  const state: State = { locks: new Map(a.locks), locals: a.locals.slice(), stack: a.stack.slice(), facts: new Map() };
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
  a.locals.forEach((value, k) => {
    if (value !== b.locals[k]) state.locals[k] = joined(value, b.locals[k], k);
  });
  a.stack.forEach((value, k) => {
    if (value !== b.stack[k]) state.stack[k] = joined(value, b.stack[k], -1 - k);
  });
  for (const [id, fact] of a.facts) {
    if (made.has(id)) continue;
    const other = b.facts.get(id);
    const both = other === undefined ? undefined : sameFact(fact, other) ? fact : either(fact, other);
    if (both !== undefined && !isNoFact(both)) state.facts.set(id, both);
    if (both === undefined || !sameFact(both, fact)) changed = true;
  }
  // A number has one meaning: older values that have it elsewhere are given up.
  if (made.size > 0) {
    state.locals.forEach((value, k) => {
      if (isStale(value, k, made)) state.locals[k] = undefined;
    });
    state.stack.forEach((value, k) => {
      if (isStale(value, -1 - k, made)) state.stack[k] = undefined;
    });
  }
  return { state, changed };
}

/** Whether a value is made from one with a number that now is that of another place. */
function isStale(value: WalkValue, place: number, made: ReadonlyMap<number, number>): boolean {
  if (value?.kind === 'numbered') return made.has(value.id) && made.get(value.id) !== place;
  return value?.kind === 'test' && (isStale(value.left, place, made) || isStale(value.right, place, made));
}
