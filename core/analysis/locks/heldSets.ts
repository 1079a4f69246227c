/**
 * Which locks are held wherever a function is called, and at each place of its body. Sets of locks are numbers with one bit
 * for each.
 */
import type { Module } from '../../wasm/module.ts';
import type { GuardInput } from '../onceGuards.ts';
import { callees, type LockBodies } from './lockBodies.ts';
import { Seen, type SiteLocks } from './lockFindings.ts';
import { parseKey, staticKey } from './lockKeys.ts';
import { keyInCaller } from './lockSummary.ts';
import { fixedValue, type WalkValue } from './lockValues.ts';
import type { LockWord } from './lockWords.ts';

/** Locks that are held: alone, or alone or among readers. */
export interface Held {
  alone: number;
  any: number;
}

const NONE: Held = { alone: 0, any: 0 };
const ALL: Held = { alone: -1, any: -1 };

const same = (a: Held, b: Held): boolean => a.alone === b.alone && a.any === b.any;

/** What is held in both cases. */
export const inBoth = (a: Held, b: Held): Held => ({ alone: a.alone & b.alone, any: a.any & b.any });

/** What is held at places of functions. */
export interface HeldSets {
  /** At the beginning of a function, wherever it is called. */
  atEntry(func: number): Held;
  /** At a place of a body that was followed; undefined where no way leads there. */
  at(func: number, offset: number): Held | undefined;
  /** From before a call to after it, without a break. */
  throughCall(func: number, offset: number): Held | undefined;
}

/** Finds what is held everywhere. `entries`: functions that others than direct calls can reach. */
export function heldSets(
  module: Module,
  input: GuardInput,
  bodies: LockBodies,
  entries: ReadonlySet<number>,
  words: readonly LockWord[],
): HeldSets {
  const { graph } = input;
  const { imported } = module.functions;
  const atEntry = new Map<number, Held>();
  for (let func = imported; func < graph.functions; func++) atEntry.set(func, entries.has(func) ? NONE : ALL);
  const operandOf = argumentsOf(input, imported, bodies, entries);
  const entryOf = (func: number): Held => atEntry.get(func) ?? NONE;

  const resolve = (func: number, site: SiteLocks): Held => {
    const entry = entryOf(func);
    let { alone, any } = entry;
    const seen = new Map<string, number>();
    for (const [key, bits] of site) {
      const name = fixedKey(key, func, operandOf);
      if (name !== undefined) seen.set(name, (seen.get(name) ?? 0) | bits);
    }
    words.forEach(({ key }, k) => {
      const bits = seen.get(key);
      if (bits === undefined) return;
      const bit = 1 << k;
      const as = (held: number, where: number): number => {
        const isHeld = (bits & ~(where | Seen.Entry)) === 0 && ((bits & Seen.Entry) === 0 || (held & bit) !== 0);
        return isHeld ? held | bit : held & ~bit;
      };
      alone = as(alone, Seen.Held);
      any = as(any, Seen.Held | Seen.Shared);
    });
    return { alone, any };
  };
  const at = (func: number, offset: number): Held | undefined => {
    const site = bodies.get(func)?.sites.get(offset);
    return site === undefined ? undefined : resolve(func, site);
  };
  const throughCall = (func: number, offset: number): Held | undefined => {
    const held = at(func, offset);
    const call = bodies.get(func)?.calls.get(offset);
    if (held === undefined || call === undefined) return held;
    let { alone, any } = held;
    for (const key of bodies.get(call.callee)?.summary.released ?? []) {
      const own = keyInCaller(key, call.operands, new Map());
      const name = own === undefined ? undefined : fixedKey(own, func, operandOf);
      words.forEach((word, k) => {
        if (name !== word.key) return;
        alone &= ~(1 << k);
        any &= ~(1 << k);
      });
    }
    return { alone, any };
  };

  const work = [...atEntry.keys()];
  const waiting = new Set(work);
  for (let func = work.pop(); func !== undefined; func = work.pop()) {
    waiting.delete(func);
    const lower = (callee: number, held: Held): void => {
      const known = atEntry.get(callee);
      if (known === undefined) return;
      const both = inBoth(known, held);
      if (same(both, known)) return;
      atEntry.set(callee, both);
      if (waiting.has(callee)) return;
      waiting.add(callee);
      work.push(callee);
    };
    const body = bodies.get(func);
    if (body === undefined) {
      // A body that could not be followed may have given up what its callers hold.
      const own = bodies.has(func) ? NONE : entryOf(func);
      for (const callee of callees(input, func)) lower(callee, own);
    } else {
      for (const [offset, { callee }] of body.calls) lower(callee, at(func, offset) ?? NONE);
    }
  }
  return { atEntry: entryOf, at, throughCall };
}

/** The key of a word at a fixed address, also where it is a parameter that is the same in all calls. */
function fixedKey(
  key: string,
  func: number,
  operandOf: (func: number, index: number) => number | undefined,
): string | undefined {
  const { base, index, offset, memory, width } = parseKey(key);
  if (base === 'static') return key;
  const address = base === 'parameter' ? operandOf(func, index) : undefined;
  return address === undefined ? undefined : staticKey((address >>> 0) + offset, memory, width);
}

/** Parameters that are the same constant in all calls. */
function argumentsOf(
  input: GuardInput,
  imported: number,
  bodies: LockBodies,
  entries: ReadonlySet<number>,
): (func: number, index: number) => number | undefined {
  const calls = new Map<number, { caller: number; operands: readonly WalkValue[] }[]>();
  for (const [caller, body] of bodies)
    for (const { callee, operands } of body?.calls.values() ?? []) {
      const known = calls.get(callee) ?? [];
      calls.set(callee, known);
      known.push({ caller, operands });
    }
  // Functions that are called with arguments that are not known.
  const open = new Set(entries);
  for (let func = imported; func < input.graph.functions; func++)
    if (bodies.get(func) === undefined) for (const callee of callees(input, func)) open.add(callee);
  const known = new Map<string, number | undefined>();
  const operandOf = (func: number, index: number): number | undefined => {
    if (open.has(func) || !bodies.has(func)) return undefined;
    const key = `${func} ${index}`;
    if (known.has(key)) return known.get(key);
    // A function that calls itself with what it was given.
    known.set(key, undefined);
    let all: number | undefined;
    for (const [k, { caller, operands }] of (calls.get(func) ?? []).entries()) {
      const given = fixedOperand(operands[index], caller, operandOf);
      if (given === undefined || (k > 0 && given !== all)) {
        all = undefined;
        break;
      }
      all = given;
    }
    known.set(key, all);
    return all;
  };
  return operandOf;
}

function fixedOperand(
  value: WalkValue,
  caller: number,
  operandOf: (func: number, index: number) => number | undefined,
): number | undefined {
  if (value?.kind === 'constant') return value.value;
  if (value?.kind !== 'numbered' || value.id >= 0) return undefined;
  const given = operandOf(caller, -1 - value.id);
  const fixed = given === undefined ? undefined : fixedValue((given + value.offset) | 0);
  return fixed?.kind === 'constant' ? fixed.value : undefined;
}
