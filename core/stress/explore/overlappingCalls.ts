/**
 * Calls that overlap on a host whose instances take one call at a time: nothing that the calls do makes that right, and
 * none of it shows in them, so they are no race that executions could find.
 */
import type { Caller } from '../run/caller.ts';
import type { TraceRecorder } from '../run/traceRows.ts';
import type { Step } from '../scenario/steps.ts';
import { scheduleText } from '../search/schedules.ts';
import { HOST_STEP } from '../session/hostSteps.ts';
import type { Session } from '../session/session.ts';
import { replay } from './execution.ts';
import type { ExploreContext } from './exploration.ts';
import type { HostHazardReport, RaceParty } from './result.ts';

/** A call of a caller, by their numbers. */
interface CallOf {
  caller: number;
  call: number;
}

/** The first call of each caller: what the host itself does to memory, or expects, is none. */
const firstCalls = ({ callers }: Session): CallOf[] =>
  callers.flatMap(({ index, calls }) => {
    const call = calls.findIndex(({ func }) => func !== HOST_STEP);
    return call < 0 ? [] : [{ caller: index, call }];
  });

/** Whether calls of different callers can be under way at the same time in one instance, as far as was seen. */
const overlap = ({ model, scheduler }: Session): boolean =>
  model === 'shared-instance' || (model === 'cooperative' && scheduler.suspended);

/**
 * Whether, on a host whose instances take one call at a time, the host itself uses memory while a call of another caller
 * can be under way, and nothing else overlaps: no hazard that a profile speaks of, and nothing that a host allows.
 */
export function hostBesideCall(session: Session): boolean {
  const { profile, callers } = session;
  if (profile.hostHazards['overlapping-calls'] === undefined || !overlap(session)) return false;
  const accesses = callers.some(({ calls }) => calls.some(({ step }) => step !== undefined && isHostAccess(step)));
  return accesses && firstCalls(session).length === 1;
}

const isHostAccess = (step: Step): boolean => 'write' in step || 'read' in step;

/**
 * The hazard that two overlapping calls are on this host; none where the host takes them. `given`: the schedule to show,
 * by default one in which the second caller begins while the first one is in its call, empty where calls have no steps.
 */
export async function overlapHazard(context: ExploreContext, given?: string): Promise<HostHazardReport[]> {
  const { session } = context;
  const hazard = session.profile.hostHazards['overlapping-calls'];
  const [one, other] = firstCalls(session);
  if (hazard === undefined || other === undefined || !overlap(session)) return [];
  const schedule = given ?? (await shortest(context, one, other));
  return [
    {
      kind: 'overlapping-calls',
      text: hazard.text,
      cell: 'the instance',
      a: party(session, one),
      b: party(session, other),
      schedule,
    },
  ];
}

/** The first caller up to the first step in its call, then the second one. */
async function shortest(context: ExploreContext, one: CallOf, other: CallOf): Promise<string> {
  let steps = 1;
  if (one.call > 0) {
    const before = new StepsBefore(one);
    await replay(context, [], before);
    steps += before.steps;
  }
  const { turns } = await replay(context, [
    { caller: one.caller, steps },
    { caller: other.caller, steps: 1 },
  ]);
  return scheduleText(turns);
}

/** Counts the steps of a caller before one of its calls. */
class StepsBefore implements TraceRecorder {
  steps = 0;
  private readonly wanted: CallOf;

  constructor(wanted: CallOf) {
    this.wanted = wanted;
  }

  performed({ index, call }: Caller): void {
    if (index === this.wanted.caller && call < this.wanted.call) this.steps++;
  }

  called(): void {}
  returned(): void {}
  notified(): void {}
  settle(): void {}
}

const party = ({ callers }: Session, { caller, call }: CallOf): RaceParty => ({
  caller,
  call,
  func: Math.max(-1, callers[caller].calls[call].func),
  offset: -1,
  access: 'write',
  op: 'call',
});
