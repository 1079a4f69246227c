/**
 * The engine's entry: explores or replays the calls of a scenario on a module, on the real engine of this JavaScript
 * runtime. Pure except for `Environment`.
 */

import { HOST_PROFILES } from '../../hosts/index.ts';
import { t } from '../../text/l10n.ts';
import { listOf, quoted } from '../../text/phrases.ts';
import { wasmEngine } from '../../wasm/webAssembly.ts';
import type { Scenario } from '../scenario/scenario.ts';
import { createSession } from '../session/createSession.ts';
import type { Environment } from '../session/environment.ts';
import { SessionError } from '../session/failure.ts';
import type { StressJob } from '../session/job.ts';
import type { Session } from '../session/session.ts';
import { LATE } from './allowance.ts';
import { explore } from './explore.ts';
import { withSuspension } from './ifSuspended.ts';
import { resultsKey } from './outcomes.ts';
import { RaceCollector } from './raceCollector.ts';
import { NO_REMEDIES, remedyRuns } from './remedies.ts';
import { replayJob } from './replay.ts';
import { report } from './report.ts';
import type { StressAnswer } from './result.ts';
import { storeBuffering } from './storeBuffering.ts';

/** How long the confirmation of a finding may continue beyond the budget. */
const GRACE_MS = 5_000;
/** How long all that follows the search may take beyond the budget. */
const MOST_GRACE_MS = 7_000;

/** What this runtime lacks for stress runs, in one sentence; undefined if it lacks nothing. */
export function missingSupport(): string | undefined {
  if (wasmEngine?.promising !== undefined && wasmEngine.Suspending !== undefined) return undefined;
  return t(
    'Stress runs need WebAssembly JavaScript Promise Integration, which this runtime lacks: use Node.js 24 or later, or a version of VS Code whose extension host is based on Chromium 137 or later.',
  );
}

/**
 * Runs a job to its end. Never throws. `makeSession` is the engine; tests of the self-checks give one with a defect.
 */
export async function stress(
  job: StressJob,
  environment: Environment,
  makeSession: typeof createSession = createSession,
): Promise<StressAnswer> {
  const missing = missingSupport();
  if (missing !== undefined) return { failure: { kind: 'unsupported-host', message: missing } };
  const promised = new Set<string>();
  for (let { scenario } = job; ; scenario = { ...scenario, suspending: [...scenario.suspending, ...promised] }) {
    const known = new Set(scenario.suspending);
    const answer = await attempt({ ...job, scenario }, environment, promised, makeSession);
    const fresh = [...promised].filter((name) => !known.has(name));
    if (fresh.length === 0 || environment.cancelled()) return withPromises(answer, promised);
  }
}

/** Whether an import of the scenario that turns out to return a promise may be taken for one that suspends. */
const maySuspend = ({ host, model, behaviours }: Scenario, name: string): boolean =>
  HOST_PROFILES[host].models.includes('cooperative') &&
  model !== 'isolated' &&
  model !== 'shared-memory' &&
  behaviours[name]?.suspends !== false;

/** Says which imports suspend because they returned a promise. */
function withPromises(answer: StressAnswer, promised: ReadonlySet<string>): StressAnswer {
  if ('failure' in answer || promised.size === 0 || answer.result.model !== 'cooperative') return answer;
  const { result } = answer;
  const names = listOf([...promised].map(quoted), 4);
  const note = t('{0} returned a promise, so the calls were run on one instance, where it suspends its caller.', names);
  return { ...answer, result: { ...result, notes: [note, ...result.notes] } };
}

/** One run. Ends early when a function of the scenario returns a promise that it may return; its name is added. */
async function attempt(
  job: StressJob,
  environment: Environment,
  promised: Set<string>,
  makeSession: typeof createSession,
): Promise<StressAnswer> {
  const started = environment.now();
  const end = started + job.scenario.budget.seconds * 1000;
  let allowed = end;
  let again = false;
  const stopped = (): boolean => again || environment.cancelled() || environment.now() > allowed;
  const searchOver = (): boolean =>
    again || environment.cancelled() || environment.enough?.() === true || environment.now() > end;
  const deadline = {
    end,
    extend: () => {
      allowed = Math.max(allowed, Math.min(end + GRACE_MS, environment.now() + GRACE_MS));
    },
    conclude: () => {
      allowed = Math.min(end + MOST_GRACE_MS, environment.now() + 2 * GRACE_MS);
    },
    late: () => {
      if (environment.now() > allowed) deadline.missed = true;
      return deadline.missed;
    },
    missed: false,
  };
  const watched: StressJob = {
    ...job,
    promised(name) {
      if (!maySuspend(job.scenario, name) || job.scenario.suspending.includes(name)) return;
      promised.add(name);
      again = true;
    },
  };
  let session: Session | undefined;
  try {
    const findings = new RaceCollector();
    session = await makeSession(watched, environment, findings, stopped);
    findings.attach(session);
    const wanted = new Set(job.wanted?.map(resultsKey));
    const context = { session, findings, environment, stopped: searchOver, deadline, wanted };
    const { module, analysis } = session;
    if (job.schedule !== undefined) {
      const replayed = await replayJob(watched, context, job.schedule, started);
      return 'failure' in replayed ? replayed : { ...replayed, module, analysis };
    }
    const exploration = await explore(context);
    if (environment.cancelled() || again)
      return { failure: { kind: 'cancelled', message: t('{0}: the run was cancelled', job.name) } };
    await storeBuffering(context, exploration);
    const result = { ...(await report(watched, context, exploration, started)), remedies: NO_REMEDIES };
    const whole = await withSuspension(watched, context, result);
    const remedies = await remedyRuns(watched, context, whole);
    const notes = deadline.missed ? [...whole.notes, LATE] : whole.notes;
    return { result: { ...whole, remedies, notes }, module, analysis };
  } catch (error) {
    if (error instanceof SessionError) return { failure: error.failure };
    const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
    return { failure: { kind: 'internal', message: t('internal error, please report it: {0}', text) } };
  } finally {
    session?.scheduler.close();
  }
}
