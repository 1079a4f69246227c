/** Runs scenarios on the wazero of a Go module. */

import type { AdvisedResult } from '../../core/advice/advised.ts';
import { cancelled } from '../../core/jobs/failures.ts';
import { SessionError, type StressFailure } from '../../core/stress/session/failure.ts';
import type { StressJob } from '../../core/stress/session/job.ts';
import { prepare } from '../../core/stress/session/preparation.ts';
import { t } from '../../core/text/l10n.ts';
import { plural } from '../../core/text/phrases.ts';
import type { DriverRun } from '../../core/verify/driverResult.ts';
import { watchedPlan } from '../../core/verify/exact/watchedPlan.ts';
import {
  VERIFY_MODES,
  type VerifyMode,
  type VerifyResult,
  type VerifyRun,
  type VerifyRuntime,
} from '../../core/verify/model.ts';
import type { PlannedVerify } from '../../core/verify/plan.ts';
import { planVerify } from '../../core/verify/planJob.ts';
import { type DetectedRun, raceFindings } from '../../core/verify/races/raceFindings.ts';
import { hostFindings, modeText, verdictOfHost, verifyRun } from '../../core/verify/verified.ts';
import { buildDrivers, buildWatchedDriver, type Drivers } from './buildDriver.ts';
import { DriverFolder } from './driverFolder.ts';
import { findGoModule, type GoModule } from './goModule.ts';
import { interpreterSource } from './interpreterSource.ts';
import { runDriver } from './runDriver.ts';
import { type RemedyAnswers, RemedyRunner } from './runRemedies.ts';

/** How a verifier is opened. */
export interface OpenOptions {
  signal?: AbortSignal;
  onProgress?(text: string): void;
  /** Told the folder that everything is written to; it is gone once the verifier is closed. */
  onFolder?(path: string): void;
}

/** How one scenario is verified. */
export interface VerifyOptions extends OpenOptions {
  /** Rounds of each mode; without it, as many as fit into the time. */
  rounds?: number;
  /** Seconds for the rounds of all modes. */
  seconds?: number;
  /** Aborted to end the run with what is known by then. */
  enough?: AbortSignal;
  /** What exploration found for the same scenario. */
  explored?: AdvisedResult;
  /** Whether the calls are also made through the generated lock and pool, if there is any finding; true by default. */
  remedies?: boolean;
  /** Also watches each access of the module, which takes a build of its own. */
  exact?: boolean;
}

/** The result, or why there is none. */
export type VerifyAnswer = { result: VerifyResult } | { failure: StressFailure };

/** A driver that was built in the user's module. */
export interface Verifier {
  readonly runtime: VerifyRuntime;
  /** Runs one scenario. Never rejects. */
  verify(job: StressJob, options: VerifyOptions): Promise<VerifyAnswer>;
  /** Ends what still runs, and removes everything that was written. */
  close(): void;
}

/** Seconds of rounds without another limit, and their shares. */
const DEFAULT_SECONDS = 10;
const SHARES: Readonly<Record<VerifyMode, number>> = {
  'interpreter-race': 0.4,
  interpreter: 0.3,
  compiler: 0.3,
  // Time of its own.
  watched: 0.4,
};
/** Seconds for a number of rounds that was asked for. */
const ROUNDS_SECONDS = 600;
/** Most rounds that are run because there is time. */
const MAX_ROUNDS = 1_000_000;
/** The race detector makes calls slower. */
const CALL_SECONDS: Readonly<Record<VerifyMode, number>> = {
  'interpreter-race': 15,
  interpreter: 5,
  compiler: 5,
  watched: 15,
};
/** The fastest first: an order that does not return there does not return elsewhere. */
const ORDER: readonly VerifyMode[] = ['compiler', 'interpreter', 'interpreter-race', 'watched'];
const LOAD_SECONDS = 120;
const SERIAL_SECONDS = 60;
/** Part of the seconds that each remedy has in addition, and its most rounds. */
const REMEDY_SHARE = 0.1;
const REMEDY_ROUNDS = 1000;
/** Most processes of one mode: each further one is because a serial order did not return. */
const MAX_PROCESSES = 8;

/**
 * Finds the Go module around a folder and builds the driver with its wazero; nothing in the module is written.
 * A failure says in one sentence why that is not possible.
 */
