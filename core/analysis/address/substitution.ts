/**
 * Accesses at places: of a function at its own addresses, and of a callee at the arguments of a call. What an access becomes
 * at a set of places is found once: a list of raw effects.
 */
import { ANYWHERE, BASE_MASK, Base, baseIndex } from '../abstractValue.ts';
import type { EffectTable, RawEffect } from '../effectTable.ts';
import { U32List } from '../growable.ts';
import { PairMemo } from './pairMemo.ts';
import { MOST_PARAMETERS } from './parameterBits.ts';
import { ANYTHING, type Layout, NOWHERE, type PlaceSets } from './placeSets.ts';
import type { Summary } from './summary.ts';
import { NO_ENTRY, type SummaryEntries } from './summaryEntries.ts';

/** Distances beyond which sums may wrap around. */
const FARTHEST = 2 ** 30;
/** Accesses of fewer bytes are looked up. */
const NARROW = 64;

/** The lists of one way of asking: all accesses, or only those through parameters. */
interface Known {
  /** By form and width, and set. */
  accesses: PairMemo;
  /** By a callee's effect, and set: effects. */
  effects: PairMemo;
  /** By callee and parameter, and set. */
  calls: PairMemo;
}

const nothingKnown = (): Known => ({ accesses: new PairMemo(), effects: new PairMemo(), calls: new PairMemo() });

/** Makes accesses at sets of places. */
export class Substitution {
  private readonly entries: SummaryEntries;
  private readonly table: EffectTable;
  private readonly sets: PlaceSets;
  private readonly layout: Layout;
  private readonly all = nothingKnown();
  private readonly ofParameters = nothingKnown();
  /**
   * The lists one after the other. Of effects: their number, 1 if an argument is an index, effects. Of a call's argument:
   * the summary's version, the number of accesses, of indices; effect and entry of each access, entry of each index.
   */
  private readonly store = new U32List();
  /** The list that is being made: effects, and of a call's argument effects with their entries, and indices. */
  private readonly building = new U32List();
  private readonly accesses = new U32List();
  private readonly indices = new U32List();
  /** Only accesses through parameters are wanted. */
  relativeOnly = false;

  constructor(entries: SummaryEntries, sets: PlaceSets, layout: Layout) {
    this.entries = entries;
    this.table = entries.table;
    this.sets = sets;
    this.layout = layout;
  }

  /** Number of effects of a list. */
  size(list: number): number {
    return this.store.at(list);
  }

  /** Effect `k` of a list. */
  at(list: number, k: number): number {
    return this.store.at(list + 2 + k);
  }

  /** Whether some argument was taken for an index that the callee adds to another pointer, so that nothing is accessed there. */
  isIndexed(list: number): boolean {
    return this.store.at(list + 1) === 1;
  }

  /**
   * What the callee `target` does through parameter `parameter`, at a set of places as the argument: a list for `accessCount`,
   * `effectAt`, `entryAt`, `indexCount`, `indexAt`. Without entries that need the length that another argument gives.
   */
  argument(target: number, summary: Summary, parameter: number, set: number): number {
    const { calls } = this.relativeOnly ? this.ofParameters : this.all;
    const key = target * MOST_PARAMETERS + parameter;
    const known = calls.get(key, set);
    if (known >= 0 && this.store.at(known) === summary.version) return known;
    const { accesses, indices } = this;
    accesses.length = 0;
    indices.length = 0;
    const { entries } = this;
    for (let e = summary.first; e !== NO_ENTRY; e = entries.next(e)) {
      if (entries.parameter(e) !== parameter) continue;
      const whole = entries.whole(e);
      if (this.table.effects[whole].length >= 0) continue;
      const found = this.substitute(whole, set, NOWHERE);
      const direct = entries.isDirect(e);
      for (let k = 0; k < this.size(found); k++) {
        const id = this.at(found, k);
        if (isThere(entries, accesses, id, direct)) continue;
        accesses.push(id);
        accesses.push(e);
      }
      if (this.isIndexed(found)) indices.push(e);
    }
    const list = this.store.length;
    this.store.push(summary.version);
    this.store.push(accesses.length / 2);
    this.store.push(indices.length);
    this.store.append(accesses);
    this.store.append(indices);
    calls.set(key, set, list);
    return list;
  }

  /** Number of accesses of a list of `argument`. */
  accessCount(list: number): number {
    return this.store.at(list + 1);
  }

  /** Raw effect of access `k` of such a list. */
  effectAt(list: number, k: number): number {
    return this.store.at(list + 3 + 2 * k);
  }

  /** The entry that is the origin of access `k` of such a list. */
  entryAt(list: number, k: number): number {
    return this.store.at(list + 4 + 2 * k);
  }

  /** Number of entries for which the argument was taken for an index. */
  indexCount(list: number): number {
    return this.store.at(list + 2);
  }

  /** Such an entry. */
  indexAt(list: number, k: number): number {
    return this.store.at(list + 3 + 2 * this.accessCount(list) + k);
  }

