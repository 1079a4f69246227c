/**
 * Interns the accesses that a scan meets: equal ones share an id. Ids are dense, so that "seen in
 * this function already" is one array read in the scanner.
 */
import { BASE_BITS, BASE_MASK, Base } from './abstractValue.ts';
import type { AccessKind, CellKind } from './cells.ts';
import { WideConstants } from './wideConstants.ts';

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
  /** As in `Effect`; 0 and false unless the access is atomic. */
  widths: number;
  waits: boolean;
  /** Packed abstract base; the range `[start, end)` is meaningful for `Constant` and `Immutable` only. */
  base: number;
  start: number;
  end: number;
}

/** How an atomic instruction accesses its memory. */
export interface AtomicForm {
  /** Bytes. */
  width: number;
  /** As in `Effect`. */
  widths: number;
  waits: boolean;
}

const PLAIN = { widths: 0, waits: false };
/** What plain accesses of memory 0 have in common. */
const PLAIN_MEMORY = { kind: 'memory', index: 0, segment: undefined, ...PLAIN } as const;

const SMALL = 256;
/** Sums of a global and a constant below this do not wrap around. */
const FARTHEST = 2 ** 30;

/** Interns raw effects: each method returns the id of an access, which is its position in `effects`. */
export class EffectTable {
  readonly effects: RawEffect[] = [];
  /** Constants that do not fit into an abstract value. */
  readonly wide = new WideConstants();
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
    if ((kind === Base.Constant || kind === Base.Wide) && width > 0) {
      const start = this.address(base, value) + offset;
      if (memory !== 0 || width > 16 || start > 0xffff_ffff)
        return this.range('memory', memory, access, Base.Constant, start, start + width);
      const key = (start * 32 + width) * 4 + access;
      let id = this.constants.get(key);
      if (id === undefined) {
        id = this.add({ ...PLAIN_MEMORY, access, base: Base.Constant, start, end: start + width });
        this.constants.set(key, id);
      }
      return id;
    }
    // Far constants may wrap around: then nothing is known.
    if (kind === Base.Immutable && width > 0 && Math.abs(value) + offset < FARTHEST)
      return this.relative(memory, access, base, value + offset, width);
    // Without a width the end of the range is unknown.
    const ranged = kind === Base.Constant || kind === Base.Wide || kind === Base.Immutable;
    const rest = ranged ? Base.Unknown : base;
    if (memory === 0 && rest < SMALL) {
      const known = this.plain[access];
      if (known[rest] < 0) known[rest] = this.range('memory', 0, access, rest, 0, 0);
      return known[rest];
    }
    return this.range('memory', memory, access, rest, 0, 0);
  }

  /** Like `memory`, of an atomic instruction. */
  atomic(memory: number, access: number, base: number, value: number, offset: number, form: AtomicForm): number {
    const kind = base & BASE_MASK;
    const constant = kind === Base.Constant || kind === Base.Wide;
    if (constant || (kind === Base.Immutable && Math.abs(value) + offset < FARTHEST)) {
      const start = (constant ? this.address(base, value) : value) + offset;
      return this.range('memory', memory, access, constant ? Base.Constant : base, start, start + form.width, form);
    }
    return this.range('memory', memory, access, kind === Base.Immutable ? Base.Unknown : base, 0, 0, form);
  }

  /** A constant as an address. A negative 64-bit one is beyond every memory, and so is what it becomes here. */
  private address(base: number, value: number): number {
    return base === Base.Constant ? value >>> 0 : this.wide.values[value];
  }

  /** A range relative to an immutable global: static data of position-independent code. There may be many. */
  private relative(memory: number, access: number, base: number, start: number, width: number): number {
    if (memory !== 0 || width > 16) return this.range('memory', memory, access, base, start, start + width);
    const known = this.relatives.get(base) ?? new Map<number, number>();
    this.relatives.set(base, known);
    const key = (start * 32 + width) * 4 + access;
    let id = known.get(key);
    if (id === undefined) {
      id = this.add({ ...PLAIN_MEMORY, access, base, start, end: start + width });
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
    return this.range(kind, index, access, Base.Unknown, 0, 0, PLAIN, segment);
  }

  private range(
    kind: CellKind,
    index: number,
    access: number,
    base: number,
    start: number,
    end: number,
    { widths, waits }: Pick<RawEffect, 'widths' | 'waits'> = PLAIN,
    segment?: 'data' | 'element',
  ): number {
    const key = `${kind} ${index} ${access} ${base} ${start} ${end} ${segment} ${widths} ${waits}`;
    let id = this.others.get(key);
    if (id === undefined) {
      id = this.add({ kind, index, segment, access, widths, waits, base, start, end });
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
