/**
 * Accesses that are made while a lock is held. They get effects of their own, which name the locks: two accesses under one
 * lock do not conflict, see guarded.ts.
 */
import type { Module } from '../../wasm/module.ts';
import { type Effect, isAtomic } from '../cells.ts';
import type { FunctionFacts } from '../model.ts';
import type { GuardInput, OnceGuards } from '../onceGuards.ts';
import { entryFunctions } from './entryFunctions.ts';
import { type Held, type HeldSets, heldSets, inBoth } from './heldSets.ts';
import { type LockBodies, lockBodies } from './lockBodies.ts';
import { type LockWord, lockWords } from './lockWords.ts';
import { rowsAt } from './siteRows.ts';

/** Most effects that are added. */
const MAX_ADDED = 256;
/** Bits of the rows of all nodes together, as in finalEffects.ts. */
const MATRIX_BITS = 2 ** 30;
/** Most comparisons of places and facts in one function. */
const MAX_COMPARED = 4_000_000;

/** Facts in which accesses under locks have effects of their own; the same facts where there is no lock. `effects` grows. */
export function heldLocks(module: Module, input: GuardInput, once: OnceGuards | undefined): FunctionFacts {
  const bodies = lockBodies(module, input);
  if (bodies === undefined) return input.facts;
  const settled = new Map(
    (once?.guards ?? []).flatMap(({ effects, proven }) => effects.map((id) => [id, proven] as const)),
  );
  const entries = entryFunctions(module);
  const words = lockWords(module, input, bodies, entries, settled);
  if (words.length === 0) return input.facts;
  const sets = heldSets(module, input, bodies, entries, words);
  return withLocks(module, input, bodies, words, sets, settled);
}

function withLocks(
  module: Module,
  input: GuardInput,
  bodies: LockBodies,
  words: readonly LockWord[],
  sets: HeldSets,
  settled: ReadonlyMap<number, boolean>,
): FunctionFacts {
  const { effects, facts, graph } = input;
  const known = effects.length;
  const most = Math.min(MAX_ADDED, Math.floor(MATRIX_BITS / Math.max(1, graph.nodes)) - known);
  const effect = facts.effect.slice();
  const ids = new Map<string, number>();
  const all = 2 ** words.length - 1;
  for (let func = module.functions.imported; func < graph.functions; func++) {
    const held = bodies.has(func) ? heldInBody(module, input, bodies, func, sets) : () => sets.atEntry(func);
    if (held === undefined) continue;
    for (let row = facts.start[func]; row < facts.start[func + 1]; row++) {
      const { any, alone } = held(row);
      const id = facts.effect[row];
      if ((any & all) === 0 || settled.has(id) || isOfLock(effects[id], words)) continue;
      const key = `${id} ${any & all} ${alone & all}`;
      let own = ids.get(key);
      if (own === undefined) {
        if (ids.size >= most) continue;
        const locks = words.flatMap(({ memory, start, end, proven }, k) => {
          if ((any & (1 << k)) === 0) return [];
          return [{ memory, start, end, proven, ...((alone & (1 << k)) === 0 ? { shared: true as const } : {}) }];
        });
        own = effects.push({ ...effects[id], locks }) - 1;
        ids.set(key, own);
      }
      effect[row] = own;
    }
  }
  return { ...facts, effect };
}

/** Whether an access is an atomic one of a lock itself. */
const isOfLock = (effect: Effect, words: readonly LockWord[]): boolean => {
  const { kind, index, address } = effect.cell;
  if (kind !== 'memory' || address?.base !== 'static' || !isAtomic(effect)) return false;
  return words.some(({ memory, start, end }) => memory === index && start === address.start && end === address.end);
};

/** What is held at all places of a body that have a fact, by row; undefined where it was not followed. */
function heldInBody(
  module: Module,
  input: GuardInput,
  bodies: LockBodies,
  func: number,
  sets: HeldSets,
): ((row: number) => Held) | undefined {
  const body = bodies.get(func);
  if (body === undefined) return undefined;
  const { effects, facts } = input;
  const [first, end] = [facts.start[func], facts.start[func + 1]];
  const places = [...body.sites.keys()].map((offset) => ({
    offset,
    held: (body.calls.has(offset) ? sets.throughCall(func, offset) : sets.at(func, offset)) ?? NONE,
  }));
  if (places.every(({ held }) => held.any === 0) || places.length * (end - first) > MAX_COMPARED) return undefined;
  const found = new Map<number, Held>();
  for (const { offset, held } of places) {
    const test = rowsAt(module, input, func, offset, body.places.get(offset) ?? -1);
    for (let row = first; row < end; row++)
      if (test(effects[facts.effect[row]], facts.site[row])) found.set(row, inBoth(found.get(row) ?? held, held));
  }
  return (row) => found.get(row) ?? NONE;
}

const NONE: Held = { alone: 0, any: 0 };
