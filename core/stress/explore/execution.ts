/** One execution of all callers from the base on: under any strategy, or under a schedule that is given. */

import type { ExecutionEnding } from '../run/dispatcher.ts';
import { ExecutionMode } from '../run/scheduler.ts';
import type { Strategy } from '../run/strategy.ts';
import type { TraceRecorder } from '../run/traceRows.ts';
import { type Schedule, ScheduleReplay, scheduleOf } from '../search/schedules.ts';
import type { ExploreContext } from './exploration.ts';
import { type ExecutionOutcome, outcomeOf } from './outcomes.ts';

type Context = Pick<ExploreContext, 'session' | 'findings'>;

/** Findings are those of this execution afterwards. @throws what the engine itself got wrong */
export async function runExecution(
  { session: { scheduler, host }, findings }: Context,
  mode: number,
  strategy: Strategy,
  recorder?: TraceRecorder,
): Promise<ExecutionEnding> {
  findings.begin();
  findings.strategy = strategy;
  host.reset();
  scheduler.recorder = recorder;
  const ending = await scheduler.execute(mode, strategy);
  scheduler.recorder = undefined;
  findings.strategy = undefined;
  if (scheduler.defect !== undefined) throw scheduler.defect;
  return ending;
}

/** What a replay showed. */
export interface Replayed {
  ending: ExecutionEnding;
  /** Of an execution that ended well. */
  outcome: ExecutionOutcome | undefined;
  /** What callers really did. */
  turns: Schedule;
  /** The schedule asked for callers that could not go on. */
  diverged: boolean;
  /** It showed that callers share more than was known. */
  discovered: boolean;
}

/** Runs a schedule. */
export async function replay(context: Context, turns: Schedule, recorder?: TraceRecorder): Promise<Replayed> {
  const { session } = context;
  const strategy = new ScheduleReplay(turns);
  const ending = await runExecution(context, ExecutionMode.Replay, strategy, recorder);
  const { segments, discovered } = session.scheduler;
  const did = scheduleOf(segments);
  const outcome = ending === 'done' ? await outcomeOf(session) : undefined;
  return { ending, outcome, turns: did, diverged: strategy.diverged, discovered };
}
