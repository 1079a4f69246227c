/**
 * Accesses that are made while a lock is held. They get effects of their own, which name the locks: two accesses under one
 * lock do not conflict, see guarded.ts.
 */
import type { Module } from '../../wasm/module.ts';
import { type Effect, isAtomic } from '../cells.ts';
import { OWN } from '../functionFacts.ts';
import type { FunctionFacts } from '../model.ts';
import type { OnceGuards } from '../onceGuards.ts';
import { entryFunctions } from './entryFunctions.ts';
import { type HeldSets, heldSets } from './heldSets.ts';
import { atomicWriters, type LockBodies, lockBodies } from './lockBodies.ts';
import { lockTouchers } from './lockCandidates.ts';
import { LockedRows } from './lockedRows.ts';
import { type LockInput, type LockWord, lockWords } from './lockWords.ts';

/** Most effects that are added. */
const MAX_ADDED = 256;
/** Bits of the rows of all nodes together, as in finalEffects.ts. */
const MATRIX_BITS = 2 ** 30;

/** Facts in which accesses under locks have effects of their own; the same facts where there is no lock. `effects` grows. */
export function heldLocks(module: Module, input: LockInput, once: OnceGuards | undefined): FunctionFacts {
  const { effects, memories, facts } = input;
  if (!memories.some(({ shared }) => shared) || effects.some(({ cell }) => cell.kind === 'anything')) return facts;
  const settled = new Map(
    (once?.guards ?? []).flatMap(({ effects, proven }) => effects.map((id) => [id, proven] as const)),
  );
  // What touches words that could be locks tells whether any is one; only then all that may disturb it is followed.
  const touching = lockTouchers(module, input, settled);
  if (touching.size === 0) return facts;
  const entries = entryFunctions(module);
  const wordsIn = (bodies: LockBodies | undefined): LockWord[] =>
    bodies === undefined ? [] : lockWords(module, input, bodies, entries, settled);
  if (wordsIn(lockBodies(module, input, touching)).length === 0) return facts;
  const bodies = lockBodies(module, input, atomicWriters(module, input));
  const words = wordsIn(bodies);
  if (bodies === undefined || words.length === 0) return facts;
  const sets = heldSets(module, input, bodies, entries, words);
  return withLocks(module, input, bodies, words, sets, settled);
}

function withLocks(
  module: Module,
  input: LockInput,
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
  const rows = new LockedRows(module, input, bodies, sets);
  for (let func = module.functions.imported; func < graph.functions; func++) {
    const held = rows.of(func);
    if (held === undefined) continue;
    const start = facts.start[func];
    for (let row = start; row < facts.start[func + 1]; row++) {
      const { any, alone } = held[row - start];
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
  return { ...facts, effect, originEffect: ids.size === 0 ? facts.originEffect : origins(facts, effect) };
}

/** Effects from which others are derived, after `effect` took the place of `facts.effect`. */
function origins(facts: FunctionFacts, effect: Uint32Array): Uint32Array {
  const changed = facts.originEffect.slice();
  const ofNode = new Map<number, Map<number, number>>();
  for (let row = 0; row < changed.length; row++) {
    const node = facts.originNode[row];
    if (node === OWN) continue;
    let known = ofNode.get(node);
    if (known === undefined) {
      known = new Map();
      for (let k = facts.start[node + 1] - 1; k >= facts.start[node]; k--) known.set(facts.effect[k], effect[k]);
      ofNode.set(node, known);
    }
    changed[row] = known.get(changed[row]) ?? changed[row];
  }
  return changed;
}

/** Whether an access is an atomic one of a lock itself. */
const isOfLock = (effect: Effect, words: readonly LockWord[]): boolean => {
  const { kind, index, address } = effect.cell;
  if (kind !== 'memory' || address?.base !== 'static' || !isAtomic(effect)) return false;
  return words.some(({ memory, start, end }) => memory === index && start === address.start && end === address.end);
};
