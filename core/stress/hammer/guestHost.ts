/** The functions that the instances of one thread import, and the memory that these functions access. */
import { hostMemoryIndex } from '../../analysis/host/hostMemory.ts';
import { importLabel } from '../../wasm/displayNames.ts';
import type { Module } from '../../wasm/module.ts';
import {
  type WasmImports,
  type WasmInstance,
  type WasmMemory,
  type WasmTable,
  wasmEngine,
} from '../../wasm/webAssembly.ts';
import type { World } from '../imports/grantedWorld.ts';
import { GuestExit, type GuestFunction } from '../imports/hostFunction.ts';
import { type HostFunctions, hostFunctions } from '../imports/hostFunctions.ts';
import type { HostGuest } from '../imports/hostOperations.ts';
import { importedState } from '../imports/importedState.ts';
import { callable, importObject } from '../imports/importObject.ts';
import type { UserImports } from '../imports/userImports.ts';
import { HostError } from '../run/resultTexts.ts';
import type { Scenario } from '../scenario/scenario.ts';

/** What a host is made from. */
export interface HostOptions {
  module: Module;
  scenario: Scenario;
  given: UserImports | undefined;
  world: World;
  caller: number;
}

/** The host of one caller. */
export class GuestHost {
  readonly host: HostFunctions;
  private readonly module: Module;
  private readonly functions: unknown[];
  private readonly memoryIndex: number;
  private memory: WasmMemory | undefined;
  private instance: WasmInstance | undefined;

  /** @throws Error when the scenario's JavaScript module lacks a function */
  constructor({ module, scenario, given, world, caller }: HostOptions) {
    this.module = module;
    this.host = hostFunctions(module, scenario, given, world);
    this.memoryIndex = hostMemoryIndex(module);
    const view: HostGuest = {
      buffer: () => this.memory?.buffer ?? new ArrayBuffer(0),
      exported: (name) => this.exportOf(name, 'func'),
      slot: (index) => (this.table()?.get(index) as GuestFunction | null | undefined) ?? undefined,
      table: (name) => this.exportOf(name, 'table'),
      grow: (pages) => this.grow(pages),
    };
    this.functions = callable(
      module,
      this.host.functions.map((target, index) => (...args) => {
        try {
          return target.call(args, view, caller);
        } catch (error) {
          if (error instanceof GuestExit) throw error;
          throw new HostError(`${importLabel(module, index)}: ${error instanceof Error ? error.message : error}`);
        }
      }),
    );
  }

  /** What the module exports under a name; the instance is the last one that was made. */
  private exportOf<Found>(name: string, kind: 'func' | 'table'): Found | undefined {
    const exists = this.module.exports.some((one) => one.kind === kind && one.name === name);
    return exists ? (this.instance?.exports[name] as Found) : undefined;
  }

  private table(): WasmTable | undefined {
    const tables = this.module.exports.filter(({ kind }) => kind === 'table');
    return tables.length === 0 ? undefined : (this.instance?.exports[tables[0].name] as WasmTable);
  }

  /** Pages before, or -1 where the memory cannot grow. */
  private grow(pages: number): number {
    try {
      return Number(this.memory?.grow(pages) ?? -1);
    } catch {
      return -1; // A RangeError: beyond the maximum.
    }
  }

  /**
   * Objects for all imports other than functions.
   * @throws Error if one cannot be made
   */
  state(): unknown[] {
    return importedState(this.module).items;
  }

  /**
   * An instance of a rewritten module, or of the module itself.
   * @param memories by memory index, those to import; undefined where the instance has its own
   * @throws LinkError, RuntimeError of the engine
   */
  instantiate(
    compiled: object,
    state: readonly unknown[],
    memories: readonly (WasmMemory | undefined)[],
    added: WasmImports,
  ): WasmInstance {
    const { module, functions, memoryIndex } = this;
    const items = module.imports.map(({ kind, index }, i) => {
      if (kind === 'func') return functions[index];
      return (kind === 'memory' ? memories[index] : undefined) ?? state[i];
    });
    const instance = new wasmEngine.Instance(compiled, Object.assign(importObject(module, items), added));
    this.instance = instance;
    const imported = module.imports.findIndex((i) => i.kind === 'memory' && i.index === memoryIndex);
    const exported = module.exports.find((e) => e.kind === 'memory' && e.index === memoryIndex);
    this.memory =
      memories[memoryIndex] ??
      (exported === undefined ? (state[imported] as WasmMemory) : (instance.exports[exported.name] as WasmMemory));
    return instance;
  }
}
