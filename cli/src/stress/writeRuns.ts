/** Writes what runs found, and says how much of it is new. */
import type { HammerReport, StressReport, VerifyReport } from '../../../core/report/report.ts';
import { BaselineRun } from '../findings/baselineRun.ts';
import { reportFilesFor } from '../findings/findingOptions.ts';
import type { Io } from '../io.ts';
import { writeReports } from '../writeReports.ts';
import type { StressOptions } from './stressOptions.ts';

/**
 * Whether a finding may make the command fail: with a baseline, only one that it does not have does. `complete`: whether
 * all scenarios were run.
 */
export async function writeRuns(
  report: StressReport | HammerReport | VerifyReport,
  options: StressOptions,
  complete: boolean,
  io: Io,
): Promise<boolean> {
  const files = await reportFilesFor(options);
  const baseline = await BaselineRun.open(options.findings, files);
  const fresh = baseline?.add(report);
  await writeReports([report], { command: report.command }, { ...options, files, isKnown: baseline?.isKnown }, io);
  await baseline?.end(complete, io);
  return fresh !== 0;
}
