/** Makes a plan in a worker thread: the analysis of a large module takes a while. */
import { t } from '../../core/text/l10n.ts';
import type { NamedPlan, PlanStart } from './messages.ts';
import { runJob, type WorkerOptions } from './workerJob.ts';

/** Limits of memory and time for making a plan. */
export interface PlanLimits extends WorkerOptions {
  /** A plan may need the analysis of the module: the seconds that one may take. */
  seconds: number;
}

/**
 * Scenarios for a module. Rejects with what the user should read, and with the signal's reason when it is aborted.
 */
export function planStress(start: PlanStart, { workerPath, memory, signal, seconds }: PlanLimits): Promise<NamedPlan> {
  const fail = (reason: unknown): never => {
    throw reason;
  };
  const overdue = t(
    'planning took longer than {0} s and was stopped; raise wasmHazards.analysis.seconds, or write a scenario file',
    seconds,
  );
  return runJob<never, NamedPlan>({
    workerPath,
    memory,
    threads: [{ start: { kind: 'plan', ...start } }],
    failed: (error) => fail(crashed(error)),
    deadline: { ms: seconds * 1000, answer: () => fail(new Error(overdue)) },
    endRequests: [{ signal, answer: () => fail(signal?.reason) }],
  });
}

function crashed(error: NodeJS.ErrnoException): Error {
  if (error.code !== 'ERR_WORKER_OUT_OF_MEMORY') return error;
  return new Error(
    t('planning exceeded its memory limit and was stopped; raise wasmHazards.stress.memory, or write a scenario file'),
  );
}
