/** How a search chooses the next caller; see ../search. */
import type { Dependence } from './dependence.ts';
import type { Operation } from './operation.ts';

/** Chooses the caller at each decision of an execution. Callers are bits of masks. */
export interface Strategy {
  /** Whether it uses the dependence of operations. */
  readonly tracksDependence: boolean;
  /** It still follows a given schedule, so spinning callers are not suspended. */
  readonly follows?: boolean;
  /** Called when a new execution begins; `trace` will have its steps, where `tracksDependence`. */
  begin(trace: Dependence): void;
  /**
   * The next caller: one of the mask `enabled`, or -1 to end the execution here. `current` is the caller that ran
   * last, -1 at the start; `pending[q]` is what caller `q` is about to do. A caller that is about to do something, but is
   * not in the mask, was suspended because it spins: it may be chosen, too.
   */
  choose(current: number, enabled: number, pending: readonly (Operation | undefined)[]): number;
  /** The execution is over; its steps are still known. */
  end?(): void;
}
