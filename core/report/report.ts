/**
 * What a command found, as plain data. Commands make reports and know nothing of text; output formats
 * (formats.ts) turn reports into text and know nothing of commands.
 */

import type { Advice } from '../advice/advice.ts';
import type { AdvisedResult } from '../advice/advised.ts';
import type { HostId } from '../hosts/index.ts';
import type { SharingModel } from '../hosts/profile.ts';
import type { HammerResult } from '../stress/hammer/hammerResult.ts';
import type { StressFailure } from '../stress/session/failure.ts';
import type { VerifyResult } from '../verify/model.ts';
import type { Wrapper } from '../wrap/wrapper.ts';
import type { CheckedModule } from './checkedModule.ts';
import { replayCommand } from './replayCommand.ts';

/** Version of the product; a test compares it with package.json, which a bundle does not carry. */
export const VERSION = '0.1.0';

/** Told apart by `command`. */
export type Report = CheckReport | StressReport | HammerReport | VerifyReport | WrapReport;

/** One module that `check` has analysed. A run over several files makes a report of each module. */
export interface CheckReport {
  command: 'check';
  checked: CheckedModule;
}

/** One scenario that was run. */
export interface ScenarioRun<Result> {
  /** Name of the scenario in its plan; empty for the one scenario that was given. */
  title: string;
  result: Result;
  /** The command that replays a schedule of the scenario, without the schedule. */
  replay?: string;
}

/** What was run: the one scenario that the user gave, or a plan of many. */
export interface ScenarioReport<Result> {
  /** How the report calls the module. */
  module: string;
  /** Whether the scenarios are those of a plan. If not, there is exactly one run. */
  planned: boolean;
  /** At least one. */
  runs: readonly ScenarioRun<Result>[];
  /** Scenarios that could not be run, and why. */
  failures: readonly { title: string; failure: StressFailure }[];
  /** Sentences about all of it. */
  notes: readonly string[];
  /** The module itself, for formats that show its verdict and its matrix beside the runs. */
  checked?: CheckedModule;
}

/** A share of the scenarios of a plan, for one of several machines; `wasm-hazards merge` puts all of them together. */
export interface Shard {
  /** Which share, from 1, of how many. */
  index: number;
  count: number;
  /** SHA-256 of the plan with the version of the product, and of the module's bytes. */
  plan: string;
  moduleHash: string;
  /** What the plan was made for, as it was given. */
  host: HostId;
  model: SharingModel | 'auto';
  suspending: readonly string[];
  /** Of the whole plan: its scenarios, the pairs that it has no scenario for, and what it says of itself. */
  scenarios: number;
  untested: number;
  notes: readonly string[];
  /** Positions in the plan of the results and of the failures, in their order. */
  ran: readonly number[];
  failed: readonly number[];
  /** The user ended the run. */
  interrupted: boolean;
}

/** What `stress` or `replay` found. */
export interface StressReport extends ScenarioReport<AdvisedResult> {
  command: 'stress';
  /** About the whole module, from all runs of a plan; a single run carries its own. */
  advice: readonly Advice[];
  /** Of a share of a plan: which one. There may then be no runs. */
  shard?: Shard;
  /** Where an instruction is: `12:5`, line and column of the source, or a byte offset. Byte offsets if absent. */
  place?(func: number, offset: number): string;
  /** Name of the source that lines and columns refer to; undefined for a binary. */
  source?: string;
}

/** What `hammer` found. */
export interface HammerReport extends ScenarioReport<HammerResult> {
  command: 'hammer';
}

/** What `verify` saw on the user's own host. */
export interface VerifyReport extends ScenarioReport<VerifyResult> {
  command: 'verify';
  /** Whether texts have everything that Go wrote. */
  goOutput: boolean;
}

/** The code that `wrap` generated. */
export interface WrapReport {
  command: 'wrap';
  wrapper: Wrapper;
}

/** What is known before the first report of a run. */
export interface ReportContext {
  command: Report['command'];
  /** Of `check`: the host that was asked for; `auto` when each module has its own. */
  host?: HostId | 'auto';
}

const single = { planned: false, failures: [], notes: [] };

/** A report of one result of exploration. */
export const stressReportOf = (
  result: AdvisedResult,
  places: Pick<StressReport, 'place' | 'source'> = {},
): StressReport => ({
  command: 'stress',
  module: result.module,
  ...single,
  runs: [{ title: '', result, replay: replayCommand(result) }],
  advice: [],
  ...places,
});

/** A report of one result of real parallel calls. */
export const hammerReportOf = (result: HammerResult): HammerReport => ({
  command: 'hammer',
  module: result.module,
  ...single,
  runs: [{ title: '', result }],
});

/** A report of one result on the user's own host, without what Go wrote. */
export const verifyReportOf = (result: VerifyResult): VerifyReport => ({
  command: 'verify',
  module: result.module,
  ...single,
  runs: [{ title: '', result }],
  goOutput: false,
});
