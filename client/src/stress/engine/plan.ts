/** Plans: scenarios made from the conflict matrix when the user gave none. */
import type { Analysis } from '../../../../server/src/analysis/model.ts';
import type { HostId, SharingModel } from '../../../../server/src/analysis/hosts/profile.ts';
import type { Module } from '../../../../server/src/wasm/module.ts';
import type { Scenario } from './scenario.ts';

/** A scenario of a plan, with the pair of exports that it is about. */
export interface PlannedScenario {
  /** Positions in `Analysis.exports`, `a <= b`. */
  a: number;
  b: number;
  /** `increment with itself, one call each`, ... */
  title: string;
  scenario: Scenario;
}

export interface PlanOptions {
  host: HostId;
  model: SharingModel | 'auto';
  /** Only pairs with this export. */
  exportName?: string;
  /** Concurrent callers of each scenario; two unless given. */
  callers?: number;
  /** Whole time for the plan, divided among its scenarios. */
  seconds: number;
  seed?: number;
  /** Most scenarios. */
  limit?: number;
}

export interface Plan {
  scenarios: PlannedScenario[];
  /** What was left out and why, a sentence each. */
  notes: string[];
}

/**
 * Every conflicting pair of exports (an export with itself included), surest first: one call each,
 * then two calls each, with equal and with distinct arguments.
 */
export declare function planOf(module: Module, analysis: Analysis, options: PlanOptions): Plan;
