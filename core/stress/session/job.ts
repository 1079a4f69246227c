/** What a stress run is asked to do: a module, a scenario, and what to look for. */

import type { Analysis } from '../../analysis/model.ts';
import type { Module } from '../../wasm/module.ts';
import type { Scenario } from '../scenario/scenario.ts';

/** Results of the calls of each caller: `[caller][call]`, each a text such as `7`, `0x1.8p3`, `trap: unreachable`. */
export type Results = string[][];

/** What to run; plain data except for `imports`. */
export interface StressJob {
  /** The module as it is on disk, or what a source compiled to. */
  bytes: Uint8Array;
  /** The same module read, and an analysis of it: used where that is of the scenario's host and sharing model. */
  known?: { module: Module; analysis: Analysis };
  /** Name for messages: the file name. */
  name: string;
  scenario: Scenario;
  /** Replay this schedule instead of exploring. */
  schedule?: string;
  /** Outcomes that were seen elsewhere: the search goes on until it has a schedule for each of them, or ends. */
  wanted?: readonly WantedOutcome[];
  /** Functions of a JavaScript module that the scenario names, by import module and name; trusted workspaces only. */
  imports?: Record<string, Record<string, unknown>>;
}

/** What callers and probe were told. */
export interface WantedOutcome {
  results: Results;
  probe: readonly string[];
}
