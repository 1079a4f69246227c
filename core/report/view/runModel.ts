/** What the report shows of runs, as plain data. Sentences are whole; names in them are harmless. */

import type { Headline } from '../../stress/explore/headlines.ts';
import type { CostVariant, HammerVerdict, OutcomeKind } from '../../stress/hammer/hammerResult.ts';
import type { VerifyFinding, VerifyVerdict } from '../../verify/model.ts';
import type { ScheduleView } from './scheduleView.ts';

/** What runs have shown, each list with at most one entry of a scenario. */
export interface RunsView {
  runs: RunView[];
  hammer: HammerView[];
  verify: VerifyView[];
  /** The runs are of an earlier state of the module. */
  stale?: boolean;
}

/** The calls of a scenario. */
export interface ScenarioView {
  /** The same for all results of one scenario. */
  key: string;
  /** Name in a plan; empty if it has none. */
  title: string;
  setup: string;
  /** `A`, and what it calls. */
  callers: { name: string; calls: string }[];
  probe: string;
}

/** A place of the module, for a link. */
export interface PlaceView {
  text: string;
  /** Byte offset; absent for what is in no code. */
  offset?: number;
}

/** What exploration has shown of a scenario. */
export interface RunView {
  scenario: ScenarioView;
  /** All that it shows, the worst first; at least one. */
  headlines: Headline[];
  /** A sentence for each of them. */
  texts: string[];
  /** How far the exploration went. */
  explored: string;
  /** What a result without a finding takes for granted, a clause each. */
  restsOn: string[];
  /** Host hazards first, then data races; at most as many as were asked for, of `metTotal`. */
  met: MeetingView[];
  metTotal: number;
  /** Where callers hang; sentences and places. */
  hang?: { text: string; callers: { name: string; does: string; place: PlaceView }[] };
  /** Wrong outcomes, then those of serial orders. */
  outcomes: OutcomeView[];
  advice: AdviceView[];
  /** Its findings with the schedules that show them; absent where it found nothing of that kind. */
  played?: ScheduleView;
  notes: string[];
}

/** Two operations that met: a data race or a host hazard. */
export interface MeetingView {
  kind: 'race' | 'host-hazard';
  /** What they met at. */
  cell: string;
  /** What it does to the host; only of host hazards. */
  harm?: string;
  parties: { caller: string; does: string; place: PlaceView }[];
  /** Shows it; empty where every schedule does. */
  schedule: string;
}

/** A piece of advice. */
export interface AdviceView {
  text: string;
  because: string[];
  /** How it was checked. */
  checked: string;
  wasChecked: boolean;
}

/** An outcome of the calls: results as text, one for each caller, and of the probe where there is one. */
export interface OutcomeView {
  kind: OutcomeKind;
  results: string[];
  /** What it means. */
  text: string;
  /** In how many rounds it was seen; absent in explorations. */
  samples?: number;
  /** Share of all rounds, 0 to 1, with its words; only of enough rounds. */
  share?: number;
  shareText?: string;
  /** How the final state differs. */
  state: string[];
  /** Shows it. */
  schedule?: string;
}

/** Outcomes that were counted. */
export interface CountedView {
  /** How many rounds, how many outcomes, how they were judged; sentences without a full stop. */
  text: string;
  rounds: number;
  outcomes: OutcomeView[];
  /** Outcomes beyond those that are listed. */
  more: number;
}

/** What parallel calls have shown of a scenario. */
export interface HammerView {
  scenario: ScenarioView;
  verdict: HammerVerdict;
  text: string;
  threads: number;
  counted: CountedView;
  /** Traps that no serial order shows, a sentence each. */
  traps: string[];
  costs: RemedyView[];
  /** What an instance costs; undefined where nothing was measured. */
  perInstance?: string;
  /** Remedies whose cost is not known, and why. */
  unmeasured: string[];
  notes: string[];
}

/** The cost of one remedy. */
export interface RemedyView {
  remedy: CostVariant;
  label: string;
  /** What it does to state, or what went wrong without it. */
  text: string;
  rows: CostView[];
}

/** With a number of threads. */
export interface CostView {
  threads: number;
  /** Calls per second of all threads. */
  speed: number;
  speedText: string;
  /** Slowest and fastest of the measurements, and the same in words; absent where there were too few. */
  spread?: { least: number; most: number; text: string };
  latency: string;
}

/** What the user's own host has shown of a scenario. */
export interface VerifyView {
  scenario: ScenarioView;
  verdict: VerifyVerdict;
  text: string;
  /** The host and its version. */
  runtime: string;
  findings: { status: VerifyFinding['status']; how: string; text: string }[];
  modes: { name: string; counted: CountedView; text: string[] }[];
  remedies: { clean: boolean; text: string }[];
  notes: string[];
}