export async function openVerifier(
  goDir: string,
  options: OpenOptions = {},
): Promise<Verifier | { failure: StressFailure }> {
  const scratch = new DriverFolder();
  options.onFolder?.(scratch.folder);
  const refuse = (message: string): { failure: StressFailure } => {
    scratch.close();
    return { failure: options.signal?.aborted ? cancelled('verify') : { kind: 'unsupported-host', message } };
  };
  const module = await findGoModule(scratch, goDir, options.signal);
  if ('problem' in module) return refuse(module.problem);
  const drivers = await buildDrivers(scratch, module, options);
  if ('problem' in drivers) return refuse(drivers.problem);
  const interpreter = await interpreterSource(scratch, module, options.signal);
  const runtime = { go: module.go, wazero: module.wazero, module: module.path };
  const remedies = new RemedyRunner(scratch, module);
  return {
    runtime,
    verify: (job, how) => verified({ scratch, drivers, module, remedies, runtime, interpreter }, job, how),
    close: () => scratch.close(),
  };
}

interface Opened {
  scratch: DriverFolder;
  drivers: Drivers;
  module: GoModule;
  remedies: RemedyRunner;
  runtime: VerifyRuntime;
  /** Source of wazero's interpreter. */
  interpreter: string | undefined;
}

async function verified(opened: Opened, job: StressJob, options: VerifyOptions): Promise<VerifyAnswer> {
  let planned: ReturnType<typeof planVerify>;
  try {
    planned = planVerify(job);
  } catch (error) {
    if (error instanceof SessionError) return { failure: error.failure };
    throw error;
  }
  const base = {
    version: 1,
    kind: 'verify',
    module: job.name,
    scenario: job.scenario,
    host: job.scenario.host,
    model: planned.model,
    runtime: opened.runtime,
    explored: exploredPart(options.explored),
  } as const;
  if ('refused' in planned)
    return {
      result: { ...base, verdict: 'not-verified', runs: [], findings: [], remedies: [], notes: planned.refused },
    };
  const runs: VerifyRun[] = [];
  const detected: DetectedRun[] = [];
  const notes = [...opened.drivers.notes, ...planned.notes];
  const stuck: number[][] = [];
  const watched = options.exact ? watchedPlan(planned, job.name) : undefined;
  for (const mode of ORDER) {
    if (options.enough?.aborted) break;
    if (mode === 'watched' && watched === undefined) continue;
    if (runs.some(({ hang, rounds }) => hang?.alone === true && rounds === 0)) {
      notes.push(t('{0}: not run, since calls do not return, neither alone nor together.', modeText(mode)));
      continue;
    }
    const program =
      mode === 'watched' ? await watchedProgram(opened, watched, options) : programOf(opened.drivers, mode);
    if (typeof program !== 'string') {
      notes.push(t('{0}: not run, {1}.', modeText(mode), program.problem));
      continue;
    }
    const isWatched = mode === 'watched' && watched !== undefined && 'planned' in watched;
    const ran = await runMode(opened.scratch, program, isWatched ? watched.planned : planned, { mode, stuck }, options);
    if (options.signal?.aborted) return { failure: cancelled(job.name) };
    if (ran.stopped)
      notes.push(
        options.enough?.aborted
          ? t('{0}: ended early, as asked.', modeText(mode))
          : t('{0}: ended early, since its time was over.', modeText(mode)),
      );
    const { refusal } = ran.result ?? {};
    if (refusal !== undefined) return { failure: { ...refusal, message: `${job.name}: ${refusal.message}` } };
    const told = verifyRun(mode, ran, planned.plan, job.scenario);
    if (told === undefined) {
      if (ran.stopped) continue;
      notes.push(
        t(
          '{0}: the driver ended without a result ({1}): {2}',
          modeText(mode),
          String(ran.ended),
          ran.output.trim().split('\n')[0],
        ),
      );
      continue;
    }
    runs.push(told.run);
    if (isWatched) notes.push(...watched.planned.notes);
    if (mode === 'interpreter-race' || isWatched)
      detected.push({ mode, rounds: told.run.rounds, reported: ran.reported });
    notes.push(...told.notes);
    const { hang } = ran.result ?? {};
    if (hang !== undefined && hang.phase !== 'rounds' && hang.phase !== 'probe')
      notes.push(t('{0}: ended during {1}, which did not return in time.', modeText(mode), hang.phase));
  }
  runs.sort((a, b) => VERIFY_MODES.indexOf(a.mode) - VERIFY_MODES.indexOf(b.mode));
  const races = raceFindings(options.explored, detected, {
    prepared: planned.prepared,
    scenario: job.scenario,
    interpreter: opened.interpreter,
    sites: watched !== undefined && 'sites' in watched ? watched.sites : undefined,
  });
  notes.push(...races.notes);
  const findings = [...races.findings, ...hostFindings(options.explored, runs)];
  // Without a finding there is no advice to put to the test.
  const tried =
    findings.length > 0 && options.remedies !== false && options.enough?.aborted !== true
      ? await tryRemedies(opened, job, planned, options)
      : NOT_TRIED;
  if (options.signal?.aborted) return { failure: cancelled(job.name) };
  const result = { ...base, verdict: verdictOfHost(runs, findings), runs, findings, remedies: tried.remedies };
  return { result: { ...result, notes: [...notes, ...tried.notes] } };
}

