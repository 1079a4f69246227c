/** Explores or replays in a process or a thread: cancelled at once, killed when it does not answer. */

import type { AdvisedAnswer } from '../../core/advice/advised.ts';
import { cancelled, overdue } from '../../core/jobs/failures.ts';
import type { SentJob } from '../../core/jobs/model.ts';
import type { Progress } from '../../core/stress/session/environment.ts';
import type { StressFailure } from '../../core/stress/session/failure.ts';
import { t } from '../../core/text/l10n.ts';
import { hex } from '../../core/wasm/printer/numbers.ts';
import { crashed } from './failures.ts';
import { failureOf, inProcess } from './isolated/inProcess.ts';
import { type IsolatedOptions, notIsolated, withNote } from './isolation.ts';
import { RunSlot } from './messages.ts';
import { runJob } from './workerJob.ts';

/** What every run of a scenario is told. */
export interface ScenarioOptions extends IsolatedOptions {
  /** Aborted to end the search or the rounds: the result is what is known by then. */
  enough?: AbortSignal;
  /** Absolute path of the JavaScript module that the scenario names for its imports; only what is trusted. */
  importsModule?: string;
}

/** Options of an exploration or a replay; `onProgress` is told how far the search has come. */
export interface ExploreOptions extends ScenarioOptions {
  onProgress?(progress: Progress): void;
}

/** How long the thread may take to begin, how long a run may continue beyond its budget, and after it was cancelled. */
const START_MS = 60_000;
const GRACE_MS = 8_000;
const CANCEL_MS = 1_000;
/** How long a run may take to report what it knows. */
const CONCLUDE_MS = 15_000;

/** Never rejects. */
export async function runStress(job: SentJob, options: ExploreOptions): Promise<AdvisedAnswer> {
  const { workerPath, memory, importsModule, isolation } = options;
  if (isolation === 'thread') return withNote(await exploreInThread(job, options), notIsolated(undefined));
  const end = await inProcess({ kind: 'explore', job, limits: { memory, importsModule } }, workerPath, options);
  if ('refused' in end) return withNote(await exploreInThread(job, options), notIsolated(end.refused));
  return 'answer' in end ? (end.answer as AdvisedAnswer) : { failure: failureOf(job.name, end) };
}

/** In a thread of this process. Never rejects. */
export function exploreInThread(job: SentJob, options: Omit<ExploreOptions, 'isolation'>): Promise<AdvisedAnswer> {
  const { workerPath, memory, terminateMs, importsModule, signal, enough, onProgress } = options;
  // Modules of JavaScript are loaded once in a thread, and their state would stay.
  const keeps = options.keeps === true && importsModule === undefined;
  const buffer = new SharedArrayBuffer(RunSlot.Count * 4);
  const slots = new Int32Array(buffer);
  slots[RunSlot.Func] = -1;
  slots[RunSlot.Offset] = -1;
  const killed = (failure: StressFailure): AdvisedAnswer => ({ failure: { ...failure, ...lastSeen(slots) } });
  const giveUp = (): AdvisedAnswer => killed(cancelled(job.name));
  return runJob<Progress, AdvisedAnswer>({
    workerPath,
    memory,
    terminateMs,
    keeps,
    threads: [{ start: { kind: 'explore', job, importsModule, slots: buffer } }],
    onProgress,
    failed: (error) => ({ failure: crashed(job.name, error) }),
    deadline: {
      ms: job.scenario.budget.seconds * 1000 + GRACE_MS,
      startMs: START_MS,
      answer: () => killed(overdueAt(job.name, slots)),
    },
    endRequests: [
      { signal, grace: { ask: () => Atomics.store(slots, RunSlot.Cancelled, 1), ms: CANCEL_MS }, answer: giveUp },
      {
        signal: enough,
        grace: { ask: () => Atomics.store(slots, RunSlot.Enough, 1), ms: CONCLUDE_MS },
        answer: giveUp,
      },
    ],
  });
}

function lastSeen(slots: Int32Array): Pick<StressFailure, 'offset'> {
  return slots[RunSlot.Offset] >= 0 ? { offset: slots[RunSlot.Offset] } : {};
}

function overdueAt(name: string, slots: Int32Array): StressFailure {
  if (slots[RunSlot.Offset] < 0) return overdue(name);
  const message = t(
    '{0}: the run exceeded its time limit and was killed, last seen at {1} of function {2}',
    name,
    hex(slots[RunSlot.Offset]),
    slots[RunSlot.Func],
  );
  return { kind: 'killed', message };
}
