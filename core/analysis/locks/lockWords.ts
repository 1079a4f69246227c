/** Which words of a module are locks that work: by all that is done to them, by whatever code. */
import type { Module } from '../../wasm/module.ts';
import { type Effect, isWrite } from '../cells.ts';
import { constantOf } from '../constants.ts';
import { isRelative } from '../functionFacts.ts';
import type { GuardInput } from '../onceGuards.ts';
import { callees, type LockBodies } from './lockBodies.ts';
import { isStaticKey, parseKey } from './lockKeys.ts';
import { AS_MUTEX, addUse, isLock, type LockUse, NO_USE, Use } from './lockUses.ts';

/** What the search for locks needs of an analysis in the making. */
export interface LockInput extends GuardInput {
  /** Frames of the shadow stack and static data cannot overlap. */
  framesApart: boolean;
}

/** A word that is a lock. */
export interface LockWord {
  /** As `keyText`. */
  key: string;
  memory: number;
  /** The bytes `[start, end)`. */
  start: number;
  end: number;
  /** No access at an address that is not known could change it. */
  proven: boolean;
}

/** Most locks that are told apart: one bit each. */
const MAX_LOCKS = 30;

/** The locks at fixed addresses. `entries`: functions that others than direct calls can reach. */
export function lockWords(
  module: Module,
  input: LockInput,
  bodies: LockBodies,
  entries: ReadonlySet<number>,
  settled: ReadonlyMap<number, boolean>,
): LockWord[] {
  if (input.effects.some(({ cell }) => cell.kind === 'anything')) return [];
  const { uses, open } = allUses(input, bodies, entries);
  const words: LockWord[] = [];
  for (const key of uses.keys()) {
    if (words.length >= MAX_LOCKS || !isLock(key, uses)) continue;
    const { memory } = parseKey(key);
    if (input.memories[memory]?.shared !== true) continue;
    // The words from which its tickets come have to be safe from others, too.
    const all = [key, ...(uses.get(key)?.tickets ?? [])].map((word) =>
      safety(module, input, bodies, entries, word, settled),
    );
    const overlaps = [...uses.keys()].some((other) => other !== key && overlapping(key, other));
    if (overlaps || all.includes('broken')) continue;
    const { offset, width } = parseKey(key);
    words.push({ key, memory, start: offset, end: offset + width, proven: !open && !all.includes('perhaps') });
  }
  return words;
}

function overlapping(a: string, b: string): boolean {
  const [x, y] = [parseKey(a), parseKey(b)];
  return x.memory === y.memory && x.offset < y.offset + y.width && y.offset < x.offset + x.width;
}

/** What is done to words at fixed addresses; `open`: atomics at other addresses may change any word. */
function allUses(
  input: GuardInput,
  bodies: LockBodies,
  entries: ReadonlySet<number>,
): { uses: Map<string, LockUse>; open: boolean } {
  const uses = new Map<string, LockUse>();
  const broken: LockUse = { ...NO_USE, bits: Use.Broken };
  let open = false;
  /** Something happens to a word that nobody may do: to a fixed one, or to any. */
  const breaks = (key: string, use: LockUse): void => {
    if (isStaticKey(key)) addUse(uses, key, use);
    else open = true;
  };
  for (const [func, body] of bodies) {
    if (body === undefined) {
      // What it does to locks is not known: its own atomics, and calls that need a lock to be held.
      for (const key of ownWords(input, func)) breaks(key, broken);
      for (const callee of callees(input, func))
        for (const key of bodies.get(callee)?.summary.needs.keys() ?? []) breaks(key, broken);
      continue;
    }
    const { summary, releasesUnknown } = body;
    open ||= releasesUnknown;
    for (const [key, use] of summary.uses) if (isStaticKey(key)) addUse(uses, key, use);
    for (const key of summary.needs.keys()) if (entries.has(func)) breaks(key, broken);
    for (const key of summary.addsUnheld) if (entries.has(func)) breaks(key, { ...NO_USE, bits: Use.AddUnheld });
    // Words that a host can choose freely, used in ways that are fine for some kinds of lock only.
    const foreign = [...summary.uses].filter(([key]) => entries.has(func) && !isStaticKey(key));
    open ||= foreign.some(([, { bits }]) => (bits & ~AS_MUTEX) !== 0);
  }
  return { uses, open };
}

/** Keys of the words that a function which was not followed changes atomically; `value` for an address not known. */
function ownWords({ effects, facts }: GuardInput, func: number): string[] {
  const keys: string[] = [];
  for (let row = facts.start[func]; row < facts.start[func + 1]; row++) {
    const { cell, access } = effects[facts.effect[row]];
    if (access !== 'atomic-write' || cell.kind !== 'memory') continue;
    const { address } = cell;
    const isFixed = address?.base === 'static' && address.global === undefined && cell.index !== undefined;
    keys.push(isFixed ? `static 0 ${address.start} ${cell.index} ${address.end - address.start}` : 'value');
  }
  return keys;
}

/** Whether code other than that which was followed may change a word; `perhaps`: only at addresses that are not known. */
function safety(
  module: Module,
  { effects, facts, graph, framesApart }: LockInput,
  bodies: LockBodies,
  entries: ReadonlySet<number>,
  key: string,
  settled: ReadonlyMap<number, boolean>,
): 'safe' | 'perhaps' | 'broken' {
  const { memory, offset, width } = parseKey(key);
  const end = offset + width;
  let found: 'safe' | 'perhaps' = 'safe';
  for (let node = 0; node < graph.nodes; node++) {
    const isFollowed = bodies.get(node) !== undefined;
    for (let row = facts.start[node]; row < facts.start[node + 1]; row++) {
      const id = facts.effect[row];
      const effect = effects[id];
      // What is relative to parameters is what callers make of it; a host can pass anything.
      // Atomics of bodies that were followed are among the uses.
      if (isRelative(effect) && !entries.has(node)) continue;
      if (effect.cell.kind !== 'memory' || !isWrite(effect) || (isFollowed && effect.access === 'atomic-write'))
        continue;
      if (effect.cell.address?.base === 'stack' && framesApart) continue;
      const reach = reaches(module, effect, memory, offset, end);
      if (reach === 'no') continue;
      // One-time initialisation happens before.
      const guarded = settled.get(id);
      if (reach === 'yes' && guarded === undefined) return 'broken';
      if (guarded !== true) found = 'perhaps';
    }
  }
  for (const { mode, memory: target, offsetExpr, start: from, end: to } of module.data) {
    if (mode !== 'active' || target !== memory || offsetExpr === undefined) continue;
    const at = constantOf(module, offsetExpr);
    if (at === undefined) found = 'perhaps';
    else if (at < end && offset < at + (to - from)) return 'broken';
  }
  return found;
}

/** Whether a write reaches bytes `[start, end)` of a memory. */
function reaches(
  module: Module,
  { cell: { index, address } }: Effect,
  memory: number,
  start: number,
  end: number,
): 'yes' | 'no' | 'perhaps' {
  if (index !== memory) {
    // Imports may be one memory.
    const mayBeOne = index === undefined || (module.memories[memory].imported && module.memories[index].imported);
    return mayBeOne ? 'perhaps' : 'no';
  }
  if (address?.base === 'fresh') return 'no';
  if (address?.base !== 'static' || address.global !== undefined) return 'perhaps';
  if (address.end <= start || end <= address.start) return 'no';
  return address.loose === true || address.stride !== undefined ? 'perhaps' : 'yes';
}
