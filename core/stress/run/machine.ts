/**
 * The instances of an instrumented module and all state that callers could share or leave behind: restores the base
 * state and hashes the current one.
 */
import type { Analysis } from '../../analysis/model.ts';
import { globalName, memoryName, segmentName, tableName } from '../../wasm/displayNames.ts';
import type { Module } from '../../wasm/module.ts';
import { EXN, heapOf, I64, isRef, V128 } from '../../wasm/types.ts';
import {
  type WasmFunction,
  type WasmGlobal,
  type WasmImports,
  type WasmInstance,
  type WasmMemory,
  type WasmTable,
  wasmEngine,
} from '../../wasm/webAssembly.ts';
import { HOOK_NAMES, HOOKS, LAST_LINK, LINE_BYTES, RECORD_BYTES, TagWord } from '../instrument/hooks.ts';
import type { Instrumented } from '../instrument/instrument.ts';
import type { GlobalState, GuestInstance } from './guestInstance.ts';
import { LineRecords } from './lineRecords.ts';
import { growthLimits, tableGrowthLimits } from './memoryBudget.ts';
import { MemoryState } from './memoryState.ts';
import { promisingFunction } from './promising.ts';
import { References, referenceText } from './references.ts';
import { createTableState, firstReferences, restoreTable, type TableState, tableDifference } from './tableState.ts';
import { TrackedCell } from './trackedCell.ts';

/** Functions for the hooks of instrumented code. */
export type Hooks = Record<(typeof HOOK_NAMES)[number], (...args: never[]) => unknown>;

/** What a machine is made from. */
export interface MachineOptions {
  module: Module;
  analysis: Analysis;
  instrumented: Instrumented;
  /** Instances, and callers that may touch their state. */
  instances: number;
  callers: number;
  hooks: Hooks;
  /** Imports of instance `i`, without the hooks. */
  imports(instance: number): WasmImports;
  /** Host code may write anywhere in memory. */
  wildHost: boolean;
}

/** All instances of a run. */
export class Machine {
  readonly instances: GuestInstance[] = [];
  readonly memories: MemoryState[] = [];
  /** Of the lines of memory 0. */
  readonly records: LineRecords;
  private readonly options: MachineOptions;
  private readonly byMemory = new Map<WasmMemory, MemoryState>();
  private readonly byGlobal = new Map<WasmGlobal, GlobalState>();
  private readonly byTable = new Map<WasmTable, TableState>();
  /** Numbers of references in results and in the state. */
  readonly references = new References();

  constructor(options: MachineOptions) {
    this.options = options;
    const { filtered, tagBase } = options.instrumented;
    this.records = new LineRecords(this.instances, filtered ? tagBase : -1);
  }

  /** @throws LinkError, RuntimeError of the engine when the module cannot be instantiated */
  instantiate(compiled: object): void {
    const { hooks, imports, instances, instrumented } = this.options;
    const { names } = instrumented;
    const suspending = wasmEngine.Suspending;
    if (suspending === undefined) throw new Error('no JavaScript Promise Integration');
    const hookImports: Record<string, unknown> = {};
    for (const name of HOOK_NAMES) hookImports[name] = HOOKS[name].suspends ? new suspending(hooks[name]) : hooks[name];
    for (let i = 0; i < instances; i++) {
      const instance = new wasmEngine.Instance(compiled, Object.assign(imports(i), { [names.hooks]: hookImports }));
      this.instances.push(this.adopt(instance, i));
    }
    const limits = growthLimits(
      this.memories.map(({ bytes, maxPages, pageBytes }) => ({ now: bytes, max: maxPages * pageBytes })),
    );
    this.memories.forEach((memory, i) => {
      memory.mostBytes = limits[i];
    });
    const tables = [...this.byTable.values()];
    const slots = tableGrowthLimits(
      this.options.module,
      instances,
      tables.map(({ length, max }) => ({ now: length, max })),
    );
    tables.forEach((table, i) => {
      table.mostSlots = slots[i];
    });
  }

