/**
 * The engine's entry: explores or replays the calls of a scenario on a module, on the real engine of this JavaScript
 * runtime. Pure except for `Environment`.
 */
import { wasmEngine } from '../../wasm/webAssembly.ts';
import { createSession } from '../session/createSession.ts';
import type { Environment } from '../session/environment.ts';
import { SessionError } from '../session/failure.ts';
import type { StressJob } from '../session/job.ts';
import { explore } from './explore.ts';
import { resultsKey } from './outcomes.ts';
import { RaceCollector } from './raceCollector.ts';
import { NO_REMEDIES, remedyRuns } from './remedies.ts';
import { replayJob } from './replay.ts';
import { report } from './report.ts';
import type { StressAnswer } from './result.ts';

/** How long the confirmation of a finding may continue beyond the budget. */
const GRACE_MS = 5_000;

/** What this runtime lacks for stress runs, in one sentence; undefined if it lacks nothing. */
export function missingSupport(): string | undefined {
  if (wasmEngine?.promising !== undefined && wasmEngine.Suspending !== undefined) return undefined;
  return 'Stress runs need WebAssembly JavaScript Promise Integration, which this runtime lacks: use Node.js 24 or later, or a version of VS Code whose extension host is based on Chromium 137 or later.';
}

/** Runs a job to its end. Never throws. */
export async function stress(job: StressJob, environment: Environment): Promise<StressAnswer> {
  const missing = missingSupport();
  if (missing !== undefined) return { failure: { kind: 'unsupported-host', message: missing } };
  const started = environment.now();
  const end = started + job.scenario.budget.seconds * 1000;
  let allowed = end;
  const stopped = (): boolean => environment.cancelled() || environment.now() > allowed;
  const searchOver = (): boolean =>
    environment.cancelled() || environment.enough?.() === true || environment.now() > end;
  const deadline = {
    end,
    extend: () => {
      allowed = Math.max(allowed, Math.min(end + GRACE_MS, environment.now() + GRACE_MS));
    },
    conclude: () => {
      allowed = environment.now() + 2 * GRACE_MS;
    },
    limit: (ms: number) => {
      allowed = environment.now() + ms;
    },
  };
  try {
    const findings = new RaceCollector();
    const session = await createSession(job, environment, findings, stopped);
    findings.attach(session);
    const wanted = new Set(job.wanted?.map(resultsKey));
    const context = { session, findings, environment, stopped: searchOver, deadline, wanted };
    const { module, analysis } = session;
    if (job.schedule !== undefined) {
      const replayed = await replayJob(job, context, job.schedule, started);
      return 'failure' in replayed ? replayed : { ...replayed, module, analysis };
    }
    const exploration = await explore(context);
    if (environment.cancelled())
      return { failure: { kind: 'cancelled', message: `${job.name}: the run was cancelled` } };
    const result = await report(job, context, exploration, started);
    const remedies = await remedyRuns(job, context, { ...result, remedies: NO_REMEDIES });
    return { result: { ...result, remedies }, module, analysis };
  } catch (error) {
    if (error instanceof SessionError) return { failure: error.failure };
    const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
    return { failure: { kind: 'internal', message: `internal error, please report it: ${text}` } };
  }
}
