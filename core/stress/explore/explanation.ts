/** What limits an exploration, in sentences: what was not tried, and why outcomes or races may be missing. */
import { t } from '../../text/l10n.ts';
import { guessedNote } from '../scenario/guessedText.ts';
import type { Exploration, ExploreContext } from './exploration.ts';
import { impossibleSteps } from './impossibleSteps.ts';
import { noneEnds } from './outcomes.ts';
import { leavesObjects } from './restsOn.ts';
import { unitNotes } from './unitNotes.ts';

/** How a search ended. */
interface Limits {
  /** Executions touched more than earlier ones had. */
  unstable: boolean;
  /** The clock has ended some part of the search. */
  outOfTime: boolean;
  /** Executions were cut off. */
  tooLong: boolean;
}

/** Notes for the result. */
export function explanation(
  { session, findings }: Pick<ExploreContext, 'session' | 'findings'>,
  result: Exploration,
  { unstable, outOfTime, tooLong }: Limits,
): string[] {
  const { guessed } = session.scenario;
  const notes: string[] = guessed === undefined ? [] : [guessedNote(guessed)];
  const { serial } = result;
  if (session.scheduler.spinning.spun)
    notes.push(t('A caller that kept reading the same value was paused until another caller wrote.'));
  if (session.scheduler.spinning.unproven)
    notes.push(
      t(
        'The loop of such a caller may also end after a number of iterations. Not every schedule in which it does was tried, so the exploration is not exhaustive.',
      ),
    );
  if (unstable && !leavesObjects(session))
    notes.push(
      t('Some executions accessed state that earlier ones had not accessed, so not every schedule was tried.'),
    );
  if (leavesObjects(session)) {
    notes.push(
      t(
        'Calls change objects of the garbage collector, which are not restored, so executions do not begin in the same state: the search ended early, and outcomes are not judged for certain.',
      ),
    );
  }
  if (outOfTime && !result.exhaustive)
    notes.push(t('The time was over before the search was: another run may try more schedules, or fewer.'));
  if (tooLong) notes.push(t('Executions were cut off after a million decisions.'));
  if (session.growth.limited) notes.push(t('Growth of memory beyond 2 GiB, across all instances, was refused.'));
  if (session.growth.limitedTables)
    notes.push(t('Growth of tables beyond 10,000,000 slots, across all instances, was refused.'));
  if (session.scheduler.everExhausted)
    notes.push(t('The depth at which calls exhaust the stack differs from run to run, so outcomes are not judged.'));
  else if (result.unjudged)
    notes.push(
      t(
        'Only {0} serial orders of the calls were run, and some outcomes are of none of them, so these are not judged.',
        serial.orders,
      ),
    );
  if (noneEnds(serial))
    notes.push(
      t(
        'No serial order of these calls completes, because each needs another caller; only races and hangs are judged.',
      ),
    );
  else if (serial.infeasible > 0)
    notes.push(
      t(
        'In {0} of {1} serial orders a call does not return by itself, so they have no outcome.',
        serial.infeasible,
        serial.orders,
      ),
    );
  if (serial.timedOut > 0)
    notes.push(
      t(
        'In {0} of {1} serial orders a wait ends because its time is over, so outcomes of calls that are woken there are compared with outcomes of calls that are not.',
        serial.timedOut,
        serial.orders,
      ),
    );
  notes.push(...unitNotes(session.scenario, result));
  notes.push(...impossibleSteps(session.scenario, [...result.serial.byKey.values()]));
  if (findings.overflow) notes.push(t('More races were found than are listed.'));
  return notes;
}
