/** The units with their contents, each read when it is first needed. */

import { allSteps, type Steps } from '../steps.ts';
import { Attribute } from './constants.ts';
import { type Entry, entryAt } from './entry.ts';
import { countUpTo, NumberList } from './numberList.ts';
import { type RangeBudget, rangesOfEntry } from './ranges.ts';
import { scanUnit, type UnitContents } from './scan.ts';
import type { DwarfSections } from './sections.ts';
import type { Skeleton } from './skeleton.ts';
import type { DwarfUnit, EntryPlace } from './unit.ts';
import { type UnitRoot, Units } from './units.ts';

/** Ranges that are read for each byte of the lists: a range has four bytes or more, and few lists are shared. */
const RANGES_PER_BYTE = 4;

/** Ranges that begin before an address and may reach it: they do not overlap, unless the module is broken. */
const MOST_OVERLAPPING = 4;

export class DwarfInfo {
  readonly sections: DwarfSections;
  readonly units: Units;
  readonly #contents: (UnitContents | undefined)[] = [];
  readonly #budget: RangeBudget;
  #addresses: { start: Uint32Array; end: Uint32Array; unit: Uint32Array } | undefined;

  constructor(sections: DwarfSections) {
    this.sections = sections;
    this.units = new Units(sections);
    const bytes = ['.debug_ranges', '.debug_rnglists'].map((name) => sections.get(name)?.bytes.length ?? 0);
    this.#budget = { left: RANGES_PER_BYTE * (bytes[0] + bytes[1]) };
  }

  rootOf(unit: DwarfUnit): UnitRoot | undefined {
    return this.units.rootOf(unit);
  }

  contentsOf(unit: DwarfUnit): UnitContents {
    this.#contents[unit.index] ??= allSteps(this.#scan(unit));
    return this.#contents[unit.index] as UnitContents;
  }

  /** Reads all units. */
  *prepare(): Steps<void> {
    for (const unit of this.units.all) {
      this.#contents[unit.index] ??= yield* this.#scan(unit);
      yield;
    }
    this.#addresses ??= this.#readAddresses();
  }

  #scan(unit: DwarfUnit): Steps<UnitContents> {
    return scanUnit(unit, this.baseOf(unit), this.#budget);
  }

  /** The address that the lists of ranges of a unit count from. */
  baseOf(unit: DwarfUnit): number {
    const root = this.rootOf(unit);
    const low = this.sections.attempt(() => root?.entry.address(Attribute.low_pc));
    return low ?? this.sections.skeleton?.base ?? 0;
  }

  /**
   * The function whose code is at an address.
   * @param mayHaveMoved whether to believe in a function whose end is not where the module has one
   */
  functionAt(address: number, mayHaveMoved: () => boolean): EntryPlace | undefined {
    for (const unit of this.#unitsAt(address)) {
      const { start, end, entry } = this.contentsOf(unit).functions;
      const last = countUpTo(start, address);
      for (let i = last - 1; i >= Math.max(last - MOST_OVERLAPPING, 0); i--) {
        if (address >= end[i]) continue;
        const { code } = this.sections;
        if (!code.endsAround(end[i], address) && !(code.beginsAround(start[i], address) && mayHaveMoved())) continue;
        return { unit, offset: entry[i] };
      }
    }
    return undefined;
  }

  /** What the unit at an address says of its other half, if that is in a file of its own. */
  skeletonAt(address: number): Skeleton | undefined {
    for (const unit of this.#unitsAt(address)) {
      const skeleton = this.rootOf(unit)?.skeleton;
      if (skeleton !== undefined) return skeleton;
    }
    return undefined;
  }

  /** All units whose other half is in a file of its own. */
  skeletons(): Skeleton[] {
    return this.units.all.flatMap((unit) => this.rootOf(unit)?.skeleton ?? []);
  }

  /** The innermost scope around an entry; undefined at the top of a unit. @throws DwarfFailure */
  scopeAround({ unit, offset }: EntryPlace): Entry | undefined {
    const { entry, end, outer } = this.contentsOf(unit).scopes;
    // Scopes are nested: the last one that begins before the entry is around it, or inside of the one that is.
    for (let scope = countUpTo(entry, offset - 1); scope > 0; scope = outer[scope - 1]) {
      if (end[scope - 1] > offset) return entryAt({ unit, offset: entry[scope - 1] });
    }
    return undefined;
  }

  *#unitsAt(address: number): Generator<DwarfUnit> {
    this.#addresses ??= this.#readAddresses();
    const { start, end, unit } = this.#addresses;
    const last = countUpTo(start, address);
    for (let i = last - 1; i >= Math.max(last - MOST_OVERLAPPING, 0); i--) {
      if (address < end[i]) yield this.units.all[unit[i]];
    }
  }

  /** The addresses of each unit, from its first entry, else from its functions. */
  #readAddresses(): { start: Uint32Array; end: Uint32Array; unit: Uint32Array } {
    const [start, end, index] = [0, 0, 0].map(() => new NumberList());
    for (const unit of this.units.all) {
      if (unit.type !== undefined) continue;
      const entry = this.rootOf(unit)?.entry;
      if (entry === undefined) continue;
      const ranges = this.sections.attempt(() => rangesOfEntry(entry, this.baseOf(unit), this.#budget)) ?? [];
      const says = entry.has(Attribute.ranges) || entry.has(Attribute.high_pc);
      if (!says) {
        const { functions } = this.contentsOf(unit);
        for (const [i, low] of functions.start.entries()) ranges.push([low, functions.end[i]]);
      }
      for (const [low, high] of ranges) {
        start.push(low);
        end.push(high);
        index.push(unit.index);
      }
    }
    const lows = start.done();
    const order = Uint32Array.from(lows.keys()).sort((a, b) => lows[a] - lows[b]);
    return { start: order.map((i) => lows[i]), end: order.map((i) => end.at(i)), unit: order.map((i) => index.at(i)) };
  }
}
