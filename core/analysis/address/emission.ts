/** Where the accesses go that are found of a function: to its facts, and to its summary if they concern callers. */
import { Base, baseIndex } from '../abstractValue.ts';
import type { EffectTable, RawEffect } from '../effectTable.ts';
import type { AllocatorInsides } from './allocatorInsides.ts';
import { FactLists } from './derivedFacts.ts';
import { MOST_PARAMETERS } from './parameterBits.ts';
import { Summary } from './summary.ts';
import type { SummaryEntries } from './summaryEntries.ts';

/** Notes each access of a node once; of the same access, one that direct calls alone lead to counts. */
export class Emission {
  readonly facts: FactLists;
  /** The summary of the node in hand. */
  summary: Summary;
  /** Whether accesses become facts, too; else only the summary is made. */
  makesFacts = false;
  /** It is one of functions that call each other, and these have been followed until nothing changed. */
  isSettled = false;
  private readonly table: EffectTable;
  private readonly entries: SummaryEntries;
  private readonly insides: AllocatorInsides;
  /** By effect: the last node that noted it, as a serial number, and whether by direct calls alone. */
  private seen = new Uint32Array(1024);
  private serial = 0;
  /** Whether the node in hand is one of an allocator. */
  private isAllocator = false;
  /** Where the accesses that are being made come from: offset, node and effect there, by direct calls alone. */
  private site = 0;
  private origin = 0;
  private effect = 0;
  private direct = true;

  constructor(table: EffectTable, entries: SummaryEntries, insides: AllocatorInsides, nodes: number) {
    this.table = table;
    this.entries = entries;
    this.insides = insides;
    this.facts = new FactLists(nodes);
    this.summary = new Summary(entries);
  }

  /** What follows is of `node`. */
  begin(node: number, makesFacts: boolean): void {
    this.makesFacts = makesFacts;
    this.serial++;
    this.isAllocator = this.insides.functions.has(node);
  }

  /** Where the accesses come from that `noteHere` and `noteOf` note. */
  come(site: number, origin: number, effect: number, direct: boolean): void {
    this.site = site;
    this.origin = origin;
    this.effect = effect;
    this.direct = direct;
  }

  noteHere(id: number): void {
    this.note(id, this.site, this.origin, this.effect, this.direct);
  }

  /** An access that an entry of the callee leads to. */
  noteOf(entry: number, id: number): void {
    const { entries } = this;
    const direct = this.direct && entries.isDirect(entry);
    this.note(id, this.site, this.origin, entries.origin(entry), direct);
  }

  /** The same access at an unknown address. */
  noteUnknown(effect: RawEffect, site: number, origin: number, originEffect: number, direct: boolean): void {
    // Summaries have no use for it.
    if (this.makesFacts) this.note(this.table.at(effect.form, Base.Unknown), site, origin, originEffect, direct);
  }

  /** What an allocator does at an unknown address, itself or with an argument that is not known, is done to its own state. */
  private placed(id: number, origin: number): number {
    const { functions, base: own } = this.insides;
    if (functions.size === 0) return id;
    const { kind, base, form } = this.table.effects[id];
    const isOwn = kind === 'memory' && base === Base.Unknown && (this.isAllocator || functions.has(origin));
    return isOwn ? this.table.at(form, own) : id;
  }

  /** Whether an access through a parameter is in the summary in hand, or has room there. */
  private isKept(id: number, direct: boolean): boolean {
    // A summary with room has all that was found while it was settled.
    if (this.isSettled && this.summary.hasRoom) return baseIndex(this.table.effects[id].base) < MOST_PARAMETERS;
    return this.summary.add(id, direct);
  }

  /** Notes an access, and what of it concerns callers. */
  note(found: number, site: number, origin: number, originEffect: number, direct: boolean): void {
    const id = this.makesFacts ? this.placed(found, origin) : found;
    if (id >= this.seen.length) {
      const larger = new Uint32Array(Math.max(this.seen.length * 2, id + 1));
      larger.set(this.seen);
      this.seen = larger;
    }
    const key = this.serial * 2 + (direct ? 1 : 0);
    if (this.seen[id] === key || this.seen[id] === this.serial * 2 + 1) return;
    this.seen[id] = key;
    const kept = this.table.relative[id] === 0 || this.isKept(id, direct);
    if (!this.makesFacts) return;
    this.facts.push(id, site, direct, origin, originEffect);
    if (!kept) this.noteUnknown(this.table.effects[id], site, origin, originEffect, direct);
  }
}
