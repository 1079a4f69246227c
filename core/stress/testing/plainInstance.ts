/** For tests: calls of the original module with the same imports as in a stress run, for comparison. */

import type { Module } from '../../wasm/module.ts';
import { type WasmFunction, type WasmMemory, wasmEngine } from '../../wasm/webAssembly.ts';
import { hostFunctions } from '../imports/hostFunctions.ts';
import { importedState } from '../imports/importedState.ts';
import { callable, importObject } from '../imports/importObject.ts';
import { resultText, trapText } from '../run/resultTexts.ts';
import { toEngineArguments } from '../scenario/arguments.ts';
import type { Call } from '../scenario/steps.ts';

const references = { reference: () => 1 };

/** An instance of the original module. */
export interface PlainInstance {
  call(call: Call): string;
  /** Contents of the exported memory, else of the imported one; empty if there is none. */
  bytes(): Uint8Array;
}

/** @throws when the module cannot be instantiated */
export function plainInstance(module: Module): PlainInstance {
  const host = hostFunctions(module, { host: 'wazero', imports: 'stub', wasi: {} }, undefined, {
    nanoseconds: () => 0n,
    random: (bytes) => void bytes.fill(0),
  });
  const state = importedState(module);
  let memory: WasmMemory | undefined;
  const view = { buffer: () => memory?.buffer ?? new ArrayBuffer(0) };
  const functions = callable(
    module,
    host.functions.map(
      (func) =>
        (...args: unknown[]) =>
          func.call(args, view, 0),
    ),
  );
  const imports = importObject(
    module,
    module.imports.map(({ kind, index }, i) => (kind === 'func' ? functions[index] : state.items[i])),
  );
  const { exports } = new wasmEngine.Instance(new wasmEngine.Module(module.bytes), imports);
  const exported = module.exports.find((e) => e.kind === 'memory');
  const imported = module.imports.findIndex((i) => i.kind === 'memory');
  memory = (exported ? exports[exported.name] : state.items[imported]) as WasmMemory | undefined;
  return {
    bytes: () => new Uint8Array(view.buffer()),
    call(call) {
      const func = module.exports.find((e) => e.kind === 'func' && e.name === call[0])?.index ?? -1;
      const type = module.types[module.functions.typeIndex[func]]?.composite;
      try {
        const params = type?.kind === 'func' ? type.params : [];
        return resultText((exports[call[0]] as WasmFunction)(...toEngineArguments(call, params)), references);
      } catch (error) {
        return `trap: ${trapText(error) ?? error}`;
      }
    },
  };
}
