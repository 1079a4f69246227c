/** Makes a plan in a process or a thread: the analysis of a large module takes a while, and trying arguments runs it. */
import { overduePlan } from '../../core/jobs/failures.ts';
import type { NamedPlan, PlanStart } from '../../core/jobs/model.ts';
import { t } from '../../core/text/l10n.ts';
import { failureOf, inProcess } from './isolated/inProcess.ts';
import { type IsolatedOptions, notIsolated } from './isolation.ts';
import { runJob } from './workerJob.ts';

/** Limits of memory and time for making a plan. */
export interface PlanLimits extends IsolatedOptions {
  /** A plan may need the analysis of the module: the seconds that one may take. */
  seconds: number;
}

/**
 * Scenarios for a module. Rejects with what the user should read, and with the signal's reason when it is aborted. A plan
 * that does not run the module is made in a thread.
 */
export async function planStress(start: PlanStart, limits: PlanLimits): Promise<NamedPlan> {
  const { workerPath, memory, signal, seconds, isolation } = limits;
  if (!start.tries) return planInThread(start, limits);
  if (isolation === 'thread') return noted(await planInThread(start, limits), undefined);
  signal?.throwIfAborted();
  const end = await inProcess({ kind: 'plan', start, limits: { memory }, seconds }, workerPath, { signal });
  if ('refused' in end) return noted(await planInThread(start, limits), end.refused);
  if ('answer' in end) return end.answer as NamedPlan;
  if ('gaveUp' in end) throw signal?.reason;
  if ('problem' in end) throw new Error(end.problem);
  throw end.died === 'memory' ? tooLarge() : new Error(failureOf(start.name, end).message);
}

const noted = (plan: NamedPlan, refused: string | undefined): NamedPlan => ({
  ...plan,
  notes: [...plan.notes, notIsolated(refused)],
});

/** In a thread of this process; rejects as `planStress` does. */
export function planInThread(
  start: PlanStart,
  { workerPath, memory, terminateMs, signal, seconds }: Omit<PlanLimits, 'isolation'>,
): Promise<NamedPlan> {
  const fail = (reason: unknown): never => {
    throw reason;
  };
  return runJob<never, NamedPlan>({
    workerPath,
    memory,
    terminateMs,
    threads: [{ start: { kind: 'plan', ...start } }],
    failed: (error) => fail(crashed(error)),
    deadline: { ms: seconds * 1000, answer: () => fail(new Error(overduePlan(seconds))) },
    endRequests: [{ signal, answer: () => fail(signal?.reason) }],
  });
}

function crashed(error: NodeJS.ErrnoException): Error {
  return error.code === 'ERR_WORKER_OUT_OF_MEMORY' ? tooLarge() : error;
}

const tooLarge = (): Error =>
  new Error(
    t('planning exceeded its memory limit and was stopped; raise wasmHazards.stress.memory, or write a scenario file'),
  );
