/**
 * Interns the accesses that a scan meets: equal ones share an id. Ids are dense, so that "seen in
 * this function already" is one array read in the scanner.
 */
import { ANYWHERE, BASE_MASK, Base } from './abstractValue.ts';
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

/** An access without its place, interned: its position in `EffectTable.forms` is its number. */
export interface AccessForm {
  kind: CellKind;
  /** Memory, global, table, segment or imported function; 0 for a kind that a module has only once. */
  index: number;
  segment: 'data' | 'element' | undefined;
  access: number;
  /** As in `Effect`; 0 and false unless the access is atomic. */
  widths: number;
  waits: boolean;
  /** The parameter that the access is relative to may be an index that was added to another pointer. */
  maybe: boolean;
}

/** An access before cells are given their final form: bases instead of addresses. */
export interface RawEffect extends AccessForm {
  form: number;
  /**
   * Packed abstract base. The range `[start, end)` is meaningful for `Constant`, `Immutable` and `Parameter` unless
   * `ANYWHERE` is set.
   */
  base: number;
  start: number;
  end: number;
  /** Of a static range: distance of the places in it, 0 if it is all of them, and bytes of each. */
  stride: number;
  width: number;
  /** Factor of a parameter. */
  scale: number;
  /** Parameter whose value is added to `end`, or -1. */
  length: number;
}

/** What some ranges have besides their ends. */
export type RangeDetails = Partial<Pick<RawEffect, 'stride' | 'width' | 'scale' | 'length'>>;

/** How an atomic instruction accesses its memory. */
export interface AtomicForm {
  /** Bytes. */
  width: number;
  /** As in `Effect`. */
  widths: number;
  waits: boolean;
}

/** Forms below this have an array of their own; a module with a million globals or imports has more. */
const SMALL = 4096;
/** Bases below this have a place of their own in each such form. */
const SMALL_BASES = 256;
/** Kinds of bases whose effects depend on more than the base; a bit for each. */
const RANGED_KINDS =
  (1 << Base.Constant) |
  (1 << Base.Wide) |
  (1 << Base.Immutable) |
  (1 << Base.Parameter) |
  (1 << Base.Symbol) |
  (1 << Base.ThroughSymbol) |
  (1 << Base.Number);
/** Most bytes that a load or store accesses. */
const WIDEST = 16;
/** Slots for accesses that were met lately, and their columns: base, constant, offset, kind and width, id. */
const MET_BITS = 8;
const MET_COLUMNS = 8;
/** Sums of a base and a constant below this do not wrap around. */
const FARTHEST = 2 ** 30;
/** Bits of the number of slots for ranges that there are at first. */
const RANGE_BITS = 10;

/** What a form has before its first effect of a kind: most forms of large modules never have one. */
const NONE_BASED = new Map<number, number>();

/** Interns raw effects: each method returns the id of an access, which is its position in `effects`. */
export class EffectTable {
  readonly effects: RawEffect[] = [];
  readonly forms: AccessForm[] = [];
  /** Constants that do not fit into an abstract value. */
  readonly wide = new WideConstants();
  /** By effect: 1 if it is relative to a parameter of its function. */
  relative = new Uint8Array(1024);
  private readonly formIds = new Map<string, number>();
  private readonly maybeForms: number[] = [];
  /** By form and packed base, for bases without a range: small bases of small forms in an array. */
  private readonly plain: Int32Array[] = [];
  private readonly based: Map<number, number>[] = [];
  /** Ids of ranges plus one, by open addressing, and their number. */
  private rangeSlots = new Int32Array(1 << RANGE_BITS);
  private rangeCount = 0;
  /** The last plain access of memory 0 for each hash, so that most are found without a map. */
  private readonly met = new Int32Array(MET_COLUMNS << MET_BITS).fill(-1);
  /** AccessForm of a plain access of memory 0, and of table 0, by access. */
  private readonly memoryForms: readonly number[];
  private readonly tableForms: readonly number[];

  constructor() {
    this.memoryForms = [READ, WRITE, ATOMIC_READ, ATOMIC_WRITE].map((access) => this.formOf('memory', 0, access));
    this.tableForms = [READ, WRITE].map((access) => this.formOf('table', 0, access));
  }

