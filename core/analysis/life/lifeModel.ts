/** What the recogniser of a module's life answers, and what its parts ask. */
import type { Module } from '../../wasm/module.ts';
import type { ValType } from '../../wasm/types.ts';
import type { Analysis } from '../model.ts';

/**
 * How often a step runs. `memory`: once, in the first instance over a memory. `instance`: in each instance. `thread`: in
 * each instance after the first over one memory, as for a new thread.
 */
export type LifePer = 'memory' | 'instance' | 'thread';

/** A call that an embedder makes before the API works, in the form of a step of a scenario. */
export interface LifeStep {
  call: string;
  /** Its name in the source, where that is known and differs. */
  symbol?: string;
  /** Arguments; `$name` stands for the result of an earlier step. */
  args: (number | string)[];
  /** Name of the result. */
  as?: string;
  per: LifePer;
  /** Why, a sentence. */
  why: string;
  /** `named`: the name of the export says it. `likely`: concluded from what the function does. */
  sure: 'named' | 'likely';
}

/** What a module needs before its API works. */
export interface Life {
  /** In the order in which an embedder makes them. */
  steps: readonly LifeStep[];
  /** Names of exported functions that are life and no API: never called by planned callers. */
  exports: ReadonlySet<string>;
  /** What the module needs and no embedder can give it, a sentence each. */
  missing: readonly string[];
}

/** An exported function as the recogniser sees it. */
export interface LifeExport {
  name: string;
  /** Its name in the source: where it is known and differs, and in any case. */
  symbol: string | undefined;
  source: string;
  func: number;
  params: readonly ValType[];
  results: readonly ValType[];
}

/** What recognisers ask. */
export interface LifeInput {
  module: Module;
  analysis: Analysis;
  /** The exported function of a name in the source. */
  find(name: string): LifeExport | undefined;
  /** Exported functions in the order of the binary. */
  functions: readonly LifeExport[];
}
