/** Runs a hammer job in threads of a process or of this one: watched, and ended cleanly when one of them dies or never comes back. */

import { availableParallelism } from 'node:os';
import { MessageChannel } from 'node:worker_threads';
import { cancelled } from '../../core/jobs/failures.ts';
import type { SentJob } from '../../core/jobs/model.ts';
import { callSlot, controlBuffer, RunPhase, Slot, ThreadCommand } from '../../core/stress/hammer/control.ts';
import type { HammerAnswer } from '../../core/stress/hammer/hammer.ts';
import type { HammerHang, HammerResult } from '../../core/stress/hammer/hammerResult.ts';
import { workersFor } from '../../core/stress/hammer/threadStart.ts';
import { t } from '../../core/text/l10n.ts';
import { crashed } from './failures.ts';
import { failureOf, inProcess } from './isolated/inProcess.ts';
import { notIsolated, withNote } from './isolation.ts';
import type { HammerProgress } from './messages.ts';
import type { ScenarioOptions } from './runStress.ts';
import { runJob } from './workerJob.ts';

/** Options of a hammer run, which lasts as long as the scenario's budget unless a signal ends it. */
export interface HammerOptions extends ScenarioOptions {
  /** Called with what is known so far, a few times a second. */
  onProgress?(result: HammerResult): void;
  /** Milliseconds between two calls of `onProgress`, at least; 200 unless given. */
  progressMs?: number;
  /** Threads that may run at once; as many as there are cores unless given. */
  cores?: number;
}

const PROGRESS_MS = 200;
/**
 * How often the threads are checked, how long they may take to begin, which on a busy machine can be longer than the run,
 * and how long a run may continue beyond its budget.
 */
const LOOK_MS = 100;
const START_MS = 60_000;
const GRACE_MS = 8_000;
/** How long ending may take, without a result and with what is known. */
const CANCEL_MS = 1_000;
const CONCLUDE_MS = 15_000;

/** Never rejects. */
export async function runHammer(job: SentJob, options: HammerOptions): Promise<HammerAnswer> {
  const { workerPath, memory, importsModule, isolation, progressMs, cores } = options;
  if (isolation === 'thread') return withNote(await hammerInThreads(job, options), notIsolated(undefined));
  const limits = { memory, importsModule };
  const end = await inProcess({ kind: 'hammer', job, limits, progressMs, cores }, workerPath, options);
  if ('refused' in end) return withNote(await hammerInThreads(job, options), notIsolated(end.refused));
  return 'answer' in end ? (end.answer as HammerAnswer) : { failure: failureOf(job.name, end) };
}

/** In threads of this process. Never rejects. */
export function hammerInThreads(job: SentJob, options: Omit<HammerOptions, 'isolation'>): Promise<HammerAnswer> {
  const { workerPath, memory, terminateMs, importsModule, signal, enough, onProgress } = options;
  const { progressMs = PROGRESS_MS } = options;
  if (signal?.aborted || enough?.aborted) return Promise.resolve({ failure: cancelled(job.name) });
  const callers = job.scenario.callers.length;
  const cores = options.cores ?? availableParallelism();
  const control = controlBuffer(callers);
  const watched = new WatchedRun(job, new Int32Array(control));
  const channels = Array.from({ length: workersFor(callers, cores) - 1 }, () => new MessageChannel());
  const ports = channels.map(({ port1 }) => port1);
  const common = { kind: 'hammer', control, importsModule } as const;
  return runJob<HammerProgress, HammerAnswer>({
    workerPath,
    memory,
    terminateMs,
    threads: [
      { start: { ...common, leads: true, job, cores, progressMs, ports }, ports },
      ...channels.map(({ port2: port }, i) => ({
        start: { ...common, leads: false as const, index: i + 1, port },
        ports: [port],
      })),
    ],
    // The other threads may end before the first one has answered, once they were told to.
    mayEnd: () => watched.toldToEnd(),
    onProgress(progress) {
      watched.known = progress;
      onProgress?.(progress.result);
    },
    failed: (error) => ({ failure: crashed(job.name, error) }),
    endRequests: [
      {
        signal,
        grace: { ask: () => watched.tell(Slot.Cancelled), ms: CANCEL_MS },
        answer: () => ({ failure: cancelled(job.name) }),
      },
      {
        signal: enough,
        grace: { ask: () => watched.tell(Slot.Enough), ms: CONCLUDE_MS },
        answer: () => watched.overdue(),
      },
    ],
    watch: { ms: LOOK_MS, look: () => (signal?.aborted ? undefined : watched.look()) },
  });
}

