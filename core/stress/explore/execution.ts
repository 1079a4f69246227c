/** One execution of all callers from the base on: under any strategy, or under a schedule that is given. */

import { Mode } from '../run/scheduler.ts';
import type { Strategy } from '../run/strategy.ts';
import type { TraceRecorder } from '../run/traceRows.ts';
import type { Ending } from '../run/turns.ts';
import { Given, type Turns, turnsOf } from '../search/given.ts';
import type { ExploreContext } from './exploration.ts';
import { type Outcome, outcomeOf } from './outcomes.ts';

type Context = Pick<ExploreContext, 'session' | 'findings'>;

/** Findings are those of this execution afterwards. @throws what the engine itself got wrong */
export async function execute(
  { session: { scheduler, host }, findings }: Context,
  mode: number,
  strategy: Strategy,
  recorder?: TraceRecorder,
): Promise<Ending> {
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

export interface Replayed {
  ending: Ending;
  /** Of an execution that ended well. */
  outcome: Outcome | undefined;
  /** What callers really did. */
  turns: Turns;
  /** The schedule asked for callers that could not go on. */
  diverged: boolean;
  /** It showed that callers share more than was known. */
  discovered: boolean;
}

/** Runs a schedule. */
export async function replay(context: Context, turns: Turns, recorder?: TraceRecorder): Promise<Replayed> {
  const { session } = context;
  const strategy = new Given(turns);
  const ending = await execute(context, Mode.Replay, strategy, recorder);
  const { segments, discovered } = session.scheduler;
  const did = turnsOf(segments);
  const outcome = ending === 'done' ? await outcomeOf(session) : undefined;
  return { ending, outcome, turns: did, diverged: strategy.diverged, discovered };
}