  private adopt({ exports }: WasmInstance, instance: number): GuestInstance {
    const { module, instrumented } = this.options;
    const { names, changed } = instrumented;
    const suffix = this.options.instances > 1 ? ` of instance ${instance}` : '';
    const dropped: GuestInstance['dropped'] = new Map();
    for (const index of changed.droppedData)
      dropped.set(`data ${index}`, this.segment(segmentName(module, 'data', index) + suffix));
    for (const index of changed.droppedElements)
      dropped.set(`element ${index}`, this.segment(segmentName(module, 'element', index) + suffix));
    const tagMemory = exports[names.tags] as WasmMemory;
    const tags = new Uint32Array(tagMemory.buffer);
    tags[TagWord.Written] = LAST_LINK;
    return {
      exports,
      memories: module.memories.map((_, i) => this.memory(exports[names.memory(i)] as WasmMemory, i, suffix)),
      globals: module.globals.map((g, i) => (g.mutable ? this.global(exports, i, suffix) : undefined)),
      tables: module.tables.map((_, i) =>
        changed.tables.has(i) || changed.copiedTables.has(i)
          ? this.table(exports[names.table(i)] as WasmTable, i, suffix)
          : undefined,
      ),
      dropped,
      functions: new Map(),
      resident: promisingFunction(exports[names.resident]),
      tags,
      tagMemory,
    };
  }

  private segment(name: string): { cell: TrackedCell; dropped: boolean; base: boolean } {
    return { cell: new TrackedCell('segment', name, this.options.callers), dropped: false, base: false };
  }

  private memory(memory: WasmMemory, index: number, suffix: string): MemoryState {
    const known = this.byMemory.get(memory);
    if (known !== undefined) return known;
    const { module, callers } = this.options;
    const { limits, imported } = module.memories[index];
    const pageBytes = 2 ** (limits.pageSizeLog2 ?? 16);
    const most = limits.is64 ? 262_144 : 65_536;
    const name = memoryName(module, index);
    const state = new MemoryState(memory, {
      index,
      name: limits.shared && imported ? name : name + suffix,
      shared: limits.shared,
      is64: limits.is64,
      pageBytes,
      maxPages: limits.max === undefined ? most : Number(limits.max),
      callers,
    });
    state.watch = this.records.watch(state);
    this.byMemory.set(memory, state);
    this.memories.push(state);
    return state;
  }

  private global(exports: WasmInstance['exports'], index: number, suffix: string): GlobalState {
    const { module, instrumented, callers } = this.options;
    const { names } = instrumented;
    const isStack = index === this.options.analysis.stackPointer;
    const own = globalName(module, index);
    const name = isStack && own !== '$__stack_pointer' ? `${own} (stack pointer)` : own;
    const cell = () => new TrackedCell('global', name + suffix, callers);
    if (module.globals[index].type === V128) {
      const low = exports[names.vector(index, 'low')] as WasmFunction;
      const high = exports[names.vector(index, 'high')] as WasmFunction;
      const set = exports[names.vector(index, 'set')] as WasmFunction;
      const get = () => `${BigInt.asUintN(64, low() as bigint)}:${BigInt.asUintN(64, high() as bigint)}`;
      const write = (value: unknown) =>
        void set(
          ...String(value)
            .split(':')
            .map((half) => BigInt.asIntN(64, BigInt(half))),
        );
      return { cell: cell(), index, get, set: write, base: get(), written: false };
    }
    const global = exports[names.global(index)] as WasmGlobal;
    const known = this.byGlobal.get(global);
    if (known !== undefined) return known;
    const opaque = isRef(module.globals[index].type) && heapOf(module.globals[index].type) === EXN;
    const state: GlobalState = {
      cell: cell(),
      index,
      // References to exceptions cannot be seen from outside.
      get: opaque ? () => null : () => global.value,
      set(value) {
        if (!opaque) global.value = value;
      },
      base: undefined,
      written: false,
    };
    this.byGlobal.set(global, state);
    return state;
  }