  /** Number of a form. */
  formOf(
    kind: CellKind,
    index: number,
    access: number,
    widths = 0,
    waits = false,
    segment?: 'data' | 'element',
    maybe = false,
  ): number {
    const key = `${kind} ${index} ${access} ${widths} ${waits} ${segment} ${maybe}`;
    let form = this.formIds.get(key);
    if (form === undefined) {
      form = this.forms.push({ kind, index, segment, access, widths, waits, maybe }) - 1;
      if (form < SMALL) this.plain.push(new Int32Array(SMALL_BASES).fill(-1));
      this.based.push(NONE_BASED);
      this.formIds.set(key, form);
    }
    return form;
  }

  /** AccessForm of a plain access of a memory. */
  memoryForm(memory: number, access: number): number {
    return memory === 0 ? this.memoryForms[access] : this.formOf('memory', memory, access);
  }

  /** The same form where the base may be an index. */
  maybeForm(form: number): number {
    let found = this.maybeForms[form];
    if (found === undefined) {
      const { kind, index, access, widths, waits, segment } = this.forms[form];
      found = this.formOf(kind, index, access, widths, waits, segment, true);
      this.maybeForms[form] = found;
    }
    return found;
  }

  /** An access of `[value + offset, ... + width)` in memory `memory`, `width` 0 when not known. */
  memory(memory: number, access: number, base: number, value: number, offset: number, width: number): number {
    if (memory !== 0 || offset > FARTHEST || width > WIDEST)
      return this.located(this.memoryForm(memory, access), base, value, offset, width);
    let what = (access << 8) | width;
    if (!hasRange(base)) {
      if (base < SMALL_BASES) return this.at(this.memoryForms[access], base);
      value = 0;
      offset = 0;
      what = access << 8;
    }
    // Most accesses have been met before.
    const hash = Math.imul((base << 8) ^ what, 0x2c1b_3c6d) + Math.imul((value + offset) | 0, 0x297a_2d39);
    const at = (hash >>> (32 - MET_BITS)) * MET_COLUMNS;
    const { met } = this;
    if (met[at] === base && met[at + 1] === value && met[at + 2] === offset && met[at + 3] === what) return met[at + 4];
    const id = this.located(this.memoryForms[access], base, value, offset, width);
    met[at] = base;
    met[at + 1] = value;
    met[at + 2] = offset;
    met[at + 3] = what;
    met[at + 4] = id;
    return id;
  }

  /** Like `memory`, of an atomic instruction. */
  atomic(memory: number, access: number, base: number, value: number, offset: number, form: AtomicForm): number {
    const id = this.formOf('memory', memory, access, form.widths, form.waits);
    return this.located(id, base, value, offset, form.width);
  }

  private located(form: number, base: number, value: number, offset: number, width: number): number {
    if (width > 0) {
      if (base === Base.Constant || base === Base.Wide) {
        const start = this.address(base, value) + offset;
        return this.range(form, Base.Constant, start, start + width);
      }
      // Far constants may wrap around: then nothing is known.
      if (isRelative(base) && Math.abs(value) + offset < FARTHEST)
        return this.range(form, base, value + offset, value + offset + width);
    }
    return this.at(form, withoutRange(base));
  }

  /** A constant as an address. A negative 64-bit one is beyond every memory, and so is what it becomes here. */
  private address(base: number, value: number): number {
    return base === Base.Constant ? value >>> 0 : this.wide.values[value];
  }

  /** A slot access of a table, one slot wide where it is constant or a parameter. */
  table(table: number, access: number, base: number, value: number): number {
    const form = table === 0 ? this.tableForms[access] : this.formOf('table', table, access);
    if (base === Base.Constant) return this.range(form, base, value >>> 0, (value >>> 0) + 1);
    const parameter = (base & BASE_MASK) === Base.Parameter;
    if (parameter && (base & ANYWHERE) === 0) return this.range(form, base, value, value + 1);
    return this.at(form, parameter ? base : Base.Unknown);
  }

  /** Any other cell; `index` is 0 for a kind that a module has only once. */
  cell(kind: CellKind, index: number, access: number, segment?: 'data' | 'element'): number {
    return this.at(this.formOf(kind, index, access, 0, false, segment), Base.Unknown);
  }

