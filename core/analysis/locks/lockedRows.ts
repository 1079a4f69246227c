/**
 * Which locks are held at all accesses that a fact stands for: by the places in its function that can have it, and for what
 * a callee does at its arguments, by the calls and what the callee holds besides.
 */
import type { Module } from '../../wasm/module.ts';
import type { Effect } from '../cells.ts';
import { isRelative, OWN } from '../functionFacts.ts';
import type { GuardInput } from '../onceGuards.ts';
import { type Held, type HeldSets, inBoth } from './heldSets.ts';
import type { LockBodies } from './lockBodies.ts';
import { AddressFrom } from './lockFindings.ts';
import { rowsAt } from './siteRows.ts';

/** Most comparisons of places and facts in one function. */
const MAX_COMPARED = 4_000_000;
const NONE: Held = { alone: 0, any: 0 };
/** Calls in a chain that are followed. */
const MAX_DEPTH = 200;

/** What is held at rows of the facts. */
export class LockedRows {
  readonly #module: Module;
  readonly #input: GuardInput;
  readonly #bodies: LockBodies;
  readonly #sets: HeldSets;
  readonly #known = new Map<number, readonly Held[] | undefined>();
  readonly #atParameters = new Map<string, Held | undefined>();
  #depth = 0;

  constructor(module: Module, input: GuardInput, bodies: LockBodies, sets: HeldSets) {
    this.#module = module;
    this.#input = input;
    this.#bodies = bodies;
    this.#sets = sets;
  }

  /** For the rows of a function, in order; undefined where nothing is held, or nothing known. */
  of(func: number): readonly Held[] | undefined {
    if (func >= this.#input.graph.functions || func < this.#module.functions.imported) return undefined;
    if (this.#known.has(func) || this.#depth >= MAX_DEPTH) return this.#known.get(func);
    // Recursion: nothing is known of it.
    this.#known.set(func, undefined);
    this.#depth++;
    const found = this.#find(func);
    this.#depth--;
    const some = found.some(({ any }) => any !== 0) ? found : undefined;
    this.#known.set(func, some);
    return some;
  }

  #find(func: number): readonly Held[] {
    const { facts, effects } = this.#input;
    const [start, end] = [facts.start[func], facts.start[func + 1]];
    const own = this.#bodies.has(func) ? this.#inBody(func) : this.#sets.atEntry(func);
    const rows: Held[] = [];
    const derived = new Map<string, Held>();
    for (let row = start; row < end; row++) {
      const effect = effects[facts.effect[row]];
      if (facts.originNode[row] === OWN) {
        rows.push('any' in own ? own : (own.get(row) ?? NONE));
        continue;
      }
      const key = `${effect.cell.kind} ${effect.access}`;
      const held = derived.get(key) ?? this.#throughCalls(func, effect);
      derived.set(key, held);
      rows.push(held);
    }
    return rows;
  }

  /** Locks at all places of a body that can have a fact, by row. */
  #inBody(func: number): ReadonlyMap<number, Held> {
    const found = new Map<number, Held>();
    const body = this.#bodies.get(func);
    if (body === undefined) return found;
    const { effects, facts } = this.#input;
    const [start, end] = [facts.start[func], facts.start[func + 1]];
    const places = [...body.sites.keys()].map((offset) => ({
      offset,
      held: this.#sets.at(func, offset) ?? NONE,
    }));
    if (places.every(({ held }) => held.any === 0) || places.length * (end - start) > MAX_COMPARED) return found;
    for (const { offset, held } of places) {
      const test = rowsAt(this.#module, offset, body.places.get(offset) ?? AddressFrom.Unknown);
      for (let row = start; row < end; row++) {
        if (facts.originNode[row] !== OWN || !test(effects[facts.effect[row]], facts.site[row])) continue;
        found.set(row, inBoth(found.get(row) ?? held, held));
      }
    }
    return found;
  }

  /** Locks at what callees do at their arguments: accesses of the kind of `effect`. */
  #throughCalls(func: number, effect: Effect): Held {
    const { graph } = this.#input;
    let all: Held | undefined;
    const add = (held: Held): void => {
      all = all === undefined ? held : inBoth(all, held);
    };
    const body = this.#bodies.get(func);
    const followed = this.#bodies.has(func);
    const entry = followed ? NONE : this.#sets.atEntry(func);
    for (let k = graph.start[func]; k < graph.start[func + 1]; k++) {
      const target = graph.target[k];
      if (body !== undefined && target < graph.functions) continue;
      const inside = this.#relative(target, effect);
      if (inside !== undefined) add(both(entry, inside));
    }
    for (const [offset, { callee }] of body?.calls ?? []) {
      const inside = this.#relative(callee, effect);
      if (inside !== undefined) add(both(this.#sets.throughCall(func, offset) ?? NONE, inside));
    }
    return all ?? NONE;
  }

  /** What is held in a node wherever it does something of this kind at its parameters; undefined where it does not. */
  #relative(node: number, effect: Effect): Held | undefined {
    const key = `${node} ${effect.cell.kind} ${effect.access}`;
    if (this.#atParameters.has(key)) return this.#atParameters.get(key);
    const found = this.#findRelative(node, effect);
    this.#atParameters.set(key, found);
    return found;
  }

  #findRelative(node: number, { cell, access }: Effect): Held | undefined {
    const { facts, effects } = this.#input;
    let all: Held | undefined;
    const rows = this.of(node);
    for (let row = facts.start[node]; row < facts.start[node + 1]; row++) {
      const effect = effects[facts.effect[row]];
      if (!isRelative(effect) || effect.access !== access || effect.cell.kind !== cell.kind) continue;
      const held = rows?.[row - facts.start[node]] ?? NONE;
      all = all === undefined ? held : inBoth(all, held);
    }
    return all;
  }
}

/** What is held in one case and what is held in the other. */
const both = (a: Held, b: Held): Held => ({ alone: a.alone | b.alone, any: a.any | b.any });
