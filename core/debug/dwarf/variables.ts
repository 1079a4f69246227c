/** Variables by address. */
import type { Module } from '../../wasm/module.ts';
import { allSteps, type Steps } from '../steps.ts';
import { AddressBases } from './bases.ts';
import { Attribute } from './constants.ts';
import { type Entry, entryAt } from './entry.ts';
import type { DwarfInfo } from './info.ts';
import { type FixedPlace, fixedPlaces } from './location.ts';
import { countUpTo, NumberList } from './numberList.ts';
import { sizeOfType, typeOfEntry } from './types.ts';

/** A variable, or a part of it, at an address. */
export interface PlacedVariable {
  readonly entry: Entry;
  readonly type: Entry | undefined;
  /** First address of it, and its size in bytes if that is known. */
  readonly start: number;
  readonly size: number | undefined;
  /** Bytes of the variable that are elsewhere, before this part. */
  readonly skipped: number;
  readonly threadLocal: boolean;
}

/** The largest address that there is; what the linker removed is at 0 or at the last addresses. */
const LARGEST = 0xffff_fff0;

/** Addresses before the one in question at which a variable may begin that reaches it. */
const MOST_STARTS = 8;

/** Variables at one address that are looked at: the same one, as several units declare it. */
const MOST_AT_START = 32;

export class VariableTable {
  readonly #bases: AddressBases;
  readonly #info: DwarfInfo;
  /** Ascending by address: the address, the unit, and the entry. */
  #all: { address: Uint32Array; unit: Uint32Array; entry: Uint32Array } | undefined;

  constructor(module: Module, info: DwarfInfo) {
    this.#bases = new AddressBases(module);
    this.#info = info;
  }

  /** The smallest variable that an address is in. */
  at(address: number): PlacedVariable | undefined {
    const { address: starts } = this.#table();
    let last = countUpTo(starts, address) - 1;
    for (let left = MOST_STARTS; left > 0 && last >= 0; left--) {
      const start = starts[last];
      const first = countUpTo(starts, start - 1);
      const found = this.#smallestAt(first, last, address);
      if (found !== undefined) return found;
      last = first - 1;
    }
    return undefined;
  }

  #smallestAt(first: number, last: number, address: number): PlacedVariable | undefined {
    let best: PlacedVariable | undefined;
    for (let i = first; i <= Math.min(last, first + MOST_AT_START); i++) {
      const variable = this.#info.sections.attempt(() => this.#read(i));
      if (variable === undefined || address >= variable.start + (variable.size ?? 1)) continue;
      if (best === undefined || (variable.size ?? Infinity) < (best.size ?? Infinity)) best = variable;
    }
    return best;
  }

  #read(index: number): PlacedVariable | undefined {
    const { address, unit, entry: offsets } = this.#table();
    const entry = entryAt({ unit: this.#info.units.all[unit[index]], offset: offsets[index] });
    const location = entry?.block(Attribute.location);
    if (entry === undefined || location === undefined) return undefined;
    const start = address[index];
    const place = fixedPlaces(location, entry.unit).find((one) => this.#addressOf(one) === start);
    if (place === undefined) return undefined;
    const type = typeOfEntry(entry);
    const { skipped, size } = place.part ?? { skipped: 0, size: sizeOfType(type) };
    return { entry, type, start, size, skipped, threadLocal: this.#isThreadLocal(place) };
  }

  #table(): { address: Uint32Array; unit: Uint32Array; entry: Uint32Array } {
    this.#all ??= allSteps(this.#readAll());
    return this.#all;
  }

  /** Finds all variables. */
  *prepare(): Steps<void> {
    this.#all ??= yield* this.#readAll();
  }

  *#readAll(): Steps<{ address: Uint32Array; unit: Uint32Array; entry: Uint32Array }> {
    const [address, index, offsets] = [0, 0, 0].map(() => new NumberList());
    for (const unit of this.#info.units.all) {
      for (const offset of this.#info.contentsOf(unit).variables) {
        const places = this.#info.sections.attempt(() => {
          const location = entryAt({ unit, offset })?.block(Attribute.location);
          return location === undefined ? [] : fixedPlaces(location, unit);
        });
        for (const place of places ?? []) {
          const start = this.#addressOf(place);
          if (start === undefined || start <= 0 || start > LARGEST) continue;
          address.push(start);
          index.push(unit.index);
          offsets.push(offset);
        }
      }
      yield;
    }
    const starts = address.done();
    const order = Uint32Array.from(starts.keys()).sort((a, b) => starts[a] - starts[b] || a - b);
    return {
      address: order.map((i) => starts[i]),
      unit: order.map((i) => index.at(i)),
      entry: order.map((i) => offsets.at(i)),
    };
  }

  /** The address of a place; undefined if it is known only when the module runs. */
  #addressOf({ address, base, threadLocal }: FixedPlace): number | undefined {
    const from = threadLocal
      ? this.#bases.ofThread(address)
      : base === undefined
        ? this.#bases.ofMemory()
        : this.#bases.valueOf(base);
    return from === undefined ? undefined : from + address;
  }

  #isThreadLocal({ threadLocal, base }: FixedPlace): boolean {
    return threadLocal || (base !== undefined && this.#bases.isThreadBase(base));
  }
}
