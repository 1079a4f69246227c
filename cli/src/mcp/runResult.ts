/** What `stress` and `replay` found, as small data. The JSON of the command line has all of it. */
import * as z from 'zod';
import type { AdvisedResult } from '../../../core/advice/advised.ts';
import type { StressReport } from '../../../core/report/report.ts';
import { stepsSyntax } from '../../../core/report/stepSyntax.ts';
import { furtherVerdicts, verdictText } from '../../../core/report/verdicts.ts';
import { reorderedText } from '../../../core/report/view/scheduleFindings.ts';
import { HEADLINES, headlinesOf, severityOfResult } from '../../../core/stress/explore/headlines.ts';
import type { WrongOutcome } from '../../../core/stress/explore/result.ts';
import { importsFileOf } from '../../../core/stress/scenario/scenario.ts';
import type { StressOptions } from '../stress/stressOptions.ts';
import { shownName, shownSentence } from './bounds.ts';

/** Most of each list. */
const MAX_RUNS = 24;
/** Runs of which races and wrong outcomes are listed. */
const DETAILED = 8;
const MAX_CLAUSES = 6;
const MAX_RACES = 5;
const MAX_WRONG = 3;
const MAX_ADVICE = 8;
const MAX_NOTES = 10;
/** Names of exports of one piece of advice. */
const MAX_EXPORTS = 20;

const PARTY = z.object({
  caller: z.string(),
  access: z.string(),
  op: z.string(),
  function: z.string(),
  place: z.string().describe('Line and column of a text, or the byte offset in the binary.'),
});
const RACE = z.object({
  cell: z.string(),
  variable: z.string().optional().describe('Name of the same bytes in the source.'),
  a: PARTY,
  b: PARTY,
  schedule: z.string(),
});
const WRONG = z.object({
  results: z.array(z.array(z.string())).describe('Results of the calls of each caller.'),
  probe: z.array(z.string()),
  schedule: z.string(),
});
const REPLAY = z
  .object({
    file: z.string(),
    scenario: z.string().optional(),
    calls: z.array(z.string()).optional(),
    callers: z.number().optional(),
    setup: z.string().optional(),
    probe: z.string().optional(),
    host: z.string(),
    model: z.string(),
    unit: z.string(),
    schedule: z.string(),
  })
  .describe('Arguments for the tool replay, which show the finding again.');
const STORE_BUFFERS = z
  .object({
    text: z.string(),
    wrongOutcomes: z.array(WRONG).describe('Of the worst runs, the first few.'),
    wrongOutcomesTotal: z.number(),
    hang: z.object({ text: z.string(), schedule: z.string() }).optional(),
    replay: REPLAY.optional(),
  })
  .describe(
    'What is wrong only where hardware reorders stores: plain stores of a thread wait in its store buffer (x86-TSO) while it reads on. Not part of verdict, races, wrongOutcomes and hang.',
  );
const RUN = z.object({
  title: z.string(),
  verdict: z.enum(HEADLINES),
  text: z.string(),
  also: z.array(z.string()).describe('What else was found.'),
  host: z.string(),
  model: z.string(),
  unit: z.string(),
  calls: z.array(z.string()).describe('The calls of each caller.'),
  exhaustive: z
    .boolean()
    .describe('Whether every schedule that matters was explored, under the stated model and these calls.'),
  schedules: z.number(),
  races: z.array(RACE).describe('Of the worst runs, the first few.'),
  racesTotal: z.number(),
  wrongOutcomes: z.array(WRONG),
  wrongOutcomesTotal: z.number(),
  hang: z.string().optional(),
  storeBuffers: STORE_BUFFERS.optional(),
  restsOn: z.array(z.string()).describe('What the result takes for granted.'),
  defects: z.array(z.string()).describe('Defects of wasm-hazards itself: the result cannot be relied on.'),
  replay: REPLAY.optional(),
});

/** The schema of the data. */
export const RUN_RESULT = z.object({
  module: z.string(),
  verdict: z.enum(HEADLINES).describe('The worst of all runs. safe is about the calls that were run and no others.'),
  runs: z.array(RUN).describe('The worst first.'),
  runsTotal: z.number(),
  failures: z.array(z.string()).describe('What could not be run.'),
  advice: z.array(
    z.object({ remedy: z.string(), exports: z.array(z.string()), text: z.string(), checked: z.string() }),
  ),
  notes: z.array(z.string()),
});

