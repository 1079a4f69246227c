/** For tests: the accesses of recorded calls that the analysis does not claim, as lines. */
import { Coverage, type RunAccess, type RunCall } from '../../../analysis/testing/covers.ts';
import { effectText } from '../../../analysis/testing/facts.ts';
import { completeScenario, type Scenario, type ScenarioFile } from '../../scenario/scenario.ts';
import { type RecordedRun, recordedRun } from './recordedProtocol.ts';
import type { RecordedCall } from './recorder.ts';

/** `f1(1088, 3): write memory[0] [1096,1100) at 0x123 is none of ...` for each access of a call that no effect covers. */
export function uncoveredIn(coverage: Coverage, call: RecordedCall, offsets: readonly number[]): string[] {
  return call.accesses
    .filter((access) => !coverage.isCovered(call, access))
    .map((access) => lineOf(coverage, call, access, offsets[access.site]));
}

function lineOf(coverage: Coverage, call: RunCall, access: RunAccess, offset: number): string {
  const what = `${access.access} ${access.kind}[${access.index}] [${access.start},${access.end})`;
  const claims = coverage.claims(call.func).map(effectText).join('; ');
  const fresh = access.fresh ? ' of a fresh block' : '';
  return `${coverage.nameOf(call.func)}(${call.args.join(', ')}): ${what}${fresh} at 0x${offset.toString(16)} is none of ${claims}`;
}

/** A run with what is not covered in it. */
export interface CheckedRun extends RecordedRun {
  uncovered: string[];
  accesses: number;
  tally: Coverage['tally'];
}

/** Runs the steps of a scenario one after the other, see `recordedRun`. */
export async function checkedRun(
  bytes: Uint8Array,
  scenario: Scenario,
  most?: number,
  every?: boolean,
): Promise<CheckedRun> {
  const run = await recordedRun(bytes, scenario, most, every);
  const coverage = new Coverage(run.module, run.analysis, run);
  return {
    ...run,
    uncovered: run.calls.flatMap((call) => uncoveredIn(coverage, call, run.offsets)),
    accesses: run.calls.reduce((sum, { accesses }) => sum + accesses.length, 0),
    tally: coverage.tally,
  };
}

/** The same for a scenario file. */
export const checkedFile = (
  bytes: Uint8Array,
  file: ScenarioFile,
  most?: number,
  every?: boolean,
): Promise<CheckedRun> =>
  checkedRun(bytes, completeScenario({ model: 'shared-instance', ...file }, 'wazero'), most, every);