  private table(table: WasmTable, index: number, suffix: string): TableState {
    const known = this.byTable.get(table);
    if (known !== undefined) return known;
    const { module, callers } = this.options;
    const state = createTableState(module, index, table, tableName(module, index) + suffix, callers);
    this.byTable.set(table, state);
    return state;
  }

  /** Makes enough records for the current size of memory 0. */
  fitTags(instance: GuestInstance): void {
    const { instrumented } = this.options;
    const memory = instance.memories[0];
    const covered = instrumented.filtered && memory !== undefined ? memory.real : 0;
    const wanted = instrumented.tagBase + Math.ceil(covered / LINE_BYTES) * RECORD_BYTES;
    const missing = wanted - instance.tagMemory.buffer.byteLength;
    if (missing > 0) instance.tagMemory.grow(Math.ceil(missing / 65536));
    if (instance.tags.length * 4 !== instance.tagMemory.buffer.byteLength)
      instance.tags = new Uint32Array(instance.tagMemory.buffer);
    instance.tags[TagWord.Covered] = Math.min(covered, 0xffff_ffff);
  }

  /** Makes the current state the base state. */
  mark(): void {
    for (const memory of this.memories) memory.mark(this.options.wildHost);
    // What was saved for writers that pass is saved no longer.
    this.records.clear();
    for (const instance of this.instances) {
      for (const global of instance.globals) {
        if (global === undefined) continue;
        global.base = global.get();
        global.written = false;
        if (isRef(this.options.module.globals[global.index].type)) this.references.keep(global.base);
      }
      for (const table of instance.tables) {
        if (table === undefined) continue;
        for (const held of firstReferences(table)) this.references.keep(held);
        table.length = Number(table.table.length);
        table.baseLength = table.length;
        table.base.clear();
      }
      for (const segment of instance.dropped.values()) segment.base = segment.dropped;
      this.fitTags(instance);
    }
  }

  restore(): void {
    const { wildHost } = this.options;
    this.references.begin();
    for (const memory of this.memories) memory.restore();
    for (const instance of this.instances) {
      for (const global of instance.globals) {
        // The engine does not see what host code writes.
        if (global === undefined || !(global.written || wildHost)) continue;
        global.set(global.base);
        global.written = false;
      }
      for (const table of instance.tables) if (table !== undefined) restoreTable(table);
      for (const segment of instance.dropped.values()) segment.dropped = segment.base;
    }
  }

  /** A number that is the same for the same reference, 0 for null. */
  reference = (value: unknown): number => this.references.number(value);

  /** Hash of all state; bytes `[deadStart, deadEnd)` of memory 0 are no state. */
  hash(deadStart: number, deadEnd: number): string {
    const { wildHost } = this.options;
    let text = '';
    for (const memory of this.memories)
      text += `${memory.hash(memory.index === 0 ? deadStart : 0, memory.index === 0 ? deadEnd : 0)},`;
    for (const instance of this.instances) {
      for (const global of instance.globals)
        if (global !== undefined && (global.written || wildHost)) text += this.change(global);
      text += '/';
      for (const table of instance.tables) {
        // Only what differs from the base: more slots are known to change from one execution to the next.
        if (table !== undefined) text += `${tableDifference(table, this.reference).join()},`;
      }
      for (const segment of instance.dropped.values()) text += segment.dropped ? '1,' : '0,';
    }
    return text;
  }

  /** What distinguishes a global from its base state. */
  private change(global: GlobalState): string {
    const text = this.valueText(global);
    return text === this.valueText(global, global.base) ? '' : `${global.index}=${text},`;
  }

  /** A global's value as text, or that of `value` in its place. */
  valueText(global: GlobalState, value: unknown = global.get()): string {
    const { type } = this.options.module.globals[global.index];
    if (isRef(type)) return referenceText(this.reference(value));
    if (type === I64) return String(value);
    return Object.is(value, -0) ? '-0' : String(value);
  }
}