/** `problems`: what was written to standard error. */
export function runData(
  report: StressReport,
  options: StressOptions,
  problems: readonly string[],
): z.infer<typeof RUN_RESULT> {
  const runs = report.runs.toSorted((a, b) => severityOfResult(b.result) - severityOfResult(a.result));
  const advice = report.planned ? report.advice : runs.flatMap(({ result }) => result.advice);
  return {
    module: shownName(report.module),
    verdict: headlinesOf(runs[0].result)[0],
    runs: runs.slice(0, MAX_RUNS).map(({ title, result }, rank) => ({
      ...oneRun(title, result, report, options),
      ...(rank < DETAILED ? {} : LISTED_ONLY),
      storeBuffers: storeBufferData(result, options, rank < DETAILED ? MAX_WRONG : 0),
    })),
    runsTotal: runs.length,
    failures: problems.slice(0, MAX_NOTES).map(shownSentence),
    advice: advice.slice(0, MAX_ADVICE).map(({ remedy, exports, text, checked }) => ({
      remedy,
      exports: exports.slice(0, MAX_EXPORTS).map(shownName),
      text: shownSentence(text),
      checked: shownSentence(checked.text),
    })),
    notes: report.notes.slice(0, MAX_NOTES).map(shownSentence),
  };
}

/** What replaces the lists of a run that is not among the worst. */
const LISTED_ONLY = { races: [], wrongOutcomes: [] };

function oneRun(
  title: string,
  result: AdvisedResult,
  report: StressReport,
  options: StressOptions,
): Omit<z.infer<typeof RUN>, 'storeBuffers'> {
  const { host, model, unit, exhaustive, explored, races, outcomes, hang, restsOn, defects, scenario } = result;
  return {
    title: shownName(title),
    verdict: headlinesOf(result)[0],
    text: shownSentence(verdictText(result)),
    also: furtherVerdicts(result).map(shownSentence),
    host,
    model,
    unit,
    calls: scenario.callers.map((steps) => shownSentence(stepsSyntax(steps) ?? JSON.stringify(steps))),
    exhaustive,
    schedules: explored.schedules,
    races: races.slice(0, MAX_RACES).map(({ cell, variable, a, b, schedule }) => ({
      cell: shownName(cell),
      variable: variable && shownName(variable.name),
      a: party(a, result, report),
      b: party(b, result, report),
      schedule,
    })),
    racesTotal: races.length,
    wrongOutcomes: outcomes.wrong.slice(0, MAX_WRONG).map(wrongData),
    wrongOutcomesTotal: outcomes.wrong.length,
    hang: hang === null ? undefined : shownSentence(hang.cause.text),
    restsOn: restsOn.slice(0, MAX_CLAUSES).map(shownSentence),
    defects: defects.slice(0, MAX_CLAUSES).map(({ text }) => shownSentence(text)),
    replay: replayArguments(result, options),
  };
}

const wrongData = ({ results, probe, schedule }: WrongOutcome): z.infer<typeof WRONG> => ({
  results: results.map((calls) => calls.map(shownName)),
  probe: probe.map(shownName),
  schedule,
});

/** Undefined where store buffers add nothing. `most`: wrong outcomes that are listed. */
function storeBufferData(
  result: AdvisedResult,
  options: StressOptions,
  most: number,
): z.infer<typeof STORE_BUFFERS> | undefined {
  const { storeBuffers } = result;
  if (storeBuffers === undefined) return undefined;
  const { wrong, hang } = storeBuffers;
  if (wrong.length === 0 && hang === null) return undefined;
  return {
    text: reorderedText(result),
    wrongOutcomes: wrong.slice(0, most).map(wrongData),
    wrongOutcomesTotal: wrong.length,
    hang: hang === null ? undefined : { text: shownSentence(hang.cause.text), schedule: hang.schedule },
    replay: replayArguments({ ...result, schedule: storeBuffers.schedule }, options),
  };
}

type Party = AdvisedResult['races'][number]['a'];

const party = (
  { caller, access, op, func, offset }: Party,
  { functions }: AdvisedResult,
  { place }: StressReport,
): z.infer<typeof PARTY> => ({
  caller: String.fromCharCode('A'.charCodeAt(0) + caller),
  access,
  op,
  function: shownName(functions[func] ?? `func[${func}]`),
  place: place?.(func, offset) ?? String(offset),
});

/** Undefined where there is no schedule, or where only a scenario file could say what was run. */
function replayArguments(
  { schedule, scenario, host, model, unit }: AdvisedResult,
  { file, scenario: path }: StressOptions,
): z.infer<typeof REPLAY> | undefined {
  if (schedule === null) return undefined;
  const about = { file, host, model, unit, schedule };
  if (path !== undefined || /\.stress\.json$/i.test(file)) return { ...about, scenario: path };
  const { setup, callers, probe } = scenario;
  const syntax = [setup, probe, ...callers].map(stepsSyntax);
  const plain = importsFileOf(scenario) === undefined && scenario.repeats === undefined && scenario.life === 'auto';
  if (!plain || syntax.includes(undefined)) return undefined;
  const [before, after, ...calls] = syntax.map((text) => text ?? '');
  return {
    ...about,
    calls,
    // One call alone would mean two callers.
    callers: calls.length,
    setup: before === '' ? undefined : before,
    probe: after === '' ? undefined : after,
  };
}
