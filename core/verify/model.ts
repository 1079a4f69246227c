/**
 * The result of `verify` as plain data: what the calls of a scenario did on the user's own wazero, beside what
 * exploration found. The JSON form of the command line (schemas/verify.schema.json).
 */
import type { HostId } from '../hosts/index.ts';
import type { SharingModel } from '../hosts/profile.ts';
import type { HostHazardReport, RaceReport, StressResult, WrongOutcome } from '../stress/explore/result.ts';
import type { HammerHang, HammerOutcome } from '../stress/hammer/hammerResult.ts';
import type { Scenario } from '../stress/scenario/scenario.ts';
import type { HostRace } from './races/ledBack.ts';

/**
 * How the calls were run: in wazero's interpreter under Go's race detector, in its interpreter, in its compiler; on request
 * with each access watched by the race detector, in its compiler where there is one.
 */
export const VERIFY_MODES = ['interpreter-race', 'interpreter', 'compiler', 'watched'] as const;
export type VerifyMode = (typeof VERIFY_MODES)[number];

/**
 * - `confirmed`: the host showed what exploration found
 * - `new`: the host showed what exploration did not find although it tried all schedules: a defect to report
 * - `not-seen`: the host showed nothing, which proves nothing
 * - `not-verified`: nothing could be run; the notes say why
 */
export type VerifyVerdict = 'confirmed' | 'new' | 'not-seen' | 'not-verified';

/** What was run in one mode. */
export interface VerifyRun {
  mode: VerifyMode;
  rounds: number;
  seconds: number;
  /** Wrong ones first, then the most frequent; at most `MAX_OUTCOMES` of hammerResult.ts. */
  outcomes: HammerOutcome[];
  /** Rounds with an outcome that calls must not have. */
  wrongRounds: number;
  /** Different outcomes that were judged, and those that were only counted. */
  seen: number;
  notJudged: number;
  /** Outcomes that serial orders give, and whether all orders were run. */
  serial: number;
  serialComplete: boolean;
  /** Reports of Go's race detector. */
  reports: number;
  /** Calls that did not return in a round; null where all did. */
  hang: HammerHang | null;
  /** The first line of what ended the process, `fatal error: ...`; null where it ended by itself. */
  crash: string | null;
  /** What Go wrote: race reports, stacks of goroutines, the end of the process. Its beginning, where it is long. */
  output: string;
}

/** Something that exploration found, the host showed, or both. */
export interface VerifyFinding {
  status: 'confirmed' | 'not-seen' | 'new';
  kind: 'race' | 'wrong-outcome' | 'hang' | 'host-hazard' | 'crash';
  /** One sentence. */
  text: string;
  /** What exploration found; null for what it did not find. */
  explored: RaceReport | HostHazardReport | WrongOutcome | null;
  /** Reports of the race detector, and rounds in which it was seen otherwise, of `rounds`. */
  reports: number;
  wrong: number;
  rounds: number;
  /** The modes that ran and could show it. */
  ran: VerifyMode[];
  /** Of races: what the detector reported, led back to the guest; the most frequent, at most `MAX_SEEN`. */
  seen?: SeenRace[];
}

/** Most kinds of reports that a finding lists. */
export const MAX_SEEN = 8;

/** Reports of one kind, in words and as data. */
export interface SeenRace extends HostRace {
  /** `$n: GlobalGet in inc (read by A, depth 1) against GlobalSet in inc (write by B, depth 1)`. */
  text: string;
}

/** A lock around one instance, or a pool of instances. */
export type GeneratedRemedy = 'mutex' | 'pool';

/** What came of the same calls through the code that is generated for a remedy. */
export interface VerifyRemedy {
  remedy: GeneratedRemedy;
  /** In at least one round, and no race report, no wrong outcome, and no call that does not return. */
  clean: boolean;
  rounds: number;
  /** Reports of the race detector, and rounds with an outcome that no serial order gives. */
  reports: number;
  wrong: number;
  /** One sentence. */
  text: string;
  /** What Go wrote; its beginning, where it is long. */
  output: string;
}

/** The Go toolchain and the wazero that were used. */
export interface VerifyRuntime {
  /** `go1.26.8`. */
  go: string;
  /** Version of wazero, `v1.12.0`, or the folder that replaces it. */
  wazero: string;
  /** Path of the user's module. */
  module: string;
}

/** The result of `verify`; see schemas/verify.schema.json. */
export interface VerifyResult {
  version: 1;
  kind: 'verify';
  /** Name of the module as it was given. */
  module: string;
  scenario: Scenario;
  host: HostId;
  model: SharingModel;
  runtime: VerifyRuntime;
  verdict: VerifyVerdict;
  /** How far the same calls were explored; null where they were not. */
  explored: Pick<StressResult, 'verdict' | 'wrongOutcome' | 'exhaustive'> | null;
  runs: VerifyRun[];
  findings: VerifyFinding[];
  /** Empty where none was run; the notes say why. */
  remedies: VerifyRemedy[];
  notes: string[];
}
