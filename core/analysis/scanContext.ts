/** What the scanner needs from a module, laid out for fast access, and what it collects. */
import {
  ACCESS,
  Access,
  FIRST_PREFIXED,
  IMM,
  Imm,
  MNEMONIC,
  OP_COUNT,
  POPS,
  PUSHES,
  SIGNATURE,
  WIDTH,
} from '../wasm/instructions.ts';
import type { DecodeError, Module } from '../wasm/module.ts';
import { Op } from '../wasm/ops.ts';
import { ANY_NUMBER, ANYWHERE, BASE_MASK, Base, mostOf, shiftOf } from './abstractValue.ts';
import { ATOMIC_READ, ATOMIC_WRITE, type AtomicForm, EffectTable, READ, WRITE } from './effectTable.ts';
import { RowList, U32List } from './growable.ts';
import { Symbols } from './symbols.ts';

/** The result of the scan of all bodies; rows of function `f` are `[starts[f], starts[f + 1])`. */
export interface ScanResult {
  table: EffectTable;
  factStart: Uint32Array;
  factEffect: Uint32Array;
  factSite: Uint32Array;
  callStart: Uint32Array;
  /** Callee function, or `functions + i` for the i-th entry of `indirect`. */
  callTarget: Uint32Array;
  callSite: Uint32Array;
  /** Tables and types of indirect calls; table -1: `call_ref`. */
  indirect: { table: number; type: number }[];
  /** Functions that a `ref.func` in a body names. */
  referenced: Set<number>;
  /** Effect id of a call of each imported function. */
  hostCall: Int32Array;
  /** How often each global is lowered and restored in the manner of a shadow stack pointer. */
  stackDiscipline: Uint32Array;
  /** By global: the functions that set it to something other than a constant or its own value plus one. */
  assignedGlobals: ReadonlyMap<number, ReadonlySet<number>>;
  /** Tables that code changes. */
  mutatedTables: Set<number>;
  unknownFunctions: number[];
  errors: DecodeError[];
  /** Number of bodies not scanned because the deadline ended the work. */
  skipped: number;
  /** What the bodies left to be put together; see address/. */
  symbolic: SymbolicFacts;
}

/** Values and accesses that need more than one pass or more than one body; rows of function `f` as in `ScanResult`. */
export interface SymbolicFacts {
  symbols: Symbols;
  symbolStart: Uint32Array;
  /** Accesses at symbolic addresses: rows of `OpenColumn`. */
  open: RowList;
  openStart: Uint32Array;
  /** Calls with arguments or a result: rows of `CallColumn`. */
  calls: RowList;
  callStart: Uint32Array;
  /** Base and number of what each function returns, base -1: nothing. */
  returns: Int32Array;
  /** Packed bases, of symbols and parameters, that went where they are not followed: base each. */
  lost: RowList;
  lostStart: Uint32Array;
}

/** Columns of an access at a symbolic address. */
export const OpenColumn = { site: 0, form: 1, base: 2, value: 3, width: 4 } as const;
/** Number of these columns. */
export const OPEN_COLUMNS = 5;
/** Columns of a call: callee as in `ScanResult.callTarget`, offset, first argument in the operands or -1, parameters. */
export const CallColumn = { target: 0, site: 1, args: 2, params: 3 } as const;
/** Number of these columns. */
const CALL_COLUMNS = 4;

/** Type index -> number of parameters and results; 0 for other types. */
export interface Arity {
  params: Uint32Array;
  results: Uint32Array;
}

/** Numbers of parameters and results of each type of a module. */
export function arities(module: Module): Arity {
  const params = new Uint32Array(module.types.length);
  const results = new Uint32Array(module.types.length);
  module.types.forEach(({ composite }, i) => {
    if (composite.kind !== 'func') return;
    params[i] = composite.params.length;
    results[i] = composite.results.length;
  });
  return { params, results };
}

