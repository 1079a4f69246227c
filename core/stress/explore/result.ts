/**
 * The result of a stress run as plain data: what a worker sends, and, with advice, the JSON form of the command line
 * (schemas/stress.schema.json). Places are function indices and byte offsets of the original module.
 */

import type { Analysis } from '../../analysis/model.ts';
import type { NamedBytes } from '../../debug/sourceWords.ts';
import type { HostId } from '../../hosts/index.ts';
import type { HostHazardKind, SharingModel } from '../../hosts/profile.ts';
import type { Module } from '../../wasm/module.ts';
import type { Place, TraceRow } from '../run/traceRows.ts';
import type { Scenario } from '../scenario/scenario.ts';
import type { Unit } from '../scenario/units.ts';
import type { StressFailure } from '../session/failure.ts';
import type { Results } from '../session/job.ts';
import type { Hang } from './hang/hang.ts';

/**
 * The first of these that holds; `headlinesOf` tells all that a result shows.
 * - `host-hazard`: operations met that damage the host itself
 * - `hang`: a deadlock, a livelock, or a call that does not return
 * - `race`: at least one data race, with or without an outcome that no serial order gives (`wrongOutcome`)
 * - `non-atomic`: no data race, yet an outcome that no serial order gives
 * - `private-state`: none of these, but several instances over one memory give other results than one instance
 * - `inconclusive`: too little could be run or known to say
 * - `safe`: no race, and every outcome is that of some serial order of the calls
 */
export type Verdict = 'host-hazard' | 'hang' | 'race' | 'non-atomic' | 'private-state' | 'inconclusive' | 'safe';

/** Kinds of cells that can race; `stack-pointer` is the shadow stack pointer's global. */
export type RaceKind = 'memory' | 'memory.grow' | 'global' | 'table' | 'table.grow' | 'segment' | 'host';

/** One of the two accesses of a race. */
export interface RaceParty extends Place {
  /** Index of the caller. */
  caller: number;
  /** Index of the call among the caller's. */
  call: number;
  access: 'read' | 'write' | 'atomic-read' | 'atomic-write';
  /** Mnemonic. */
  op: string;
}

/** A data race that a replay confirmed. */
export interface RaceReport {
  kind: RaceKind;
  /** `memory 0 [0x80, 0x84)`, `global 1 $counter`, ... */
  cell: string;
  /** The same in words of the source; added to a result where they are known. */
  variable?: NamedBytes;
  a: RaceParty;
  b: RaceParty;
  /** A schedule that shows the race; it was replayed before it was reported. */
  schedule: string;
}

/** Something that cannot be true unless wasm-hazards is wrong; to be reported with the module and the scenario. */
export interface EngineDefect {
  /**
   * A finding that its schedule does not show again, a serial outcome that an exhaustive search did not see, or a finding
   * of calls that by the analysis do not conflict with their arguments.
   */
  kind: 'not-replayed' | 'serial-outcome-missing' | 'not-predicted';
  /** What happened, one sentence. */
  text: string;
  /** The schedule, or the serial order, `ABBA`, that it is about. */
  schedule: string;
}

/** Operations of two callers that damage the host itself when they meet. */
export interface HostHazardReport extends Omit<RaceReport, 'kind'> {
  kind: HostHazardKind;
  /** What it does to the host. */
  text: string;
  // `overlapping-calls`: the parties are calls, and the schedule is empty where they have no steps.
}

/** An outcome that no serial order gives, confirmed by a replay. */
export interface WrongOutcome {
  results: Results;
  /** Results of the probe calls. */
  probe: string[];
  /** Cells whose final contents differ from every serial outcome with these results; empty when results differ. */
  state: string[];
  /** A serial order of the calls that gives it, `ABAB`, where only whole sequences are divided; else null. */
  order: string | null;
  schedule: string;
}

/** An outcome of a serial order. */
export interface SerialOutcome {
  results: Results;
  probe: string[];
  /** One order of the calls that gives it: callers in turn, `ABBA`. */
  order: string;
}

/** How much was explored. */
export interface Explored {
  /** Executions. */
  schedules: number;
  /** Accesses that were seen in them. */
  steps: number;
  /** Bound up to which all schedules were explored; null when the search ended before it had one. */
  preemptionBound: number | null;
  seconds: number;
  schedulesPerSecond: number;
  /** Random search after the budget of the systematic one; null when it was not needed. */
  pct: { schedules: number; depth: number; steps: number; missProbability: number } | null;
}

/** A call that answers differently on an instance that was used before. */
export interface PoolDifference {
  call: string;
  fresh: string;
  used: string;
}

/** How far calls were compared on fresh and on used instances; the unit is the sequence of calls of one caller. */
export interface PoolCheck {
  /** Different sequences that were compared. */
  sequences: number;
  /** All sequences were. */
  complete: boolean;
  /** Each of them returns when nobody else runs. */
  returns: boolean;
  /** Some sequence leaves state behind in the instance other than stack frames. */
  leavesState: boolean;
}

/** A memory that calls grew in serial orders. */
export interface MemoryGrowth {
  /** `memory[0]`, `$heap`. */
  memory: string;
  index: number;
  pageBytes: number;
  /** Pages that the module declares, that it has when the callers start, and the most after all calls of a serial order. */
  declared: number;
  base: number;
  most: number;
}

