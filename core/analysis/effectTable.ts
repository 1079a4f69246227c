/**
 * Interns the accesses that a scan meets: equal ones share an id. Ids are dense, so that "seen in
 * this function already" is one array read in the scanner.
 */
import { BASE_BITS, BASE_MASK, Base } from './abstractValue.ts';
import type { AccessKind, CellKind } from './cells.ts';

/** Numbers of the access kinds: positions in `ACCESS_KINDS`. */
export const READ = 0;
/** Number of `write`. */
export const WRITE = 1;
/** Number of `atomic-read`. */
export const ATOMIC_READ = 2;
/** Number of `atomic-write`. */
export const ATOMIC_WRITE = 3;
/** Access kinds by number. */
export const ACCESS_KINDS: readonly AccessKind[] = ['read', 'write', 'atomic-read', 'atomic-write'];

/** An access before cells are given their final form: bases instead of addresses. */
export interface RawEffect {
  kind: CellKind;
  /** Memory, global, table, segment or imported function; 0 for a kind that a module has only once. */
  index: number;
  segment: 'data' | 'element' | undefined;
  access: number;
  /** Packed abstract base; the range `[start, end)` is meaningful for `Constant` and `Immutable` only. */
  base: number;
  start: number;
  end: number;
}

const SMALL = 256;
/** Sums of a global and a constant below this do not wrap around. */
const FARTHEST = 2 ** 30;

/** Interns raw effects: each method returns the id of an access, which is its position in `effects`. */
export class EffectTable {
  readonly effects: RawEffect[] = [];
  /** Memory 0, by access and packed base, for bases without a range. */
  private readonly plain = [0, 1, 2, 3].map(() => new Int32Array(SMALL).fill(-1));
  /** The same of table 0. */
  private readonly slots = [0, 1, 2, 3].map(() => new Int32Array(SMALL).fill(-1));
  /** Memory 0, constant addresses: `(start * 32 + width) * 4 + access`. */
  private readonly constants = new Map<number, number>();
  /** Memory 0, relative to a global, by base. */
  private readonly relatives = new Map<number, Map<number, number>>();
  private readonly others = new Map<string, number>();

  /** An access of `[value + offset, ... + width)` in memory `memory`, `width` 0 when not known. */
  memory(memory: number, access: number, base: number, value: number, offset: number, width: number): number {
    const kind = base & BASE_MASK;
    if (kind === Base.Constant && width > 0) {
      const start = (value >>> 0) + offset;
      if (memory !== 0 || width > 16 || start > 0xffff_ffff)
        return this.range('memory', memory, access, base, start, start + width);
      const key = (start * 32 + width) * 4 + access;
      let id = this.constants.get(key);
      if (id === undefined) {
        id = this.add({ kind: 'memory', index: 0, segment: undefined, access, base, start, end: start + width });
        this.constants.set(key, id);
      }
      return id;
    }
    // Far constants may wrap around: then nothing is known.
    if (kind === Base.Immutable && width > 0 && Math.abs(value) + offset < FARTHEST)
      return this.relative(memory, access, base, value + offset, width);
    // Without a width the end of the range is unknown.
    const rest = kind === Base.Constant || kind === Base.Immutable ? Base.Unknown : base;
    if (memory === 0 && rest < SMALL) {
      const known = this.plain[access];
      if (known[rest] < 0) known[rest] = this.range('memory', 0, access, rest, 0, 0);
      return known[rest];
    }
    return this.range('memory', memory, access, rest, 0, 0);
  }

  /** A range relative to an immutable global: static data of position-independent code. There may be many. */
  private relative(memory: number, access: number, base: number, start: number, width: number): number {
    if (memory !== 0 || width > 16) return this.range('memory', memory, access, base, start, start + width);
    const known = this.relatives.get(base) ?? new Map<number, number>();
    this.relatives.set(base, known);
    const key = (start * 32 + width) * 4 + access;
    let id = known.get(key);
    if (id === undefined) {
      id = this.add({ kind: 'memory', index: 0, segment: undefined, access, base, start, end: start + width });
      known.set(key, id);
    }
    return id;
  }

  /** A slot access of a table, one slot wide where it is constant. */
  table(table: number, access: number, base: number, value: number): number {
    const kind = base & BASE_MASK;
    if (kind === Base.Constant) return this.range('table', table, access, base, value >>> 0, (value >>> 0) + 1);
    const rest = kind === Base.Parameter ? base : Base.Unknown;
    if (table !== 0 || rest >= SMALL) return this.range('table', table, access, rest, 0, 0);
    // Every indirect call takes this path, so it is fast.
    const known = this.slots[access];
    if (known[rest] < 0) known[rest] = this.range('table', 0, access, rest, 0, 0);
    return known[rest];
  }

  /** Any other cell; `index` is 0 for a kind that a module has only once. */
  cell(kind: CellKind, index: number, access: number, segment?: 'data' | 'element'): number {
    return this.range(kind, index, access, Base.Unknown, 0, 0, segment);
  }

  private range(
    kind: CellKind,
    index: number,
    access: number,
    base: number,
    start: number,
    end: number,
    segment?: 'data' | 'element',
  ): number {
    const key = `${kind} ${index} ${access} ${base} ${start} ${end} ${segment}`;
    let id = this.others.get(key);
    if (id === undefined) {
      id = this.add({ kind, index, segment, access, base, start, end });
      this.others.set(key, id);
    }
    return id;
  }

  private add(effect: RawEffect): number {
    return this.effects.push(effect) - 1;
  }
}

/** Index inside a packed base. */
export const baseIndex = (base: number): number => base >> BASE_BITS;