/** Forms of one-byte instructions that the scanner handles by form rather than one by one. */
export const PlainForm = {
  Other: 0,
  Load: 1,
  Store: 2,
  /** No immediates; numeric operands and one numeric result. */
  Numeric: 3,
  /** The same, with a small number as its result. */
  Compare: 4,
  /** The same, of floating-point numbers. */
  Float: 5,
} as const;

/** Numeric instructions that the scanner tracks: they compute addresses from addresses. */
const FOLLOWED: ReadonlySet<number> = new Set([
  Op.i32_add,
  Op.i64_add,
  Op.i32_sub,
  Op.i64_sub,
  Op.i32_and,
  Op.i64_and,
  Op.i32_or,
  Op.i32_shl,
  Op.i32_mul,
  Op.i32_shr_u,
  Op.i32_shr_s,
  Op.i32_rem_u,
  Op.i32_div_u,
  Op.i32_wrap_i64,
  Op.i64_extend_i32_u,
  Op.i64_extend_i32_s,
  Op.i64_or,
  Op.i64_shl,
  Op.i64_mul,
]);

/** Comparisons and tests: their result is 0 or 1, and their operands go nowhere. */
const COMPARES = /\.(?:eqz?|ne|[lg][te])(?:_[su])?$/;
/** Counts of bits. */
const COUNTS = /\.(?:clz|ctz|popcnt)$/;

function formOf(op: number): number {
  if (ACCESS[op] === Access.Load) return PlainForm.Load;
  if (ACCESS[op] === Access.Store) return PlainForm.Store;
  const numeric = IMM[op] === Imm.None && /^[ilfd]+>[ilfd]$/.test(SIGNATURE[op]);
  if (!numeric || FOLLOWED.has(op)) return PlainForm.Other;
  if (COMPARES.test(MNEMONIC[op] ?? '') || COUNTS.test(MNEMONIC[op] ?? '')) return PlainForm.Compare;
  // Only integers are addresses.
  return /^[^il]+>/.test(SIGNATURE[op]) ? PlainForm.Float : PlainForm.Numeric;
}

/** Beyond what a number may be said to be at most: it may be negative. */
const ANY_LOADED = 0x7fff_ffff;
/** Greatest value of a load that is no address, by opcode; -1: it may be one. */
export const LOADED_NUMBER = Int32Array.from({ length: FIRST_PREFIXED }, (_, op) => {
  if (ACCESS[op] !== Access.Load) return -1;
  const name = MNEMONIC[op] ?? '';
  if (/load(?:8|16)_s$/.test(name)) return ANY_LOADED;
  return /load8_u$/.test(name) ? 0xff : /load16_u$/.test(name) ? 0xffff : -1;
});

/** `PlainForm` of each one-byte opcode. */
export const PLAIN_FORM = Uint8Array.from({ length: FIRST_PREFIXED }, (_, op) => formOf(op));

/** Net stack change of numeric instructions; 0 where it depends on immediates. */
export const STACK_DELTA = Int8Array.from(POPS, (pops, op) => (pops >= 0 && PUSHES[op] >= 0 ? PUSHES[op] - pops : 0));

/** Kind of memory access of loads, stores and atomics, -1 for others. */
export const MEMORY_ACCESS = new Int8Array(OP_COUNT).fill(-1);
const MEMORY_ACCESS_OF: Readonly<Record<number, number>> = {
  [Access.Load]: READ,
  [Access.Store]: WRITE,
  [Access.AtomicLoad]: ATOMIC_READ,
  [Access.AtomicStore]: ATOMIC_WRITE,
  [Access.AtomicRmw]: ATOMIC_WRITE,
  [Access.AtomicWait]: ATOMIC_READ,
  [Access.AtomicNotify]: ATOMIC_READ,
};
for (let op = 0; op < OP_COUNT; op++) if (WIDTH[op] > 0) MEMORY_ACCESS[op] = MEMORY_ACCESS_OF[ACCESS[op]] ?? -1;

