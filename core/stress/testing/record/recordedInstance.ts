/** For tests: an instance of a module that records every access; its calls run one after the other. */
import type { Analysis } from '../../../analysis/model.ts';
import type { Module } from '../../../wasm/module.ts';
import {
  type WasmFunction,
  type WasmGlobal,
  type WasmImports,
  type WasmMemory,
  wasmEngine,
} from '../../../wasm/webAssembly.ts';
import { HOOK_NAMES, TagWord } from '../../instrument/hooks.ts';
import { type Instrumented, type InstrumentOptions, instrument } from '../../instrument/instrument.ts';
import type { Hooks } from '../../run/machine.ts';
import { trapText } from '../../run/resultTexts.ts';
import { type AllocatorRole, type Extent, type RecordedCall, Recorder } from './recorder.ts';
import { wrapFunctions } from './wrapFunctions.ts';

/** Loop iterations of one call. */
const FUEL = 100_000;

/** The instrumented module that a recorder works with: what `functions` and `watched` reach, the latter wrapped. */
export function instrumentedFor(
  module: Module,
  analysis: Analysis,
  watched: readonly number[],
  { functions, ...more }: InstrumentOptions = { functions: analysis.exports.map(({ func }) => func) },
): Instrumented {
  const { imported, typeIndex } = module.functions;
  const called = [...new Set([...functions, ...watched])];
  const instrumented = instrument(module, analysis, { ...more, functions: called });
  const wrapped = [...new Set(watched)].filter((func) => func >= imported && func < typeIndex.length);
  const moved = wrapped.map((func) => func + HOOK_NAMES.length);
  return { ...instrumented, bytes: wrapFunctions(instrumented.bytes, imported, moved) };
}

/** What is recorded. */
export interface RecordingOptions {
  /** Functions whose calls are told, those of the allocators included. */
  watched: readonly number[];
  allocators?: ReadonlyMap<number, AllocatorRole>;
  imports?: WasmImports;
  onCall(call: RecordedCall): void;
  objectAt?(address: number): Extent | undefined;
  onBegin?(): void;
  onStored?(start: number, end: number): void;
}

/** See the file's comment. */
export class RecordedInstance {
  readonly recorder: Recorder;
  readonly instrumented: Instrumented;
  private readonly exports: Readonly<Record<string, unknown>>;

  /** @throws LinkError, RuntimeError when the module cannot be instantiated */
  constructor(module: Module, analysis: Analysis, options: RecordingOptions) {
    const { watched, allocators = new Map(), imports = {}, onCall, objectAt, onBegin, onStored } = options;
    this.instrumented = instrumentedFor(module, analysis, watched);
    const { names, sites, bytes } = this.instrumented;
    const memory = (index: number): WasmMemory => this.exports[names.memory(index)] as WasmMemory;
    // A vector has no export of that name.
    const global = (index: number) => this.exports[names.global(index)] as WasmGlobal | undefined;
    this.recorder = new Recorder({
      sites,
      original: (func) => func - HOOK_NAMES.length,
      allocators,
      stackPointer: analysis.stackPointer,
      is64: module.memories[0]?.limits.is64 === true,
      state: () => ({ memory: (index) => memory(index).buffer, global: (index) => global(index)?.value }),
      onCall,
      objectAt,
      onBegin,
      onStored,
    });
    const hooks = this.recorder.hooks(plainHooks((site) => memory(sites.index[site])));
    const compiled = new wasmEngine.Module(bytes);
    this.exports = new wasmEngine.Instance(compiled, { ...imports, [names.hooks]: hooks }).exports;
    // Tags are zero: with another one, no access is filtered.
    this.word(TagWord.Tag, 1);
  }

  /** Bytes of the first memory. */
  get memory(): Uint8Array {
    return new Uint8Array((this.exports[this.instrumented.names.memory(0)] as WasmMemory).buffer);
  }

  /** Writes a word of the memory of tags. */
  private word(at: number, value: number): void {
    new Uint32Array((this.exports[this.instrumented.names.tags] as WasmMemory).buffer)[at] = value;
  }

  /** Calls an export; the text of the trap in place of a result. */
  call(name: string, args: readonly unknown[]): unknown {
    this.word(TagWord.Fuel, FUEL);
    try {
      return (this.exports[name] as WasmFunction)(...args);
    } catch (error) {
      const text = trapText(error);
      if (text === undefined) throw error;
      return `trap: ${text}`;
    } finally {
      this.recorder.finish();
    }
  }
}

/** Hooks that decide nothing. */
function plainHooks(memoryAt: (site: number) => WasmMemory): Hooks {
  const pass = (): number => 0;
  return {
    ...(Object.fromEntries(HOOK_NAMES.map((name) => [name, pass])) as unknown as Hooks),
    // No fuel is left.
    tick: () => 1,
    bulk: () => 1,
    // As if the value had changed.
    wait: () => 1,
    growTable: () => -2,
    size: (site: number) => memoryAt(site).buffer.byteLength / 65536,
    grow: (site: number, pages: number) => {
      const memory = memoryAt(site);
      const old = memory.buffer.byteLength / 65536;
      try {
        return Number(memory.grow(pages));
      } catch {
        return pages === 0 ? old : -1;
      }
    },
  } as unknown as Hooks;
}
