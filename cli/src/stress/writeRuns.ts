/** Writes what runs found, and says how much of it is new. */
import type { HammerReport, StressReport, VerifyReport } from '../../../core/report/report.ts';
import { inputOfName } from '../../../core/report/sourcePlace.ts';
import { type FindingContext, openFindings } from '../findings/baselineRun.ts';
import { assertOwnText } from '../findings/writtenText.ts';
import type { StressInput } from '../input/stressInput.ts';
import type { Io } from '../io.ts';
import { writeReports } from '../writeReports.ts';
import type { StressOptions } from './stressOptions.ts';

/**
 * Whether a finding may make the command fail: with a baseline, only one that it does not have does. `complete`: whether
 * all scenarios were run.
 */
export async function writeRuns(
  report: StressReport | HammerReport | VerifyReport,
  { options, findings: { files, baseline }, complete }: RunsToWrite,
  io: Io,
): Promise<boolean> {
  const fresh = baseline?.add(report);
  await writeReports([report], { command: report.command }, { ...options, files, isKnown: baseline?.isKnown }, io);
  await baseline?.end(complete, io);
  return fresh !== 0;
}

interface RunsToWrite {
  options: StressOptions;
  findings: FindingContext;
  complete: boolean;
}

/** What is needed for findings, before anything is run. @throws UsageError for what would make the run useless */
export async function openRunFindings(options: StressOptions, { name, source }: StressInput): Promise<FindingContext> {
  if (options.findings.sarifText && source === undefined) await assertOwnText(inputOfName(name));
  return openFindings(options);
}
