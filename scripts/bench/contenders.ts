/**
 * The contenders: our whole analysis, the engine's validator, and alternative readers. Each is prepared (its code
 * loaded) before the clock starts, then run on the same bytes.
 */
import { analyse } from '../../core/analysis/analyse.ts';
import { decodeModule } from '../../core/wasm/decode.ts';

/** Ids of the contenders. */
export type ContenderId = 'ours' | 'v8' | 'webassemblyjs' | 'wabt' | 'binaryen';

/** Milliseconds of each stage of one run; empty for contenders without stages. */
export type Stages = Record<string, number>;

/**
 * Does the work once.
 * @throws if the contender cannot read the module.
 */
export type Run = (bytes: Uint8Array) => Stages;

interface Parser {
  decode(bytes: ArrayBuffer, options: object): unknown;
}

/** Loads the code of a contender and returns its work. */
export const PREPARE: Readonly<Record<ContenderId, () => Promise<Run>>> = {
  /** From bytes to hazards and conflicts, as in the server. */
  async ours() {
    return (bytes) => {
      const stages: Stages = {};
      let last = performance.now();
      const onStage = (stage: string): void => {
        const now = performance.now();
        stages[stage] = now - last;
        last = now;
      };
      const module = decodeModule(bytes);
      onStage('decode');
      const analysis = analyse(module, { host: 'wazero', model: 'auto', onStage });
      if (module.errors.length > 0 || analysis.errors.length > 0) throw new Error('decode errors');
      return stages;
    };
  },

  /** V8's validator: native code on several threads that only answers yes or no. */
  async v8() {
    const engine = (globalThis as unknown as { WebAssembly: { validate(bytes: Uint8Array): boolean } }).WebAssembly;
    return (bytes) => {
      if (!engine.validate(bytes)) throw new Error('not valid');
      return {};
    };
  },

  async webassemblyjs() {
    // Untyped: the package has no declarations.
    const { decode } = (await import('@webassemblyjs/wasm-parser' as string)) as Parser;
    // It prints to the console while it reads.
    console.log = console.warn = () => {};
    return (bytes) => {
      decode(bytes.slice().buffer as ArrayBuffer, {});
      return {};
    };
  },

  async wabt() {
    const { default: load } = await import('wabt');
    const wabt = await load();
    return (bytes) => {
      const module = wabt.readWasm(bytes, {
        readDebugNames: true,
        exceptions: true,
        threads: true,
        simd: true,
        bulk_memory: true,
        reference_types: true,
        multi_value: true,
        tail_call: true,
        sat_float_to_int: true,
        sign_extension: true,
        mutable_globals: true,
      });
      module.destroy();
      return {};
    };
  },

  async binaryen() {
    const { default: binaryen } = await import('binaryen');
    return (bytes) => {
      const module = binaryen.readBinary(bytes);
      module.dispose();
      return {};
    };
  },
};