/** Atomic instructions by id. */
export const ATOMIC_FORM: readonly (AtomicForm | undefined)[] = Array.from({ length: OP_COUNT }, (_, op) => {
  if (MEMORY_ACCESS[op] < ATOMIC_READ) return undefined;
  // `memory.atomic.notify` names an address and accesses no bytes there.
  const widths = ACCESS[op] === Access.AtomicNotify ? 0 : WIDTH[op];
  return { width: WIDTH[op], widths, waits: ACCESS[op] === Access.AtomicWait };
});

/** Effects and calls of the current function, each once, with its first site. */
export class Collector {
  readonly table = new EffectTable();
  readonly factEffect = new U32List();
  readonly factSite = new U32List();
  readonly callTarget = new U32List();
  readonly callSite = new U32List();
  readonly indirect: { table: number; type: number }[] = [];
  readonly symbols: Symbols;
  readonly open: RowList;
  readonly calls: RowList;
  readonly lost: RowList;
  /** Lowest address of static data. */
  readonly staticFrom: number;
  private readonly functions: number;
  private readonly indirectIds = new Map<number, number>();
  private effectSeen: Uint32Array = new Uint32Array(1024);
  private callSeen: Uint32Array;
  /** Serial number of the current function, from 1. */
  private serial = 0;

  /** `code`: bytes of the bodies that will be scanned. */
  constructor(functions: number, staticFrom: number, code: number) {
    this.symbols = new Symbols(code);
    this.open = new RowList(OPEN_COLUMNS, code >> 5);
    this.calls = new RowList(CALL_COLUMNS, code >> 5);
    this.lost = new RowList(1, code >> 5);
    this.staticFrom = staticFrom;
    this.functions = functions;
    this.effectSeen = enlarged(this.effectSeen, 0);
    this.callSeen = new Uint32Array(functions + 512);
    this.callSeen = enlarged(this.callSeen, 0);
  }

  begin(): void {
    this.serial++;
  }

  /** A plain access of `[value + offset, ... + width)`, `width` 0 when not known, at any kind of address. */
  access(
    memory: number,
    access: number,
    base: number,
    value: number,
    offset: number,
    width: number,
    site: number,
  ): void {
    const kind = base & BASE_MASK;
    const { table } = this;
    if (kind === Base.Symbol || kind === Base.ThroughSymbol) {
      this.openAccess(table.memoryForm(memory, access), base, value, offset, width, site);
      return;
    }
    if (kind === Base.Number) this.effect(this.numbered(memory, access, value, offset, width), site);
    else if (base === Base.Constant && width === 0 && (value >>> 0) + offset >= this.staticFrom)
      this.effect(table.memory(memory, access, Base.Constant | ANYWHERE, 0, 0, 0), site);
    else this.effect(table.memory(memory, access, base, value, offset, width), site);
    // With a constant so large, the parameter may be the index and the constant the address.
    if (kind === Base.Parameter && (base & ANYWHERE) !== 0 && value + offset >= this.staticFrom)
      this.effect(table.memory(memory, access, Base.Constant | ANYWHERE, 0, 0, 0), site);
  }

  /** Like `access`, of an atomic instruction. */
  atomicAccess(
    memory: number,
    access: number,
    base: number,
    value: number,
    offset: number,
    form: AtomicForm,
    site: number,
  ): void {
    const kind = base & BASE_MASK;
    if (kind === Base.Symbol || kind === Base.ThroughSymbol)
      this.openAccess(
        this.table.formOf('memory', memory, access, form.widths, form.waits),
        base,
        value,
        offset,
        form.width,
        site,
      );
    else {
      this.effect(this.table.atomic(memory, access, base, value, offset, form), site);
      if (kind === Base.Parameter && (base & ANYWHERE) !== 0 && value + offset >= this.staticFrom)
        this.effect(this.table.atomic(memory, access, Base.Constant | ANYWHERE, 0, 0, form), site);
    }
  }

