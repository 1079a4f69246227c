/**
 * How long the parts of a run last that follow its search: counted in what they execute, so that a result does not
 * depend on the speed of the machine. The clock ends only what takes far longer than it ever should, and the result says
 * when it did.
 */
import { t } from '../../text/l10n.ts';
import type { Scheduler } from '../run/scheduler.ts';
import type { ExploreContext } from './exploration.ts';

/** True once `scheduler` has executed `most` more, or the run has to end. */
export function allowance(
  { environment, deadline }: Pick<ExploreContext, 'environment' | 'deadline'>,
  scheduler: Scheduler,
  most: number,
): () => boolean {
  const last = scheduler.work + most;
  return () => environment.cancelled() || environment.enough?.() === true || scheduler.work > last || deadline.late();
}

/** The note of a result that lacks something because of the clock. */
export const LATE = t(
  'The time was over before everything that follows the search was run: schedules may be longer than needed, and comparisons and checks of remedies may be missing that another run has.',
);
