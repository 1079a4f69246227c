/** One execution of all callers from the base on: under any strategy, or under a schedule that is given. */

import type { ExecutionEnding } from '../run/dispatcher.ts';
import { ExecutionMode } from '../run/mode.ts';
import type { Strategy } from '../run/strategy.ts';
import type { TraceRecorder } from '../run/traceRows.ts';
import { isBuffered, type Schedule, ScheduleReplay, scheduleOf } from '../search/schedules.ts';
import type { ExploreContext } from './exploration.ts';
import { type ExecutionOutcome, outcomeOf } from './outcomes.ts';

type Context = Pick<ExploreContext, 'session' | 'findings'>;

/**
 * Plain stores wait in store buffers where `buffered` says so. Afterwards the findings are those of this execution.
 * @throws on a defect of the engine
 */
export async function runExecution(
  { session: { scheduler, host }, findings }: Context,
  mode: number,
  strategy: Strategy,
  recorder?: TraceRecorder,
  buffered = false,
): Promise<ExecutionEnding> {
  findings.begin(mode === ExecutionMode.Explore);
  host.reset();
  scheduler.recorder = recorder;
  scheduler.buffered(buffered);
  const ending = await scheduler.execute(mode, strategy);
  scheduler.recorder = undefined;
  if (scheduler.defect !== undefined) throw scheduler.defect;
  return ending;
}

/** What a replay showed. */
export interface Replayed {
  ending: ExecutionEnding;
  /** Outcome of an execution in which all callers returned. */
  outcome: ExecutionOutcome | undefined;
  /** The turns that the callers really performed. */
  turns: Schedule;
  /** Whether the schedule chose callers that could not run. */
  diverged: boolean;
  /** Whether it showed that callers share more than was known. */
  discovered: boolean;
}

/** Runs a schedule. */
export async function replay(context: Context, turns: Schedule, recorder?: TraceRecorder): Promise<Replayed> {
  const { session } = context;
  const strategy = new ScheduleReplay(turns, session.callers.length);
  const ending = await runExecution(context, ExecutionMode.Replay, strategy, recorder, isBuffered(turns));
  const { segments, discovered } = session.scheduler;
  const did = scheduleOf(segments);
  const outcome = ending === 'done' ? await outcomeOf(session) : undefined;
  return { ending, outcome, turns: did, diverged: strategy.diverged, discovered };
}