/** The same calls explored with a remedy in place, within a small budget. */
export interface RemedyRun {
  verdict: Verdict;
  wrongOutcome: boolean;
  exhaustive: boolean;
  /** Executions. */
  schedules: number;
  preemptionBound: number | null;
  /** Kinds of the races that are left. */
  races: RaceKind[];
}

/** The remedies that were run; null if one was not, or too little of it to say anything. */
export interface RemedyRuns {
  /** An instance for each caller. */
  isolated: RemedyRun | null;
  /** Memories as large from the start as serial orders make them; null where none grows. `grows`: those that grow further. */
  preallocated: (RemedyRun & { grows: number[] }) | null;
}

/** The calls of an isolated run explored on one instance, whose imports suspend their callers. */
export interface SuspendedRun {
  /** `module.name` of the imports that were assumed to suspend; nothing says whether they do. */
  imports: string[];
  /** Null where too little could be run to say anything. */
  run: RemedyRun | null;
}

/** State that each instance has of its own and that calls share a meaning of: instances answer differently than one. */
export interface PrivateState {
  /** Names of globals, tables, segments and memories of an instance that the calls change; empty where none stays so. */
  cells: string[];
  /** The order of the callers, each with all of its calls. */
  order: string;
  /** What the calls answer in that order on one instance, and on an instance for each caller. */
  one: { results: Results; probe: string[] };
  several: { results: Results; probe: string[] };
}

/**
 * Executions in which plain stores wait in the store buffer of their thread, as on x86 (x86-TSO), and as other processors
 * allow, too. What they show happens in no sequentially consistent execution, of which all were run.
 */
export interface StoreBufferRuns {
  /** Executions. */
  schedules: number;
  /** All up to equivalence, with buffers of at most eight stores. */
  exhaustive: boolean;
  wrong: WrongOutcome[];
  /** Callers that do not return. */
  hang: Hang | null;
  /** The schedule of the first finding, and what happens under it; null where there is none. */
  schedule: string | null;
  trace: TraceRow[];
}

/** The result of a stress run; see schemas/stress.schema.json. */
export interface StressResult {
  version: 1;
  /** Name of the module as it was given. */
  module: string;
  scenario: Scenario;
  host: HostId;
  model: SharingModel;
  /** What outcomes were judged by: each call, or the whole sequence of calls of a caller. */
  unit: Unit;
  /** One schedule was run again: verdict and findings are about that one alone, and `safe` says no more. */
  replayed: boolean;
  verdict: Verdict;
  wrongOutcome: boolean;
  exhaustive: boolean;
  explored: Explored;
  /** What shows that the engine or the analysis (`not-predicted`) is wrong: that one cannot be relied on. */
  defects: EngineDefect[];
  /** Operations that damage the host itself; those that are data races, too, are also among `races`. */
  hostHazards: HostHazardReport[];
  races: RaceReport[];
  /** Names of the functions that this result speaks of, by index. */
  functions: Record<number, string>;
  outcomes: {
    /** Different outcomes of serial orders of the unit, and whether those of all orders are known. */
    serial: number;
    serialComplete: boolean;
    /** There are more than `serial`: all are known, but they are too many to be counted. */
    serialMore?: true;
    /** At most a few, for comparison. */
    examples: SerialOutcome[];
    /** Different outcomes that were seen and judged. */
    seen: number;
    wrong: WrongOutcome[];
  };
  /** What store buffers add; missing where no access races, something is wrong without them, or callers are no threads. */
  storeBuffers?: StoreBufferRuns;
  /** Null where instances over one memory answer like one instance, or were not compared. */
  privateState: PrivateState | null;
  /** Serial orders that do not end, as a call in them waits for another caller. */
  stuckOrders: number;
  /** Serial orders in which a wait ends because its time is over: no other call can run that would wake it. */
  timedOutOrders: number;
  hang: Hang | null;
  /** The worst finding: the schedule, and what happens under it. Empty when there is none. */
  schedule: string | null;
  /** What the trace's outcome was. */
  traced: { results: Results; probe: string[] } | null;
  trace: TraceRow[];
  /** Calls that a pool of used instances answers differently, and how far that was looked for; null in a replay. */
  pool: PoolDifference[];
  poolCheck: PoolCheck | null;
  /** Memories that grew in serial orders. */
  growth: MemoryGrowth[];
  /** What became of the calls with a remedy in place; only where they are not safe without. */
  remedies: RemedyRuns;
  /**
   * Where the model was chosen by default and callers with an instance each are safe: the calls on one instance, for hosts
   * whose embedders use one, too. Null where that was not run.
   */
  ifSuspended: SuspendedRun | null;
  imports: { stubbed: string[]; wasi: string[]; presets?: string[] };
  /** What the result takes for granted and no run observed, by name, a clause each. */
  restsOn: string[];
  /** Names in the source, by minified names of exports that were called and of imports (`a.b`) that were reached. */
  symbols?: Record<string, string>;
  /** Operations that were performed in parts, as the host does. */
  grain: string[];
  notes: string[];
}

/** The result with the module and the analysis that it is about, or why there is none. */
export type StressAnswer = { result: StressResult; module: Module; analysis: Analysis } | { failure: StressFailure };