/** Watches a run from outside: whether its threads make progress, and what is known when they do not. */
class WatchedRun {
  private readonly job: SentJob;
  private readonly control: Int32Array;
  private readonly started = performance.now();
  /** When the first command was seen. */
  private begun: number | undefined;
  /** Last progress of the first thread. */
  known: HammerProgress | undefined;
  private generation = 0;
  /** Checks since the threads last made progress. Not a time: a clock runs on while the machine sleeps. */
  private still = 0;

  constructor(job: SentJob, control: Int32Array) {
    this.job = job;
    this.control = control;
  }

  tell(slot: number): void {
    Atomics.store(this.control, slot, 1);
  }

  toldToEnd(): boolean {
    return (
      Atomics.load(this.control, Slot.Generation) > 0 && Atomics.load(this.control, Slot.Command) === ThreadCommand.End
    );
  }

  /** The answer of a run whose threads make no progress, or whose time is up. */
  look(): HammerAnswer | undefined {
    const generation = Atomics.load(this.control, Slot.Generation);
    this.still = generation === this.generation ? this.still + 1 : 0;
    this.generation = generation;
    const limit = Atomics.load(this.control, Slot.Limit);
    if (generation > 0 && limit > 0 && this.still * LOOK_MS > limit) return this.stuck();
    const now = performance.now();
    if (generation > 0) this.begun ??= now;
    const most = this.job.scenario.budget.seconds * 1000 + GRACE_MS + (this.begun === undefined ? START_MS : 0);
    return now - (this.begun ?? this.started) > most ? this.overdue() : undefined;
  }

  /** Calls have not returned for so long that they are taken to hang: a finding where rounds are judged. */
  private stuck(): HammerAnswer {
    const { known, control, job } = this;
    if (known === undefined || this.phase() !== RunPhase.Rounds) return this.overdue();
    const { result: partial, judged } = known;
    const callers = job.scenario.callers.flatMap((_, caller) => {
      const call = Atomics.load(control, callSlot(caller)) - 1;
      return call < 0 ? [] : [{ caller, call }];
    });
    // Callers of one thread cannot wait for each other; that says nothing of the module.
    if (callers.length > 0 && job.scenario.callers.length > partial.threads)
      return notJudged(
        partial,
        t('A round did not end, perhaps because callers on the same thread wait for each other.'),
      );
    if (!judged)
      return notJudged(
        partial,
        t('A round did not end, perhaps because threads do not share all the state that calls need.'),
      );
    const alone = partial.serialComplete && partial.serial === 0 && partial.rounds === 0;
    const hang: HammerHang = { callers, alone };
    return { result: { ...withoutCosts(partial, t('calls did not return in a round')), verdict: 'hang', hang } };
  }

  /** The run should have ended, but something in it still runs. */
  overdue(): HammerAnswer {
    const { job } = this;
    const partial = this.known?.result;
    const phase = this.phase();
    if (partial === undefined || phase === RunPhase.Alone)
      return {
        failure: { kind: 'killed', message: t('{0}: the run exceeded its time limit and was killed', job.name) },
      };
    if (phase !== RunPhase.Costs) {
      const note = t('The last round had not finished when time ran out.');
      return { result: { ...partial, costs: null, notes: [...partial.notes, note] } };
    }
    return { result: withoutCosts(partial, t('calls did not return while they were measured')) };
  }

  private phase(): number {
    return Atomics.load(this.control, Slot.Phase);
  }
}

const withoutCosts = (partial: HammerResult, reason: string): HammerResult => ({
  ...partial,
  costs: null,
  unmeasured: partial.unmeasured.map((one) => ({ ...one, reason })),
});

/** Not judged, unless rounds have shown wrong outcomes. */
const notJudged = (partial: HammerResult, note: string): HammerAnswer => ({
  result: {
    ...partial,
    verdict: partial.verdict === 'wrong-outcome' ? 'wrong-outcome' : 'not-judged',
    notes: [...partial.notes, note],
  },
});
