/** Runs in processes of their own: which process a run gets, and how it ended in words. */
import { cancelled } from '../../../core/jobs/failures.ts';
import type { StressFailure } from '../../../core/stress/session/failure.ts';
import { t } from '../../../core/text/l10n.ts';
import { outOfMemory } from '../failures.ts';
import type { RunRequest } from './runMessages.ts';
import { type RunEnd, RunProcess, type RunWatch } from './runProcess.ts';

/** How long a process waits for another run. */
const IDLE_MS = 10_000;

const idle = new Set<RunProcess>();

/** What a run answered, why it did not, or why there is no process for it. */
export type InProcess = RunEnd | { refused: string };

/** Runs in a process that `workerPath`, the program of worker threads, is started in. Never rejects. */
export async function inProcess(request: RunRequest, workerPath: string | URL, watch: RunWatch): Promise<InProcess> {
  const { memory } = request.limits;
  const waiting = idleProcess(String(workerPath), memory);
  if (waiting !== undefined) {
    const end = await runIn(waiting, request, watch);
    // It was gone before it could begin: nothing of the run has happened.
    if (!('how' in end) || waiting.hasAnswered) return end;
  }
  try {
    return await runIn(await RunProcess.start(workerPath, memory), request, watch);
  } catch (error) {
    return { refused: error instanceof Error ? error.message : String(error) };
  }
}

async function runIn(process: RunProcess, request: RunRequest, watch: RunWatch): Promise<RunEnd> {
  const given = (['signal', 'enough'] as const).find((which) => watch[which]?.aborted);
  const end: RunEnd = given === undefined ? await process.run(request, watch) : { gaveUp: given };
  release(process);
  return end;
}

/** A process that waits for a run of this program within this budget. */
function idleProcess(program: string, memory: number | undefined): RunProcess | undefined {
  for (const one of idle) {
    if (one.usable && (one.program !== program || one.memory !== memory)) continue;
    idle.delete(one);
    if (!one.usable) continue;
    one.keepAlive(true);
    return one;
  }
  return undefined;
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

/** Ends the processes that wait for another run. */
export function endIdleRuns(): void {
  for (const process of idle) process.kill();
  idle.clear();
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