function exploredPart(explored: AdvisedResult | undefined): VerifyResult['explored'] {
  if (explored === undefined) return null;
  const { verdict, wrongOutcome, exhaustive } = explored;
  return { verdict, wrongOutcome, exhaustive };
}

const NOT_TRIED: RemedyAnswers = { remedies: [], notes: [] };

function tryRemedies(
  { remedies, drivers }: Opened,
  job: StressJob,
  planned: PlannedVerify,
  { rounds, seconds, explored, signal, onProgress }: VerifyOptions,
): Promise<RemedyAnswers> {
  return remedies.run(job, prepare(job), planned, {
    rounds: Math.min(rounds ?? REMEDY_ROUNDS, REMEDY_ROUNDS),
    seconds: rounds === undefined ? (seconds ?? DEFAULT_SECONDS) * REMEDY_SHARE : ROUNDS_SECONDS,
    race: typeof drivers.race === 'string',
    ...{ explored, signal, onProgress },
  });
}

/** The driver that listens to a watched module. */
async function watchedProgram(
  { scratch, module, drivers }: Opened,
  watched: ReturnType<typeof watchedPlan> | undefined,
  { signal, onProgress }: VerifyOptions,
): Promise<string | { problem: string }> {
  if (watched === undefined || 'refusal' in watched) return { problem: lowered(watched?.refusal ?? t('not wanted')) };
  if (typeof drivers.race !== 'string') return programOf(drivers, 'interpreter-race');
  onProgress?.(t('building the driver that watches each access'));
  return buildWatchedDriver(scratch, module, watched.go, signal);
}

/** A sentence to go on another one. */
const lowered = (sentence: string): string => sentence[0].toLowerCase() + sentence.slice(1).replace(/[.。]$/, '');

function programOf({ plain, race }: Drivers, mode: VerifyMode): string | { problem: string } {
  if (mode === 'compiler' && process.arch !== 'x64' && process.arch !== 'arm64')
    return { problem: t('wazero has no compiler for {0}', process.arch) };
  if (mode !== 'interpreter-race') return plain;
  return typeof race === 'string' ? race : { problem: t('the race detector is not available: {0}', race.problem) };
}

/** Runs a mode; again where a serial order does not return, without the orders that begin like it: adds to `stuck`. */
async function runMode(
  scratch: DriverFolder,
  program: string,
  planned: PlannedVerify,
  { mode, stuck }: { mode: VerifyMode; stuck: number[][] },
  { rounds, seconds, signal, enough, onProgress }: VerifyOptions,
): Promise<DriverRun> {
  for (let processes = 1; ; processes++) {
    const ran = await runDriver(
      scratch,
      program,
      planned,
      {
        mode,
        stuck,
        rounds: rounds ?? MAX_ROUNDS,
        seconds: (seconds ?? (rounds === undefined ? DEFAULT_SECONDS : ROUNDS_SECONDS)) * SHARES[mode],
        callSeconds: CALL_SECONDS[mode],
        loadSeconds: LOAD_SECONDS,
        serialSeconds: SERIAL_SECONDS,
      },
      {
        signal,
        enough,
        onProgress: (phase, count) =>
          onProgress?.(`${modeText(mode).toLowerCase()}: ${phase === 'rounds' ? plural(count, 'round') : phase}`),
      },
    );
    const { hang } = ran.result ?? {};
    if (hang?.phase !== 'serial' || hang.began === null || processes >= MAX_PROCESSES) return ran;
    stuck.push(hang.began);
  }
}
