/** Builds and runs the program of remedies: the generated lock and pool of a module, on the user's wazero. */

import { createHash } from 'node:crypto';
import type { AdvisedResult } from '../../core/advice/advised.ts';
import type { StressJob } from '../../core/stress/session/job.ts';
import type { Preparation } from '../../core/stress/session/preparation.ts';
import { type Message, message, t, translated } from '../../core/text/l10n.ts';
import type { GeneratedRemedy, VerifyRemedy } from '../../core/verify/model.ts';
import type { PlannedVerify } from '../../core/verify/plan.ts';
import {
  type RemedyRunResult,
  type RemedySources,
  remedyPlan,
  remedySources,
  verifiedRemedy,
} from '../../core/verify/remedies/remedies.ts';
import { buildProgram } from './buildDriver.ts';
import { driverFiles } from './driverFiles.ts';
import type { DriverFolder } from './driverFolder.ts';
import type { GoModule } from './goModule.ts';
import { runDriver } from './runDriver.ts';

/** Folder of the package in the user's module; it exists in the overlay only. */
const PACKAGE = 'internal/wasmhazardsremedies';
/** The program has a main function of its own, in remedy.go, which other programs leave out. */
const MAIN = 'main.go';
const TAG = 'wasmhazardsremedies';
const CALL_SECONDS = 5;
const LOAD_SECONDS = 60;

/** How remedies are run. */
export interface RemedyOptions {
  /** Seconds and rounds of each remedy. */
  seconds: number;
  rounds: number;
  /** Whether the race detector can be built. */
  race: boolean;
  signal?: AbortSignal;
  onProgress?(text: string): void;
}

/** What remedies showed, and why others were not run. */
export interface RemedyAnswers {
  remedies: VerifyRemedy[];
  notes: string[];
}

/** Programs of one Go module, by what they were built from: scenarios of one module have the same. */
export class RemedyRunner {
  private readonly scratch: DriverFolder;
  private readonly module: GoModule;
  private readonly programs = new Map<string, Promise<string | { problem: string }>>();

  constructor(scratch: DriverFolder, module: GoModule) {
    this.scratch = scratch;
    this.module = module;
  }

  /** Runs the remedies that fit. Never rejects. */
  run(
    job: StressJob,
    prepared: Preparation,
    planned: Pick<PlannedVerify, 'plan'>,
    options: RemedyOptions & { explored: AdvisedResult | undefined },
  ): Promise<RemedyAnswers> {
    return this.runSources(job, remedySources(job, prepared, options.explored), planned, options);
  }

  /** The same with sources that are made already. */
  async runSources(
    job: StressJob,
    { files, remedies, notes }: RemedySources,
    { plan }: Pick<PlannedVerify, 'plan'>,
    { seconds, rounds, race, signal, onProgress }: RemedyOptions,
  ): Promise<RemedyAnswers> {
    const answers: RemedyAnswers = { remedies: [], notes: [...notes] };
    if (remedies.length === 0) return answers;
    onProgress?.(t('building the generated lock and pool'));
    const program = await this.program(files, race, signal);
    if (signal?.aborted) return answers;
    if (typeof program !== 'string') {
      answers.notes.push(t('The generated code does not build in {0}: {1}.', this.module.path, program.problem));
      return answers;
    }
    for (const remedy of remedies) {
      onProgress?.(translated(RUNNING[remedy]));
      const { result, reported, output, ended } = await runDriver<RemedyRunResult>(
        this.scratch,
        program,
        { plan: remedyPlan(plan, job, remedy), files: new Map([[plan.wasm, job.bytes]]) },
        {
          ...{ mode: race ? 'interpreter-race' : 'interpreter', stuck: [], rounds, seconds },
          ...{ callSeconds: CALL_SECONDS, loadSeconds: LOAD_SECONDS, serialSeconds: LOAD_SECONDS },
        },
        { signal },
      );
      if (signal?.aborted) return answers;
      if (result?.refused !== undefined) {
        answers.notes.push(translated(COULD_NOT_RUN[remedy], result.refused));
        continue;
      }
      const text = [...reported.map((one) => one.text), output].join('\n').trim();
      const reports = text.split('WARNING: DATA RACE').length - 1;
      answers.remedies.push(
        verifiedRemedy(remedy, result, { reports, race, output: text, ended: endText(text, ended) }),
      );
    }
    return answers;
  }

  private program(
    files: ReadonlyMap<string, string>,
    race: boolean,
    signal: AbortSignal | undefined,
  ): Promise<string | { problem: string }> {
    const driver = Object.entries(driverFiles()).filter(([name]) => name !== MAIN);
    const sources = { ...Object.fromEntries(driver), ...Object.fromEntries(files) };
    const key = createHash('sha256')
      .update(JSON.stringify([sources, race]))
      .digest('hex')
      .slice(0, 16);
    const known = this.programs.get(key);
    if (known !== undefined) return known;
    const built = buildProgram(this.scratch, this.module, {
      name: `remedies-${key}`,
      package: PACKAGE,
      sources,
      flags: ['-tags', TAG],
      race,
      signal,
    });
    this.programs.set(key, built);
    return built;
  }
}

const RUNNING: Readonly<Record<GeneratedRemedy, Message>> = {
  mutex: message('running the generated lock'),
  pool: message('running the generated pool'),
};
const COULD_NOT_RUN: Readonly<Record<GeneratedRemedy, Message>> = {
  mutex: message('The generated lock could not be run: {0}.'),
  pool: message('The generated pool could not be run: {0}.'),
};

/** The line that says why a program ended. */
function endText(output: string, ended: number | string): string {
  const lines = output.split('\n').filter((line) => line.trim() !== '');
  const reason = lines.find((line) => /^(?:fatal error|panic|unexpected fault|runtime:)/.test(line));
  return reason ?? lines[0] ?? (typeof ended === 'string' ? ended : t('exit code {0}', ended));
}
