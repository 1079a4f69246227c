/** How much work putting effects together may take. */
import type { EffectTable } from '../effectTable.ts';

/** Accesses that calls may add to those of the scan: each takes memory. */
const MOST_EFFECTS = 200_000;

/** Counts the work of a module. */
export class WorkBudget {
  /** Evaluations and substitutions so far. */
  steps = 0;
  private readonly mostSteps: number;
  private readonly table: EffectTable;
  /** Number of accesses that the scan told apart. */
  private readonly scanned: number;

  constructor(table: EffectTable, mostSteps: number) {
    this.table = table;
    this.mostSteps = mostSteps;
    this.scanned = table.effects.length;
  }

  /** Whether it is used up: in steps, or in accesses that are told apart. */
  isOver(): boolean {
    return this.steps > this.mostSteps || this.table.effects.length - this.scanned > MOST_EFFECTS;
  }

  /** Whether more than a quarter of the steps are used up: enough for one component. */
  isAdvanced(): boolean {
    return this.steps > this.mostSteps / 4;
  }
}