  /** An access of `width` bytes (0: not known) at a set of places. */
  access(form: number, set: number, width: number): number {
    const { accesses } = this.relativeOnly ? this.ofParameters : this.all;
    const key = width < NARROW ? form * NARROW + width : -1;
    const known = key < 0 ? -1 : accesses.get(key, set);
    if (known >= 0) return known;
    const { pieces } = this.sets;
    this.building.length = 0;
    // A value that does not occur may be one that was not found.
    if (set <= NOWHERE) this.unknown(form);
    for (let k = 0; k < this.sets.size(set); k++) {
      const p = this.sets.at(set, k);
      const end = width === 0 ? Infinity : pieces.high[p] + width;
      this.span(form, p, pieces.low[p], end, width, pieces.maybe[p] === 1);
    }
    const list = this.built(false);
    if (key >= 0) accesses.set(key, set, list);
    return list;
  }

  /**
   * What a callee's access, a raw effect relative to a parameter, becomes at a set of places as the argument; `lengths`: the
   * argument that is its length.
   */
  substitute(whole: number, set: number, lengths: number): number {
    const { effects } = this.relativeOnly ? this.ofParameters : this.all;
    const raw = this.table.effects[whole];
    const known = raw.length < 0 ? effects.get(whole, set) : -1;
    if (known >= 0) return known;
    this.building.length = 0;
    let indexed = false;
    // A value that does not occur may be one that was not found.
    if (this.table.relative[whole] === 0 || set <= NOWHERE) this.unknown(raw.form);
    else
      for (let k = 0; k < this.sets.size(set); k++) {
        const p = this.sets.at(set, k);
        if (this.isIndex(raw, p)) indexed = true;
        else this.substitutePiece(raw, p, lengths);
      }
    const list = this.built(indexed);
    if (raw.length < 0) effects.set(whole, set, list);
    return list;
  }

  private built(indexed: boolean): number {
    const list = this.store.length;
    this.store.push(this.building.length);
    this.store.push(indexed ? 1 : 0);
    this.store.append(this.building);
    return list;
  }

  private found(id: number): void {
    const { building } = this;
    for (let k = 0; k < building.length; k++) if (building.at(k) === id) return;
    building.push(id);
  }

  private unknown(form: number): void {
    if (!this.relativeOnly) this.found(this.table.at(form, Base.Unknown));
  }

  private loose(form: number): void {
    if (!this.relativeOnly) this.found(this.table.at(form, Base.Constant | ANYWHERE));
  }

  /** Bytes `[low, end)` from the base of a piece, as places of `width` bytes in its steps. */
  private span(form: number, p: number, low: number, end: number, width: number, maybe: boolean): void {
    const { pieces } = this.sets;
    const base = pieces.base[p];
    const scale = pieces.scale[p];
    const { table } = this;
    const { staticFrom } = this.layout;
    const kind = base & BASE_MASK;
    if (this.relativeOnly && kind !== Base.Parameter && kind !== Base.ThroughParameter) return;
    switch (kind) {
      case Base.Constant: {
        if (!Number.isFinite(low) || !Number.isFinite(end)) {
          if ((Number.isFinite(low) ? low : end) >= staticFrom && !(low === -Infinity && end === Infinity))
            this.loose(form);
          else this.unknown(form);
          return;
        }
        // Negative constants are high addresses.
        if (low < 0 && end > 0) {
          this.unknown(form);
          return;
        }
        const start = low < 0 ? low + 2 ** 32 : low;
        // One of several places, rather than all of them.
        const strided = width > 0 && pieces.low[p] !== pieces.high[p];
        const details = strided ? { stride: Math.max(pieces.stride[p], 1), width } : undefined;
        this.found(table.range(form, Base.Constant, start, start + (end - low), details));
        return;
      }
      case Base.Parameter: {
        const own = maybe ? table.maybeForm(form) : form;
        if (Math.abs(low) < FARTHEST && Math.abs(end) < FARTHEST) {
          this.found(table.range(own, base, low, end, scale === 1 ? undefined : { scale }));
          return;
        }
        const far = Number.isFinite(low) && low >= staticFrom;
        if (scale === 1) this.found(table.at(own, base | ANYWHERE));
        else if (!far) this.unknown(form);
        // With a constant so large, the parameter may be the index and the constant the address.
        if (far) this.loose(form);
        return;
      }
      case Base.Immutable: {
        const near = Math.abs(low) < FARTHEST && Math.abs(end) < FARTHEST;
        this.found(near ? table.range(form, base, low, end) : table.at(form, base | ANYWHERE));
        return;
      }
      case Base.ThroughParameter:
      case Base.Contents:
      case Base.Mutable:
        this.found(table.at(form, base));
        return;
      case Base.Fresh:
        this.found(table.at(form, Base.Fresh));
        return;
      case Base.Number:
        if (!maybe) this.unknown(form);
        return;
      default:
        this.unknown(form);
    }
  }

