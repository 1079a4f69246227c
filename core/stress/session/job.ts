/** The input of a stress run: a module, a scenario, and what to look for. */

import type { Analysis } from '../../analysis/model.ts';
import type { Module } from '../../wasm/module.ts';
import type { Scenario } from '../scenario/scenario.ts';

/** Results of the calls of each caller: `[caller][call]`, each a text such as `7`, `0x1.8p3`, `trap: unreachable`. */
export type Results = string[][];

/** What to run; plain data except for `imports`. */
export interface StressJob {
  /** The contents of the `.wasm` file, or the binary compiled from a source. */
  bytes: Uint8Array;
  /**
   * The same module decoded, and an analysis of it, which is used if it is for the scenario's host and sharing model.
   */
  known?: { module: Module; analysis: Analysis };
  /** Name for messages: the file name. */
  name: string;
  scenario: Scenario;
  /** Replay this schedule instead of exploring. */
  schedule?: string;
  /** Outcomes that were seen elsewhere: the search continues until it has a schedule for each of them, or ends. */
  wanted?: readonly WantedOutcome[];
  /** Functions of a JavaScript module that the scenario names, by import module and name; trusted workspaces only. */
  imports?: Record<string, Record<string, unknown>>;
  /** Told the `module.name` of one of them that returns a promise although nothing says that it suspends. */
  promised?: (name: string) => void;
}

/** Results of the callers and of the probe. */
export interface WantedOutcome {
  results: Results;
  probe: readonly string[];
}