  /** An access of a form at a base without a range. */
  at(form: number, base: number): number {
    if (base < SMALL_BASES && form < SMALL) {
      const known = this.plain[form];
      if (known[base] >= 0) return known[base];
      const id = this.add(form, base, 0, 0);
      known[base] = id;
      return id;
    }
    let known = this.based[form];
    let id = known.get(base);
    if (id === undefined) {
      id = this.add(form, base, 0, 0);
      if (known === NONE_BASED) {
        known = new Map();
        this.based[form] = known;
      }
      known.set(base, id);
    }
    return id;
  }

  /** An access of a form at `[start, end)` from a base. */
  range(form: number, base: number, start: number, end: number, details?: RangeDetails): number {
    let stride = 0;
    let width = 0;
    let scale = 1;
    let length = -1;
    if (details !== undefined) ({ stride = 0, width = 0, scale = 1, length = -1 } = details);
    const { effects, rangeSlots } = this;
    const mask = rangeSlots.length - 1;
    let slot = hashOf(form, base, start, end) & mask;
    for (; rangeSlots[slot] !== 0; slot = (slot + 1) & mask) {
      const id = rangeSlots[slot] - 1;
      const known = effects[id];
      if (
        known.start === start &&
        known.end === end &&
        known.form === form &&
        known.base === base &&
        known.scale === scale &&
        known.length === length &&
        known.stride === stride &&
        known.width === width
      )
        return id;
    }
    const id = this.add(form, base, start, end, details);
    rangeSlots[slot] = id + 1;
    if (++this.rangeCount * 2 > rangeSlots.length) this.growRanges();
    return id;
  }

  private growRanges(): void {
    const slots = new Int32Array(4 * this.rangeSlots.length);
    const mask = slots.length - 1;
    for (const taken of this.rangeSlots) {
      if (taken === 0) continue;
      const { form, base, start, end } = this.effects[taken - 1];
      let slot = hashOf(form, base, start, end) & mask;
      while (slots[slot] !== 0) slot = (slot + 1) & mask;
      slots[slot] = taken;
    }
    this.rangeSlots = slots;
  }

  private add(form: number, base: number, start: number, end: number, details?: RangeDetails): number {
    const { kind, index, segment, access, widths, waits, maybe } = this.forms[form];
    const id = this.effects.length;
    if (id === this.relative.length) {
      const larger = new Uint8Array(id * 2);
      larger.set(this.relative);
      this.relative = larger;
    }
    const baseKind = base & BASE_MASK;
    if (baseKind === Base.Parameter || baseKind === Base.ThroughParameter) this.relative[id] = 1;
    const { stride = 0, width = 0, scale = 1, length = -1 } = details ?? {};
    return (
      this.effects.push({
        kind,
        index,
        segment,
        access,
        widths,
        waits,
        maybe,
        form,
        base,
        start,
        end,
        stride,
        width,
        scale,
        length,
      }) - 1
    );
  }
}

function hashOf(form: number, base: number, start: number, end: number): number {
  const h =
    Math.imul(form, 0x9e37_79b1) ^
    Math.imul(base, 0x85eb_ca6b) ^
    Math.imul(start | 0, 0xc2b2_ae35) ^
    Math.imul((end - start) | 0, 0x27d4_eb2f);
  return h ^ (h >>> 15);
}

/** Whether a base has a range of its own that a constant moves. */
function isRelative(base: number): boolean {
  const kind = base & BASE_MASK;
  return (kind === Base.Immutable || kind === Base.Parameter) && (base & ANYWHERE) === 0;
}

/** Whether `located` does anything but keep the base. */
const hasRange = (base: number): boolean => ((RANGED_KINDS >> (base & BASE_MASK)) & 1) === 1;

/** What is left of a base where the range is not known. */
function withoutRange(base: number): number {
  switch (base & BASE_MASK) {
    case Base.Constant:
    case Base.Wide:
    case Base.Immutable:
      return (base & ANYWHERE) !== 0 ? base : Base.Unknown;
    case Base.Parameter:
      return base | ANYWHERE;
    case Base.Symbol:
    case Base.ThroughSymbol:
    case Base.Number:
      return Base.Unknown;
    default:
      return base;
  }
}
