/** Collects what the scan of the bodies finds: effects, calls, accesses and values that are left open. */
import { ANY_NUMBER, ANYWHERE, BASE_MASK, Base, mostOf, shiftOf } from './abstractValue.ts';
import { type AtomicForm, EffectTable } from './effectTable.ts';
import { RowList, U32List } from './growable.ts';
import { CALL_COLUMNS, CallColumn, OPEN_COLUMNS, OpenColumn } from './scanContext.ts';
import { Symbols } from './symbols.ts';

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
    this.calls = new RowList(CALL_COLUMNS, code >> 6);
    this.lost = new RowList(1, code >> 6);
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
    if (value + offset >= this.staticFrom && isRead(kind))
      this.effect(table.memory(memory, access, Base.Constant | ANYWHERE, 0, 0, 0), site);
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
    if (value + offset >= this.staticFrom && isRead(kind))
      this.effect(this.table.atomic(memory, access, Base.Constant | ANYWHERE, 0, 0, form), site);
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
    const stride = (1 << shiftOf(value)) >>> 0;
    return table.range(table.formOf('memory', memory, access), Base.Constant, offset, offset + mostOf(value) + width, {
      stride,
      width,
    });
  }

  /** An access at a symbol, or through one. */
  openAccess(form: number, base: number, value: number, offset: number, width: number, site: number): void {
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
    let first = height - params;
    while (first < height && bases[first] === Base.Unknown) first++;
    const args = first === height ? -1 : this.symbols.operandsOf(bases, values, height - params, height);
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

/** Whether a value was read from memory: it may be an index, and a large constant the address of an array. */
const isRead = (kind: number): boolean =>
  kind === Base.ThroughParameter || kind === Base.ThroughSymbol || kind === Base.Contents;

/** Constants of addresses below this do not wrap around. */
const FARTHEST = 2 ** 30;

function enlarged(array: Uint32Array, index: number): Uint32Array {
  const larger = new Uint32Array(Math.max(array.length * 2, index + 1));
  larger.set(array);
  return larger;
}
