/** The functions that the instances of one thread import, and the memory that these functions access. */
import { importLabel } from '../../wasm/displayNames.ts';
import type { Module } from '../../wasm/module.ts';
import { type WasmImports, type WasmInstance, type WasmMemory, wasmEngine } from '../../wasm/webAssembly.ts';
import type { World } from '../imports/grantedWorld.ts';
import { GuestExit } from '../imports/hostFunction.ts';
import { type HostFunctions, hostFunctions } from '../imports/hostFunctions.ts';
import { importedState } from '../imports/importedState.ts';
import { callable, importObject } from '../imports/importObject.ts';
import type { UserImports } from '../imports/userImports.ts';
import { HostError } from '../run/resultTexts.ts';
import type { Scenario } from '../scenario/scenario.ts';
import { hostMemoryIndex } from '../session/guestImports.ts';

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

  /** @throws Error when the scenario's JavaScript module lacks a function */
  constructor({ module, scenario, given, world, caller }: HostOptions) {
    this.module = module;
    this.host = hostFunctions(module, scenario, given, world);
    this.memoryIndex = hostMemoryIndex(module);
    const view = { buffer: () => this.memory?.buffer ?? new ArrayBuffer(0) };
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
    const imported = module.imports.findIndex((i) => i.kind === 'memory' && i.index === memoryIndex);
    const exported = module.exports.find((e) => e.kind === 'memory' && e.index === memoryIndex);
    this.memory =
      memories[memoryIndex] ??
      (exported === undefined ? (state[imported] as WasmMemory) : (instance.exports[exported.name] as WasmMemory));
    return instance;
  }
}
