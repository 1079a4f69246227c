/** How a search decides who goes on; see ../search. */
import type { Operation } from './operation.ts';

export interface Strategy {
  /** Operations that can be swapped matter to it. */
  readonly tracksDependence: boolean;
  /** It still follows a schedule that was given: callers do what that says, spinning or not. */
  readonly follows?: boolean;
  /** A new execution begins. */
  begin(): void;
  /**
   * Which caller goes on: one of the mask `enabled`, or -1 to end the execution here. `current` is the caller that ran
   * last, -1 at the start; `pending[q]` is what caller `q` is about to do.
   */
  choose(current: number, enabled: number, pending: readonly (Operation | undefined)[]): number;
  /** What was decided at decision `node` could have been done later, if one of the callers `first` had gone first. */
  reversible?(node: number, first: number): void;
}
