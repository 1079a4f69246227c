/** Runs in processes of their own: which process a run gets, and how it ended in words. */
import type { StressFailure } from '../../../core/stress/session/failure.ts';
import { t } from '../../../core/text/l10n.ts';
import { cancelled, outOfMemory } from '../failures.ts';
import type { RunRequest } from './runMessages.ts';
import { type RunEnd, RunProcess, type RunWatch } from './runProcess.ts';

/** How long a process waits for another run. */
const IDLE_MS = 10_000;

const idle = new Set<RunProcess>();

/** What a run answered, why it did not, or why there is no process for it. */
export type InProcess = RunEnd | { refused: string };

/** Runs in a process that `workerPath`, the program of worker threads, is started in. Never rejects. */
export async function inProcess(request: RunRequest, workerPath: string | URL, watch: RunWatch): Promise<InProcess> {
  let process: RunProcess;
  try {
    process = await processFor(workerPath, request.limits.memory);
  } catch (error) {
    return { refused: error instanceof Error ? error.message : String(error) };
  }
  for (const which of ['signal', 'enough'] as const)
    if (watch[which]?.aborted) {
      release(process);
      return { gaveUp: which };
    }
  const end = await process.run(request, watch);
  release(process);
  return end;
}

async function processFor(workerPath: string | URL, memory: number | undefined): Promise<RunProcess> {
  const path = String(workerPath);
  for (const one of idle) {
    if (!one.usable) idle.delete(one);
    else if (one.program === path && one.memory === memory) {
      idle.delete(one);
      one.keepAlive(true);
      return one;
    }
  }
  return RunProcess.start(workerPath, memory);
}

/** Keeps a process for the next run, for a while; it does not keep this one from ending. */
function release(process: RunProcess): void {
  if (!process.usable) return;
  process.keepAlive(false);
  idle.add(process);
  setTimeout(() => {
    if (idle.delete(process)) process.kill();
  }, IDLE_MS).unref();
}

/** Why a run in a process has no result. `name` is that of the module. */
export function failureOf(name: string, end: Exclude<RunEnd, { answer: unknown }>): StressFailure {
  if ('problem' in end)
    return { kind: 'internal', message: t('{0}: the run ended unexpectedly: {1}', name, end.problem) };
  if ('gaveUp' in end) return cancelled(name);
  if (end.died === 'memory') return outOfMemory(name);
  const message =
    'how' in end
      ? t('{0}: the process of the run ended before the run did ({1}); run it again', name, end.how)
      : t('{0}: the process of the run no longer answered and was killed', name);
  return { kind: 'killed', message };
}
