/** What an exploration works with, and what it collects; the parts of the search share these. */

import type { Environment } from '../session/environment.ts';
import type { Session } from '../session/session.ts';
import type { FoundHang } from './hang/hang.ts';
import type { SerialOutcomes } from './outcomes.ts';
import type { RaceCollector } from './raceCollector.ts';
import type { EngineDefect, HostHazardReport, RaceReport, WrongOutcome } from './result.ts';

/** What an exploration found so far, and how much was explored. */
export interface Exploration {
  serial: SerialOutcomes;
  hostHazards: HostHazardReport[];
  defects: EngineDefect[];
  races: RaceReport[];
  wrong: (WrongOutcome & { stateOnly: boolean })[];
  hang: FoundHang | undefined;
  /** Keys of all outcomes that were judged. */
  seen: Set<string>;
  /** Some outcome could not be judged: it may be that of a serial order, or not. */
  unjudged: boolean;
  exhaustive: boolean;
  preemptionBound: number | null;
  /** Enough was run to draw conclusions from what was not found. */
  conclusive: boolean;
  schedules: number;
  pct: { schedules: number; depth: number; steps: number; missProbability: number } | null;
  notes: string[];
  /** Executions with store buffers; undefined where there were none. */
  buffered?: BufferedExploration;
}

/** What executions with store buffers showed. */
export interface BufferedExploration {
  schedules: number;
  /** Accesses seen in them and in replays of what they found, and the time of all that. */
  steps: number;
  seconds: number;
  /** All of them up to equivalence, with buffers of a few stores, were run. */
  exhaustive: boolean;
  /** Keys of outcomes. */
  seen: Set<string>;
  /** Outcomes that no serial order gives, each replayed. */
  wrong: Exploration['wrong'];
  hang: FoundHang | undefined;
  /** Schedules of findings that did not show again. */
  missed: string[];
}

/** What the parts of an exploration share. */
export interface ExploreContext {
  session: Session;
  findings: RaceCollector;
  environment: Environment;
  /** Time is up, or the user gave up. */
  stopped(): boolean;
  deadline: Deadline;
  /** `resultsKey` of outcomes that are still wanted; those that were found are removed. */
  wanted: Set<string>;
}

/** When time is up; findings may still be confirmed and recorded after that. */
export interface Deadline {
  /** When the search ends, by the environment's clock. */
  readonly end: number;
  /** Grants a few more seconds for a replay. */
  extend(): void;
  /** The search is over: grants the time for all that follows, which is far more than that takes. */
  conclude(): void;
  /** Whether that time is over. */
  late(): boolean;
  /** It was over before something had ended. */
  readonly missed: boolean;
}
