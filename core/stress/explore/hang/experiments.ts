/**
 * Executions that tell the cause of a hang: its own schedule again, the same with notifications that wake everybody, the
 * same with waiters that are woken in the end, and the callers one after the other, each of them first once.
 */
import { type ExecutionEnding, MAX_REPLAYED } from '../../run/dispatcher.ts';
import { ExecutionMode } from '../../run/mode.ts';
import type { Strategy } from '../../run/strategy.ts';
import type { TraceRecorder } from '../../run/traceRows.ts';
import { lowest } from '../../search/masks.ts';
import { RandomSearch } from '../../search/random.ts';
import { isBuffered, type Schedule, ScheduleReplay } from '../../search/schedules.ts';
import { runExecution } from '../execution.ts';
import type { ExploreContext } from '../exploration.ts';
import { EventLog } from './eventLog.ts';
import { stuckCallers } from './stuck.ts';

/** Most decisions of an execution that is not the hang itself. */
const MAX_STEPS = 200_000;
/** Random executions, and their preemptions. */
const RANDOM_RUNS = 20;
const RANDOM_DEPTH = 3;

/** What an execution showed. */
export interface Experiment {
  log: EventLog;
  /** Callers that did not return. */
  stuck: readonly number[];
  ending: ExecutionEnding;
}

/** The schedule again; `wakes`: what else happens, `all` for notifications that wake everybody, `end` for waiters woken in the end. */
export async function repeated(
  context: ExploreContext,
  turns: Schedule,
  wakes: 'nothing' | 'all' | 'end' = 'nothing',
): Promise<Experiment> {
  const { dispatcher } = context.session.scheduler;
  dispatcher.wakesAll = wakes === 'all';
  dispatcher.wakesOnce = wakes === 'end';
  if (wakes !== 'nothing') dispatcher.mostReplayed = turns.reduce((sum, { steps }) => sum + steps, 0) + MAX_STEPS;
  try {
    return await run(context, new ScheduleReplay(turns, context.session.callers.length), isBuffered(turns));
  } finally {
    dispatcher.wakesAll = false;
    dispatcher.wakesOnce = false;
    dispatcher.mostReplayed = MAX_REPLAYED;
  }
}

/** One caller until it returns or waits, then the others. */
export async function beginningWith(context: ExploreContext, caller: number): Promise<Experiment> {
  const { dispatcher } = context.session.scheduler;
  dispatcher.mostReplayed = MAX_STEPS;
  try {
    return await run(context, new InTurn(caller));
  } finally {
    dispatcher.mostReplayed = MAX_REPLAYED;
  }
}

/** Whether all callers return in one of a few random executions, which depend on the scenario's seed alone. */
export async function returnsAtRandom(context: ExploreContext): Promise<boolean> {
  const { scheduler, callers, scenario } = context.session;
  const { dispatcher } = scheduler;
  const random = new RandomSearch(callers.length, RANDOM_DEPTH, scenario.seed);
  dispatcher.mostReplayed = MAX_STEPS;
  try {
    for (let i = 0; i < RANDOM_RUNS; i++)
      if ((await runExecution(context, ExecutionMode.Replay, random)) === 'done') return true;
    return false;
  } finally {
    dispatcher.mostReplayed = MAX_REPLAYED;
  }
}

/** One execution with store buffers, and how it ends. */
export async function withBuffers(
  context: ExploreContext,
  strategy: Strategy,
  recorder?: TraceRecorder,
): Promise<ExecutionEnding> {
  const { dispatcher } = context.session.scheduler;
  dispatcher.mostReplayed = MAX_STEPS;
  try {
    return await runExecution(context, ExecutionMode.Replay, strategy, recorder, true);
  } finally {
    dispatcher.mostReplayed = MAX_REPLAYED;
  }
}

async function run(context: ExploreContext, strategy: Strategy, buffered = false): Promise<Experiment> {
  const { session } = context;
  const log = new EventLog(session);
  const ending = await runExecution(context, ExecutionMode.Replay, strategy, log, buffered);
  return { log, stuck: stuckCallers(session), ending };
}

/** Callers continue until they cannot. */
class InTurn implements Strategy {
  readonly tracksDependence = false;
  private readonly first: number;

  constructor(first: number) {
    this.first = first;
  }

  begin(): void {}

  choose(current: number, enabled: number): number {
    const can = (caller: number): boolean => caller >= 0 && ((enabled >> caller) & 1) === 1;
    if (can(current)) return current;
    return can(this.first) ? this.first : lowest(enabled);
  }
}