  /** An access whose address is a number with a constant: an array at a constant address, or anywhere. */
  private numbered(memory: number, access: number, value: number, offset: number, width: number): number {
    const { table } = this;
    if (value === ANY_NUMBER || width === 0)
      return table.memory(memory, access, offset >= this.staticFrom ? Base.Constant | ANYWHERE : Base.Unknown, 0, 0, 0);
    const stride = 2 ** shiftOf(value);
    return table.range(table.formOf('memory', memory, access), Base.Constant, offset, offset + mostOf(value) + width, {
      stride,
      width,
    });
  }

  private openAccess(form: number, base: number, value: number, offset: number, width: number, site: number): void {
    const moved = value + offset;
    // A constant so far away may wrap around.
    const near = Math.abs(moved) < FARTHEST;
    const at = this.open.add();
    const { items } = this.open;
    items[at + OpenColumn.site] = site;
    items[at + OpenColumn.form] = form;
    items[at + OpenColumn.base] = near ? base : Base.Unknown;
    items[at + OpenColumn.value] = near ? moved : 0;
    items[at + OpenColumn.width] = width;
  }

  /** A value of a symbol or parameter went into what is not followed. */
  lose(base: number): void {
    const kind = base & BASE_MASK;
    if (kind !== Base.Symbol && kind !== Base.Parameter) return;
    const { items, length } = this.lost;
    if (length > 0 && items[length - 1] === base) return;
    const at = this.lost.add();
    this.lost.items[at] = base;
  }

  /** A call with its arguments: the `params` values below `height`. Returns its row. */
  callWith(
    target: number,
    site: number,
    bases: Int32Array,
    values: Int32Array,
    height: number,
    params: number,
  ): number {
    let args = -1;
    for (let k = height - params; k < height; k++) {
      if (bases[k] === Base.Unknown) continue;
      args = this.symbols.operands.length;
      break;
    }
    if (args >= 0) for (let k = height - params; k < height; k++) this.symbols.operand(bases[k], values[k]);
    const at = this.calls.add();
    const { items } = this.calls;
    items[at + CallColumn.target] = target;
    items[at + CallColumn.site] = site;
    items[at + CallColumn.args] = args;
    items[at + CallColumn.params] = params;
    return this.calls.length - 1;
  }

  effect(id: number, site: number): void {
    if (id >= this.effectSeen.length) this.effectSeen = enlarged(this.effectSeen, id);
    if (this.effectSeen[id] === this.serial) return;
    this.effectSeen[id] = this.serial;
    this.factEffect.push(id);
    this.factSite.push(site);
  }

  call(target: number, site: number): void {
    if (target >= this.callSeen.length) this.callSeen = enlarged(this.callSeen, target);
    if (this.callSeen[target] === this.serial) return;
    this.callSeen[target] = this.serial;
    this.callTarget.push(target);
    this.callSite.push(site);
  }

  /** A call whose arguments are not known: the host makes it. */
  callUnknown(target: number, site: number): void {
    const at = this.calls.add();
    const { items } = this.calls;
    items[at + CallColumn.target] = target;
    items[at + CallColumn.site] = site;
    items[at + CallColumn.args] = -1;
    items[at + CallColumn.params] = 0;
  }

  /** A call through `table` (-1: `call_ref`) with type index `type`; returns its number as a target. */
  callIndirect(table: number, type: number, site: number): number {
    const key = (table + 1) * 2 ** 32 + type;
    let id = this.indirectIds.get(key);
    if (id === undefined) {
      id = this.indirect.push({ table, type }) - 1;
      this.indirectIds.set(key, id);
    }
    this.call(this.functions + id, site);
    return this.functions + id;
  }
}

/** Constants of addresses below this do not wrap around. */
const FARTHEST = 2 ** 30;

function enlarged(array: Uint32Array, index: number): Uint32Array {
  const larger = new Uint32Array(Math.max(array.length * 2, index + 1));
  larger.set(array);
  return larger;
}
