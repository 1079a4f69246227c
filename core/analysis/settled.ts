/**
 * Effects that cannot conflict with what certain exports do, because a guard orders them: one-time initialisation, for
 * exports that do everything behind the guard. A group of exports names its set by position; set 0 is empty.
 */
import { setBit } from './bits.ts';
import type { EffectClasses } from './effectClasses.ts';
import type { EffectGroup, Settled } from './model.ts';
import type { OnceGuards } from './onceGuards.ts';

/** The sets, and which of them each of `functions` has. */
export function settledSets(
  once: OnceGuards | undefined,
  functions: readonly number[],
  words: number,
): { sets: Settled[]; of(func: number): number } {
  const empty = { sure: new Uint32Array(words), all: new Uint32Array(words) };
  if (once === undefined) return { sets: [empty], of: () => 0 };
  const sets: Settled[] = [empty];
  const byGuards = new Map<string, number>([['', 0]]);
  const known = new Map<number, number>();
  for (const func of functions) {
    if (known.has(func)) continue;
    const guards = once.guards.filter(({ covers }) => covers(func));
    const key = guards.map((guard) => once.guards.indexOf(guard)).join();
    let set = byGuards.get(key);
    if (set === undefined) {
      const made = { sure: new Uint32Array(words), all: new Uint32Array(words) };
      for (const { effects, proven } of guards)
        for (const effect of effects) {
          setBit(made.all, 0, effect);
          if (proven) setBit(made.sure, 0, effect);
        }
      set = sets.push(made) - 1;
      byGuards.set(key, set);
    }
    known.set(func, set);
  }
  return { sets, of: (func) => known.get(func) ?? 0 };
}

/** `effects` without those of `settled`; the same array if there are none. */
export function excluding(effects: Uint32Array, settled: Uint32Array): Uint32Array {
  // A plain loop: matrices ask this of each pair of groups.
  for (let w = 0; w < effects.length; w++)
    if ((effects[w] & settled[w]) !== 0) return effects.map((word, at) => word & ~settled[at]);
  return effects;
}

/** What a group reaches that may conflict with exports of a set, by set, and what conflicts with that. */
export const facing = (effects: Uint32Array, sets: readonly Settled[], classes: EffectClasses): EffectGroup['facing'] =>
  sets.map(({ sure }) => {
    const open = excluding(effects, sure);
    return { effects: open, ...classes.hostileTo(open) };
  });
