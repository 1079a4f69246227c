/**
 * The first thread of a hammer run: rewrites the module for sharing, starts the other threads, runs rounds, measures
 * costs. Pure except for `HammerEnvironment`.
 */

import { t } from '../../text/l10n.ts';
import { wasmEngine } from '../../wasm/webAssembly.ts';
import type { StressFailure } from '../session/failure.ts';
import { SessionError } from '../session/failure.ts';
import type { StressJob } from '../session/job.ts';
import { Slot, ThreadCommand } from './control.ts';
import { markDeadStack } from './deadStack.ts';
import { Driver } from './driver.ts';
import { prepareHammer } from './hammerPlan.ts';
import type { HammerResult } from './hammerResult.ts';
import { HammerThread, type ThreadWorld } from './hammerThread.ts';
import { makeMemories, sharedState, threadStart, writeFirstState } from './makeReady.ts';
import { measureCosts } from './measureCosts.ts';
import { type HammerRun, hammerResult } from './reportHammer.ts';
import { hammerRounds, type RoundsResult } from './rounds.ts';
import type { SharedMemories, SharedPart, ThreadStart } from './threadStart.ts';

/** What the first thread needs of the world around it. */
export interface HammerEnvironment extends Omit<ThreadWorld, 'receive'> {
  /** Number of threads that may run in parallel, at least 1. */
  cores: number;
  /** Words that all threads share; see control.ts. */
  control: Int32Array;
  /** Sends the other threads what they need; they then follow commands. */
  send(start: ThreadStart): void;
  /** Sends new memories to the threads below `members` except the first. */
  sendMemories(memories: SharedMemories, members: number): void;
  /** Least time between two reports of progress, in milliseconds. */
  progressMs: number;
  /** The result so far; `judged` if outcomes of rounds, and whether rounds end, say something about the module. */
  progress(result: HammerResult, judged: boolean): void;
}

/** The result of a hammer run, or why there is none. */
export type HammerAnswer = { result: HammerResult } | { failure: StressFailure };

/** Why costs are missing from results of runs that ended early. */
const endedBefore = (): string => t('the run ended before');

/** Share of the time that is used to measure remedies. */
const COST_SHARE = 0.3;

/** What this runtime lacks for hammer runs, in one sentence; undefined if it lacks nothing. */
export function missingForHammer(): string | undefined {
  return wasmEngine?.validate(SECOND_MEMORY)
    ? undefined
    : t('Hammer runs need the WebAssembly multi-memory feature, which this runtime lacks: use Node.js 22 or later.');
}

/** `(module (memory 0) (memory 0))` */
const SECOND_MEMORY = Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0, 5, 5, 2, 0, 0, 0, 0);

/** Runs a job to its end. Never throws. Afterwards the other threads end. */
export function hammer(job: StressJob, environment: HammerEnvironment): HammerAnswer {
  const missing = missingForHammer();
  if (missing !== undefined) return { failure: { kind: 'unsupported-host', message: missing } };
  const { control } = environment;
  try {
    return { result: run(job, environment) };
  } catch (error) {
    if (error instanceof SessionError) return { failure: error.failure };
    if (error instanceof wasmEngine.RuntimeError || isLinkError(error))
      return {
        failure: { kind: 'imports', message: t('the module cannot be instantiated: {0}', (error as Error).message) },
      };
    if (error instanceof RangeError && error.message.includes('could not allocate memory'))
      return {
        failure: {
          kind: 'killed',
          message: t(
            "{0}: there is no room for the memories of another round: give the module's memories a smaller maximum, or let the calls grow them less",
            job.name,
          ),
        },
      };
    const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
    return { failure: { kind: 'internal', message: t('internal error, please report it: {0}', text) } };
  } finally {
    Atomics.store(control, Slot.Command, ThreadCommand.End);
    Atomics.add(control, Slot.Generation, 1);
  }
}

const isLinkError = (error: unknown): boolean => error instanceof Error && error.name === 'LinkError';

function run(job: StressJob, environment: HammerEnvironment): HammerResult {
  const { control, now } = environment;
  const began = now();
  const budget = job.scenario.budget.seconds * 1000;
  Atomics.store(control, Slot.Limit, Math.max(5000, budget));
  const prepared = prepareHammer(job);
  const cancelled = (): boolean => Atomics.load(control, Slot.Cancelled) !== 0;
  const enough = (): boolean => cancelled() || Atomics.load(control, Slot.Enough) !== 0;
  const start = threadStart(prepared, job, environment.cores);
  writeFirstState(prepared, start, environment);
  environment.send(start);
  let renewed = start.shared as SharedMemories;
  const thread = new HammerThread(0, start, control, { ...environment, receive: () => renewed });
  const state = sharedState(prepared, start.shared);
  const driver = new Driver({
    start,
    control,
    thread,
    state,
    now,
    newMemories(bytes, members) {
      renewed = makeMemories(start.shared as SharedPart, bytes);
      environment.sendMemories(renewed, members);
      return renewed;
    },
  });
  const sound = ({ oracle }: RoundsResult): boolean => prepared.judged && oracle.incomparable.length === 0;
  const told: HammerRun = { job, prepared, start, hammered: undefined, host: thread.host, seconds: 0 };
  /** Threads take long to start on a busy machine, which is no time for rounds. */
  let ready = now();
  if (prepared.shared !== undefined) {
    const failed = driver.setUp();
    if (failed !== undefined) throw new SessionError({ kind: 'setup', message: failed });
    driver.mark();
    ready = now();
    let last = Number.NEGATIVE_INFINITY;
    told.hammered = hammerRounds({
      driver,
      scenario: job.scenario,
      judged: prepared.judged,
      end: ready + budget * (1 - COST_SHARE),
      stopped: enough,
      learned: () => markDeadStack(driver, prepared),
      progress(hammered) {
        if (now() - last < environment.progressMs) return;
        last = now();
        environment.progress(
          hammerResult({ ...told, hammered, seconds: (last - began) / 1000 }, null, endedBefore()),
          sound(hammered),
        );
      },
    });
  }
  // Calls that wait for others would not return, since callers are also measured alone.
  const waits = (told.hammered?.oracle.infeasible ?? 0) > 0;
  const measured = enough()
    ? endedBefore()
    : waits
      ? t('some calls do not return before another caller has run, or not soon')
      : measureCosts(driver, { end: ready + budget, stopped: enough });
  if (cancelled()) throw new SessionError({ kind: 'cancelled', message: t('{0}: the run was cancelled', job.name) });
  const all = { ...told, seconds: (now() - began) / 1000 };
  return typeof measured === 'string' ? hammerResult(all, null, measured) : hammerResult(all, measured, endedBefore());
}
