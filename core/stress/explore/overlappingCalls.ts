/**
 * Calls that overlap on a host whose instances take one call at a time: nothing that the calls do makes that right, and
 * none of it shows in them, so they are no race that executions could find.
 */
import { scheduleText } from '../search/schedules.ts';
import type { Session } from '../session/session.ts';
import { replay } from './execution.ts';
import type { ExploreContext } from './exploration.ts';
import type { HostHazardReport, RaceParty } from './result.ts';

/** Whether calls of different callers can be under way at the same time in one instance, as far as was seen. */
const overlap = ({ model, callers, scheduler }: Session): boolean =>
  callers.length > 1 && (model === 'shared-instance' || (model === 'cooperative' && scheduler.suspended));

/**
 * The hazard that two overlapping calls are on this host; none where the host takes them. `given`: the schedule to show,
 * by default one in which the second caller begins while the first one is in its call, empty where calls have no steps.
 */
export async function overlapHazard(context: ExploreContext, given?: string): Promise<HostHazardReport[]> {
  const { session } = context;
  const hazard = session.profile.hostHazards['overlapping-calls'];
  if (hazard === undefined || !overlap(session)) return [];
  const schedule = given ?? (await shortest(context));
  return [
    {
      kind: 'overlapping-calls',
      text: hazard.text,
      cell: 'the instance',
      a: party(session, 0),
      b: party(session, 1),
      schedule,
    },
  ];
}

/** One step of the first caller, then the second one. */
async function shortest(context: ExploreContext): Promise<string> {
  const { turns } = await replay(context, [
    { caller: 0, steps: 1 },
    { caller: 1, steps: 1 },
  ]);
  return scheduleText(turns);
}

const party = ({ callers }: Session, caller: number): RaceParty => ({
  caller,
  call: 0,
  func: callers[caller].calls[0].func,
  offset: -1,
  access: 'write',
  op: 'call',
});
