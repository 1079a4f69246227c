/**
 * The engine's entry: explores or replays the calls of a scenario on a module, on the real engine of
 * this JavaScript runtime. Pure but for what `Environment` hands in.
 */
import { adviceOf } from '../../advice/adviceOf.ts';
import { wasmEngine } from '../../wasm/webAssembly.ts';
import { createSession } from '../run/session.ts';
import { SessionError } from '../run/sessionError.ts';
import type { Scenario } from '../scenario/scenario.ts';
import { explore } from './explore.ts';
import { Findings } from './findings.ts';
import { resultsKey } from './outcomes.ts';
import { NO_REMEDIES, remedyRuns } from './remedies.ts';
import { replayJob } from './replay.ts';
import { report } from './report.ts';
import type { Progress, Results, StressFailure, StressResult } from './result.ts';

/** What the engine needs of the world around it. */
export interface Environment {
  /** Milliseconds from any origin. */
  now(): number;
  /** Asked often, so it must be cheap. */
  cancelled(): boolean;
  /** Whether to end the search now and say what is known, as if its time were over; asked as often. */
  enough?(): boolean;
  /** Lets other tasks of the thread run; the engine calls it some times a second. */
  breathe(): Promise<void>;
  progress(progress: Progress): void;
  /** What a scenario may grant to WASI: nanoseconds since 1970, random bytes. */
  world: { nanoseconds(): bigint; random(bytes: Uint8Array): void };
  /** Told where execution is, so that a thread that has to be killed can say it: function index and byte offset. */
  at?(func: number, offset: number): void;
}

export interface StressJob {
  /** The module as it is on disk, or what a source compiled to. */
  bytes: Uint8Array;
  /** How the user calls it: a file name. */
  name: string;
  scenario: Scenario;
  /** Replay this schedule instead of exploring. */
  schedule?: string;
  /** Outcomes that were seen elsewhere: the search goes on until it has a schedule for each of them, or ends. */
  wanted?: readonly WantedOutcome[];
  /** Functions of a JavaScript module that the scenario names, by import module and name; trusted workspaces only. */
  imports?: Record<string, Record<string, unknown>>;
}

/** What callers and probe were told. */
export interface WantedOutcome {
  results: Results;
  probe: readonly string[];
}

/** How long the confirmation of a finding may go on beyond the budget. */
const GRACE_MS = 5_000;

export type StressAnswer = { result: StressResult } | { failure: StressFailure };

/** What this runtime lacks for stress runs, in one sentence; undefined when it has all. */
export function missingSupport(): string | undefined {
  if (wasmEngine?.promising !== undefined && wasmEngine.Suspending !== undefined) return undefined;
  return 'Stress runs need JavaScript Promise Integration of WebAssembly, which this runtime lacks: use Node.js 24 or later, or a VS Code whose extension host is built on Chromium 137 or later.';
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
    const findings = new Findings();
    const session = await createSession(job, environment, findings, stopped);
    findings.sites = session.instrumented.sites;
    const wanted = new Set(job.wanted?.map(resultsKey));
    const context = { session, findings, environment, stopped: searchOver, deadline, wanted };
    if (job.schedule !== undefined) return await replayJob(job, context, job.schedule, started);
    const exploration = await explore(context);
    if (environment.cancelled())
      return { failure: { kind: 'cancelled', message: `${job.name}: the run was cancelled` } };
    const result = await report(job, context, exploration, started);
    const remedies = await remedyRuns(job, context, { ...result, remedies: NO_REMEDIES });
    const advised = { ...result, remedies, advice: [] };
    return { result: { ...advised, advice: adviceOf(session.module, session.analysis, [advised], 'calls') } };
  } catch (error) {
    if (error instanceof SessionError) return { failure: error.failure };
    const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
    return { failure: { kind: 'internal', message: `internal error, please report it: ${text}` } };
  }
}
