/** What is found while a body is followed along its locks: accesses and calls with what is held there, uses, exits. */
import { isValueKey } from './lockKeys.ts';
import type { LockStatus } from './lockOperations.ts';
import type { State } from './lockState.ts';
import type { LockExit, LockSummary } from './lockSummary.ts';
import { AS_MUTEX, addUse, type LockUse, NO_USE, Use } from './lockUses.ts';
import { constantIn, either, fixedValue, sameFact, sameValue, type WalkValue } from './lockValues.ts';

/** What may be known about a word at a place, as bits: as at the beginning, held, held as a reader, given up. */
export const Seen = { Entry: 1, Held: 2, Shared: 4, Released: 8 } as const;

/** Locks at one place of a body: `Seen` bits of each word; others are as at the beginning. */
export type SiteLocks = Map<string, number>;

/** What is known about an address that is not fixed: it comes from a parameter, or was read from memory. */
export const AddressFrom = { Unknown: -1, Parameter: -2, Loaded: -3 } as const;

/** A direct call: its operands on all ways. */
export interface LockCall {
  callee: number;
  operands: readonly WalkValue[];
}

/** What was found in a body. */
export interface LockBody {
  /** Accesses and calls, by byte offset. */
  sites: Map<number, SiteLocks>;
  /** By byte offset. */
  calls: Map<number, LockCall>;
  /** Fixed addresses of loads and stores, by byte offset; otherwise a `AddressFrom`. */
  places: Map<number, number>;
  summary: LockSummary;
  /** Whether a word without a name that lasts is used in a way that could give up any lock. */
  releasesUnknown: boolean;
}

const SEEN: Readonly<Record<Exclude<LockStatus, undefined>, number>> = {
  held: Seen.Held,
  shared: Seen.Shared,
  released: Seen.Released,
  lowered: Seen.Released,
};

/** Collects it. */
export class LockFindings {
  readonly #sites = new Map<number, SiteLocks>();
  readonly #calls = new Map<number, LockCall>();
  readonly #places = new Map<number, number>();
  readonly #uses = new Map<string, LockUse>();
  readonly #needs = new Map<string, number>();
  readonly #addsUnheld = new Set<string>();
  readonly #released = new Set<string>();
  readonly #exits = new Map<string, LockExit>();
  #releasesUnknown = false;

  /** All of it. */
  body(): LockBody {
    return {
      sites: this.#sites,
      calls: this.#calls,
      places: this.#places,
      releasesUnknown: this.#releasesUnknown,
      summary: {
        exits: [...this.#exits.values()],
        uses: this.#uses,
        needs: this.#needs,
        addsUnheld: this.#addsUnheld,
        released: this.#released,
      },
    };
  }

  /** A word without a name that lasts is used in a way that could give up any lock. */
  unknownRelease(): void {
    this.#releasesUnknown = true;
  }

  /** A word is given up. */
  release(key: string): void {
    this.#released.add(key);
  }

  /** A way out of the body. */
  exit(exit: LockExit): void {
    const key = [...exit.locks]
      .map(([lock, status]) => `${lock}=${status}`)
      .sort()
      .join();
    const known = this.#exits.get(key);
    const result = known === undefined ? exit.result : either(known.result, exit.result);
    if (known === undefined || !sameFact(known.result, result)) this.#exits.set(key, { locks: exit.locks, result });
  }

  /** Notes what is held at a place. */
  visit(state: State, at: number): void {
    const site = this.#sites.get(at);
    if (site === undefined) {
      this.#sites.set(at, new Map([...state.locks].map(([key, status]) => [key, SEEN[status]])));
      return;
    }
    for (const [key, bits] of site) {
      const status = state.locks.get(key);
      site.set(key, bits | (status === undefined ? Seen.Entry : SEEN[status]));
    }
    for (const [key, status] of state.locks) if (!site.has(key)) site.set(key, Seen.Entry | SEEN[status]);
  }

  /** Notes the address of an access on one of the ways that lead to it. */
  place(at: number, address: number): void {
    const known = this.#places.get(at);
    this.#places.set(at, known === undefined || known === address ? address : AddressFrom.Unknown);
  }

  /** Notes the operands of a direct call on one of the ways that lead to it. */
  call(at: number, callee: number, operands: readonly WalkValue[], state: State): void {
    const given = operands.map((value): WalkValue => {
      const fixed = constantIn(state.facts, value);
      return fixed === undefined ? (value?.kind === 'numbered' && value.id < 0 ? value : undefined) : fixedValue(fixed);
    });
    const known = this.#calls.get(at);
    const both = known?.operands.map((value, k) => (sameValue(value, given[k]) ? value : undefined));
    this.#calls.set(at, { callee, operands: both ?? given });
  }

  /** A use of a word with a name that lasts. */
  addUse(key: string, use: LockUse): void {
    addUse(this.#uses, key, use);
  }

  /** Notes what is done to a word. */
  use(key: string, use: LockUse, needs: number, addsUnheld: boolean): void {
    if (isValueKey(key)) {
      // The word could be any: it may be taken and given up as a mutex, and nothing else.
      if (needs !== 0 || addsUnheld || (use.bits & ~AS_MUTEX) !== 0) this.#releasesUnknown = true;
      return;
    }
    if (use !== NO_USE) addUse(this.#uses, key, use);
    if (needs !== 0) {
      const all = (this.#needs.get(key) ?? needs) & needs;
      if (all === 0) addUse(this.#uses, key, { ...NO_USE, bits: Use.Broken });
      else this.#needs.set(key, all);
    }
    if (addsUnheld) this.#addsUnheld.add(key);
  }
}
