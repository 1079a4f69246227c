/** `wasm-hazards merge`: results of the shares of a plan, of several machines, become the report of the whole plan. */
import { adviceOf } from '../../../core/advice/adviceOf.ts';
import type { AdvisedResult } from '../../../core/advice/advised.ts';
import { analyse } from '../../../core/analysis/analyse.ts';
import { DEFAULT_FORMAT } from '../../../core/report/formats.ts';
import { inputName } from '../../../core/report/sourcePlace.ts';
import type { CliCommand } from '../command.ts';
import { FINDING_HELP, FINDING_OPTIONS, findingOptions } from '../findings/findingOptions.ts';
import { readStressInput, type StressInput } from '../input/stressInput.ts';
import { type ExitCode, type Io, UsageError } from '../io.ts';
import { FORMAT_HELP, formatOf, parseCommandLine, SOURCE_HELP, SOURCE_OPTIONS, sourceOptions } from '../options.ts';
import { MORE_TIME, type PlanRun, runNotes } from '../stress/runScenarios.ts';
import { bytesKey } from '../stress/shard.ts';
import { type ExploredPlan, tellRun } from '../stress/stress.ts';
import { parseStressOptions, type StressOptions } from '../stress/stressOptions.ts';
import { inSource, reportExplored } from '../stress/stressReports.ts';
import { openRunFindings } from '../stress/writeRuns.ts';
import { missingText, readShares, type Shares } from './readShares.ts';

const HELP = `wasm-hazards merge: put the results of several machines together

Usage: wasm-hazards merge RESULT.json... [options]

Each RESULT.json is what wasm-hazards stress --shard I/N --format json wrote. The report and the exit code are those of
wasm-hazards stress without --shard. Nothing is run.

Options:
      --module FILE       the module that was run (default: the file that the results name)
      --format FORMAT     ${FORMAT_HELP}
      --full              show all races and all steps of the trace
${FINDING_HELP}
${SOURCE_HELP}
  -h, --help              print this help

Exit codes: those of stress. Where a result is missing, its scenarios were not run.
`;

/** Merges what `stress --shard` wrote. */
export const MERGE: CliCommand = {
  summary: 'put the results of several machines together',
  help: HELP,
  run,
};

async function run(args: string[], io: Io): Promise<ExitCode> {
  const { values, positionals } = parseCommandLine('merge', args, {
    module: { type: 'string' },
    format: { type: 'string', default: DEFAULT_FORMAT },
    full: { type: 'boolean', default: false },
    ...SOURCE_OPTIONS,
    ...FINDING_OPTIONS,
  } as const);
  if (positionals.length === 0) throw new UsageError('merge: no results given');
  const read = await readShares(positionals);
  const { module, shard } = read.shares[0];
  const format = formatOf('merge', values.format);
  const options: StressOptions = {
    // The words of `stress` that the plan was made with.
    ...parseStressOptions('stress', [`--host=${shard.host}`, `--model=${shard.model}`, '--', values.module ?? module]),
    suspending: [...shard.suspending],
    source: sourceOptions('merge', values),
    format,
    findings: findingOptions('merge', format, values),
    full: values.full,
  };
  const input = await readStressInput(options.file, undefined, { ...options, ask: io.ask }, io.stdin);
  if (bytesKey(input.bytes) !== shard.moduleHash)
    throw new UsageError(`merge: ${inputName(options.file)} is not the module that was run; name it with --module`);
  const findings = await openRunFindings(options, input);
  const whole = merged(read, options, input);
  for (const { title, failure } of whole.ran.failures) io.err(`wasm-hazards: ${title}: ${failure.message}`);
  if (whole.report === undefined) io.err(`wasm-hazards: merge: ${whole.ran.notes.join(' ')}`);
  return tellRun(whole, { options, input, findings }, io);
}

/** The run of the whole plan, as far as its shares are there. */
function merged({ shares, missing }: Shares, options: StressOptions, input: StressInput): ExploredPlan {
  const [{ shard }] = shares;
  const { host, model, suspending, scenarios, untested, count } = shard;
  const results = shares.flatMap(({ results, shard: { ran } }) =>
    results.map(({ title, ...result }, i) => ({ at: ran[i], title, result: result as AdvisedResult })),
  );
  const failures = shares.flatMap(({ failures, shard: { failed } }) =>
    failures.map(({ title, ...failure }, i) => ({ at: failed[i], title, failure })),
  );
  const inPlan = (a: { at: number }, b: { at: number }): number => a.at - b.at;
  const notRun = scenarios - results.length - failures.length;
  const interrupted = shares.some((share) => share.shard.interrupted);
  const advice = interrupted || missing.length > 0 ? undefined : MORE_TIME;
  const ran: PlanRun<AdvisedResult> = {
    results: results.sort(inPlan),
    failures: failures.sort(inPlan),
    notRun,
    notes: [
      ...(missing.length > 0 ? [missingText(missing, count)] : []),
      ...runNotes(notRun, scenarios, { interrupted, advice }),
    ],
  };
  const analysis = analyse(input.module, { host, model, suspending });
  if (results.length === 0) return { report: undefined, ran, untested, analysis };
  const found = ran.results.map(({ result }) => result);
  const report = reportExplored(
    { ...ran, notes: [...shard.notes, ...ran.notes] },
    { options, input, advice: adviceOf(input.module, analysis, found) },
  );
  return { report: inSource(report, input), ran, untested, analysis };
}