  /**
   * Whether a piece of an argument is taken for an index that the callee adds to another pointer, so that nothing is
   * accessed there. What the callee reads through the argument was accessed there, whatever it is.
   */
  private isIndex({ maybe, base: given }: RawEffect, p: number): boolean {
    if (!maybe || (given & BASE_MASK) === Base.ThroughParameter) return false;
    const { base, low, high } = this.sets.pieces;
    const small = base[p] === Base.Constant && low[p] < this.layout.staticFrom;
    return base[p] === Base.Number || (small && (this.layout.nullIsNone || low[p] !== high[p]));
  }

  private substitutePiece(raw: RawEffect, p: number, lengths: number): void {
    const { form, kind, scale, length, maybe } = raw;
    const unbounded = (raw.base & ANYWHERE) !== 0;
    const low = unbounded ? -Infinity : raw.start;
    const high = unbounded ? Infinity : raw.end;
    const { layout, table, sets } = this;
    const { pieces } = sets;
    if (kind === 'table') {
      this.slots(form, p, low, high);
      return;
    }
    if ((raw.base & BASE_MASK) === Base.ThroughParameter) {
      const all = sets.throughPiece(p);
      if (all === ANYTHING) this.unknown(form);
      for (let k = 0; k < sets.size(all); k++) this.span(form, sets.at(all, k), -Infinity, Infinity, 0, false);
      return;
    }
    if (scale !== 1) {
      this.scaled(raw, p);
      return;
    }
    const constant = pieces.base[p] === Base.Constant;
    const loosely = maybe || pieces.maybe[p] === 1;
    if (low === -Infinity || high === Infinity) {
      // Static data: the constant says that it is some.
      if (constant && pieces.low[p] >= layout.staticFrom) this.loose(form);
      else if (constant) this.unknown(form);
      else this.span(form, p, -Infinity, Infinity, 0, loosely);
      return;
    }
    let more = 0;
    if (length >= 0) {
      const given = this.lengthOf(lengths);
      if (typeof given === 'object') {
        const exact = pieces.low[p] === pieces.high[p] && pieces.scale[p] === 1;
        if (pieces.kind(p) === Base.Parameter && exact)
          this.found(
            table.range(form, pieces.base[p], pieces.low[p] + low, pieces.high[p] + high, { length: given.parameter }),
          );
        else this.span(form, pieces.anywhere(p), -Infinity, Infinity, 0, loosely);
        return;
      }
      more = given;
    }
    this.span(form, p, pieces.low[p] + low, pieces.high[p] + high + more, high - low + more, loosely);
  }

  /** Slots of a table: constants and parameters, exactly or not at all. */
  private slots(form: number, p: number, low: number, high: number): void {
    const { pieces } = this.sets;
    const start = pieces.low[p] + low;
    const exact = pieces.low[p] === pieces.high[p] && Number.isFinite(start + high) && pieces.scale[p] === 1;
    const kind = pieces.kind(p);
    if (!exact || (kind !== Base.Constant && kind !== Base.Parameter) || (kind === Base.Constant && start < 0))
      this.unknown(form);
    else this.found(this.table.range(form, pieces.base[p], start, pieces.high[p] + high));
  }

  /** A multiple of an argument. */
  private scaled({ form, scale, start: low, end: high }: RawEffect, p: number): void {
    const { pieces } = this.sets;
    const start = low + pieces.low[p] * scale;
    const end = high + pieces.high[p] * scale;
    const exact =
      pieces.low[p] === pieces.high[p] &&
      pieces.scale[p] === 1 &&
      Math.abs(start) < FARTHEST &&
      Math.abs(end) < FARTHEST;
    const kind = pieces.kind(p);
    if (exact && kind === Base.Constant && start >= 0) this.found(this.table.range(form, Base.Constant, start, end));
    else if (exact && kind === Base.Parameter)
      this.found(this.table.range(form, pieces.base[p], start, end, { scale }));
    // An element of an array in static data.
    else if (low >= this.layout.staticFrom) this.loose(form);
    else this.unknown(form);
  }

  /** The length that an argument gives: a number of bytes, infinite if not known, or a parameter. */
  private lengthOf(lengths: number): number | { parameter: number } {
    if (this.sets.size(lengths) !== 1) return Infinity;
    const { base, low, high, scale } = this.sets.pieces;
    const p = this.sets.at(lengths, 0);
    if (base[p] === Base.Constant) return high[p] < 0 ? Infinity : high[p];
    const plain = (base[p] & BASE_MASK) === Base.Parameter && low[p] === 0 && high[p] === 0 && scale[p] === 1;
    return plain ? { parameter: baseIndex(base[p]) } : Infinity;
  }
}

/** Whether `accesses`, effects and their entries, has an effect already, and as sure. */
function isThere(entries: SummaryEntries, accesses: U32List, id: number, direct: boolean): boolean {
  for (let k = 0; k < accesses.length; k += 2)
    if (accesses.at(k) === id && (entries.isDirect(accesses.at(k + 1)) || !direct)) return true;
  return false;
}
