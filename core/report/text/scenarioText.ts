/** What was run, as text: the one result in detail, or a line for each scenario of a plan and the worst in detail. */
import type { AdvisedResult } from '../../advice/advised.ts';
import { displayable } from '../../harmless/names.ts';
import { severityOfResult } from '../../stress/explore/headlines.ts';
import type { HammerResult } from '../../stress/hammer/hammerResult.ts';
import type { VerifyResult } from '../../verify/model.ts';
import type { Presentation } from '../outputFormat.ts';
import type { HammerReport, ScenarioReport, ScenarioRun, StressReport, VerifyReport } from '../report.ts';
import { hammerVerdict, verdictText } from '../verdicts.ts';
import { verifyVerdict } from '../verifyVerdict.ts';
import { adviceBlock } from './adviceText.ts';
import { hammerText } from './hammerText.ts';
import { stressText } from './stressText.ts';
import { verifyText } from './verifyText.ts';

/** Exploration: the plan, the advice about the module, the worst result unless all are safe. */
export function* stressReportText(report: StressReport, presentation: Presentation): Generator<string> {
  const detail = ({ result, replay }: ScenarioRun<AdvisedResult>): string =>
    stressText(result, {
      ...presentation,
      place: report.place,
      source: report.source,
      replay,
      withoutAdvice: report.planned,
    });
  if (!report.planned) {
    yield detail(singleRun(report));
    return;
  }
  yield planLines(report, verdictText);
  const advised = adviceBlock(report.advice, presentation, presentation.columns);
  if (advised !== '') yield `\n${advised}`;
  const worst = worstRun(report, severityOfResult);
  const shown = severityOfResult(worst.result) > 0 ? [worst] : [];
  // What has to be reported is shown whichever result is the worst.
  const [defective] = report.runs.filter(({ result }) => result.defects.length > 0);
  if (defective !== undefined && !shown.includes(defective)) shown.push(defective);
  for (const run of shown) yield `\n${detail(run)}`;
}

/** Parallel calls: the plan and the worst result. */
export function* hammerReportText(report: HammerReport, presentation: Presentation): Generator<string> {
  const detail = ({ result, replay }: ScenarioRun<HammerResult>): string =>
    hammerText(result, { ...presentation, replay });
  if (!report.planned) {
    yield detail(singleRun(report));
    return;
  }
  yield planLines(report, hammerVerdict);
  yield `\n${detail(worstRun(report, hammerRank))}`;
}

/** The user's own host: the plan, and each result with findings. */
export function* verifyReportText(report: VerifyReport, presentation: Presentation): Generator<string> {
  const detail = ({ result }: ScenarioRun<VerifyResult>): string =>
    verifyText(result, { ...presentation, goOutput: report.goOutput });
  if (!report.planned) {
    yield detail(singleRun(report));
    return;
  }
  yield planLines(report, verifyVerdict);
  for (const run of report.runs) if (run.result.findings.length > 0) yield `\n${detail(run)}`;
}

/** The one run, with the notes about it. */
function singleRun<Result extends { notes: string[] }>({ runs, notes }: ScenarioReport<Result>): ScenarioRun<Result> {
  const [run] = runs;
  return { ...run, result: { ...run.result, notes: [...run.result.notes, ...notes] } };
}

const worstRun = <Result>({ runs }: ScenarioReport<Result>, rank: (result: Result) => number): ScenarioRun<Result> =>
  runs.toSorted((a, b) => rank(b.result) - rank(a.result))[0];

const HAMMER_RANK: Readonly<Record<HammerResult['verdict'], number>> = {
  'not-judged': 0,
  'none-seen': 1,
  'wrong-outcome': 2,
  hang: 3,
};

/** Within a verdict, the frequency of wrong outcomes decides, or whether exploration shows a wrong one. */
function hammerRank({ verdict, rounds, wrongRounds, explored }: HammerResult): number {
  if (verdict === 'wrong-outcome') return HAMMER_RANK[verdict] + Math.min(wrongRounds / Math.max(rounds, 1), 0.99);
  return HAMMER_RANK[verdict] + (explored?.wrongOutcome === true ? 0.5 : 0);
}

/** A line for each scenario, then the notes. */
function planLines<Result>(
  { runs, failures, notes }: ScenarioReport<Result>,
  verdict: (result: Result) => string,
): string {
  const lines = [
    ...runs.map(({ title, result }) => ({ title, text: verdict(result) })),
    ...failures.map(({ title, failure }) => ({ title, text: `not run: ${displayable(failure.message, 400)}` })),
  ];
  const width = Math.max(...lines.map(({ title }) => title.length));
  return [
    ...lines.map(({ title, text }) => `${title.padEnd(width)}  ${text}\n`),
    ...notes.map((note) => `Note: ${note}\n`),
  ].join('');
}
