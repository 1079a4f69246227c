/**
 * The result of the analysis of a module, as plain data that can be passed between threads. Keyed by function index
 * and byte offset only; text positions are added at the edge. `analyse.ts` makes it, `queries.ts` reads it.
 */

import type { HostId } from '../hosts/index.ts';
import type { SharingModel } from '../hosts/profile.ts';
import type { DecodeError } from '../wasm/module.ts';
import type { Cell, Effect } from './cells.ts';
import type { ObjectCondition } from './conditions/condition.ts';
import type { ImportState } from './hostImports.ts';
import type { RuleId } from './rules/index.ts';
import type { Severity } from './rules/rule.ts';

/**
 * How sure: `definite` on direct calls and a known cell, `likely` through a type-matched indirect
 * call, `possible` where an address, a callee or the host is unknown.
 */
export type Confidence = 'definite' | 'likely' | 'possible';

/** How a function reaches another: directly, by type through a table, or through unknown code. */
export type EdgeKind = 'direct' | 'type-matched' | 'host-unknown';

/** What an export does at worst to state that callers share; decides the advice. */
export type ExportClass = 'pure' | 'reads-only' | 'stateful' | 'grows' | 'synchronised' | 'host-dependent';

/** How an export can grow a memory: the first after `none` that applies. */
export type GrowthClass = 'none' | 'own-body' | 'call-path' | 'indirect-call' | 'host-import';

/** A rule's finding about an export. */
export interface Hazard {
  rule: RuleId;
  severity: Severity;
  confidence: Confidence;
  cell: Cell;
  /** Effect id, or -1 for a finding about the module. */
  effect: number;
  /** Access site: function and byte offset of the instruction. */
  site: { func: number; offset: number };
  /** Witness path: functions from the export's to the accessing one. */
  path: number[];
  /** Byte offset of the call that leaves `path[i]` for `path[i + 1]`. */
  callSites: number[];
}

/** What the analysis found about one exported function. */
export interface ExportSummary {
  /** Position in `Module.exports`. */
  exportIndex: number;
  name: string;
  /** As in `Module.exports`. */
  symbol?: string;
  func: number;
  class: ExportClass;
  growth: GrowthClass;
  /** At most `MAX_HAZARDS_PER_RULE` per rule; worst first. */
  hazards: Hazard[];
  /** Exports with the same effects share one group; conflicts are between groups. */
  group: number;
  /** Number of exports (itself included) that it conflicts with under `Analysis.model`. */
  conflictCount: number;
}

/** Bitsets over effect ids: effects that a guard orders before what some exports do, see settled.ts. */
export interface Settled {
  /** The order is certain: no conflict. */
  sure: Uint32Array;
  /** It is certain unless an access of unknown address changes the guard: at most a possible conflict. */
  all: Uint32Array;
}

/** Exports that reach exactly the same effects. */
export interface EffectGroup {
  /** Bitset over effect ids: reached at all. */
  effects: Uint32Array;
  /** Bitset over effect ids: reached by direct calls alone. */
  direct: Uint32Array;
  /** Bitset over effect ids that conflict with one of `effects`. */
  hostile: Uint32Array;
  /** Positions in `Analysis.exports`. */
  exports: number[];
  /** Position in `Analysis.settled` of what cannot conflict with these exports. */
  settled: number;
  /**
   * By position in `Analysis.settled`: `effects` and `hostile` as they matter to exports with that set, and those of
   * `hostile` that conflict whatever the arguments are.
   */
  facing: { effects: Uint32Array; hostile: Uint32Array; always: Uint32Array }[];
  /**
   * Whether another call can come between its accesses: always, except under the cooperative model, where only an export
   * that reaches an import which may suspend or call back can be interrupted.
   */
  interruptible: boolean;
}

/**
 * Direct effects of each node of the call graph in compressed rows: node (function) `f` owns
 * `[start[f], start[f+1])`.
 */
export interface FunctionFacts {
  start: Uint32Array;
  /** Effect id, and the byte offset of the first instruction that has it: a call, for what a callee does at its arguments. */
  effect: Uint32Array;
  site: Uint32Array;
  /** Whether only direct calls lead to the access. */
  direct: Uint8Array;
  /** Node that the call leads to and its effect there; `OWN` (functionFacts.ts) for an access of the function itself. */
  originNode: Uint32Array;
  originEffect: Uint32Array;
}

/**
 * Call graph in compressed rows. Nodes `0..functions-1` are functions; the nodes after them are virtual, one for each
 * (table, type) of an indirect call, and their rows list the possible callees.
 */
export interface CallGraph {
  functions: number;
  nodes: number;
  start: Uint32Array;
  target: Uint32Array;
  /** Byte offset of the (first) call instruction; 0 on rows of virtual nodes. */
  site: Uint32Array;
  /** For virtual node `functions + i`: its table (-1: call_ref), its type index, and how sure its rows are. */
  virtual: { table: number; type: number; kind: EdgeKind }[];
  /** Exported functions to which the module itself makes no reference: only the host can put them into a table. */
  onlyByHost: ReadonlySet<number>;
}

/** A finding about the module as a whole (growable memory, active segment in shared memory). */
export interface ModuleHazard {
  rule: RuleId;
  severity: Severity;
  cell: Cell;
  offset: number;
  message: string;
}

/**
 * The result of `analyse`: effects, call graph, exports with their hazards, and findings about the module. All bitset
 * rows have `words` words.
 */
export interface Analysis {
  host: HostId;
  model: SharingModel;
  effects: Effect[];
  facts: FunctionFacts;
  graph: CallGraph;
  /** Words per function in the two bitset matrices below. */
  words: number;
  /** Effects reached at all, and by direct calls alone: row of function `f` starts at `f * words`. */
  reached: Uint32Array;
  reachedDirectly: Uint32Array;
  /** For effect `e`: bitset row of the effects that conflict with it under `model`. */
  conflictMask: Uint32Array;
  /** The same without conflicts that depend on the arguments of the two calls, see conditions/condition.ts. */
  alwaysMask: Uint32Array;
  exports: ExportSummary[];
  groups: EffectGroup[];
  /** Effects that a guard orders before what some exports do. */
  settled: Settled[];
  moduleHazards: ModuleHazard[];
  /** Global index of the shadow stack pointer or -1, and how it was found. */
  stackPointer: number;
  stackPointerBy: 'name' | 'prologue' | undefined;
  hasSharedMemory: boolean;
  sharing: ModuleSharing;
  /** Functions whose body could not be decoded: their effects are everything. */
  unknownFunctions: number[];
  /** Why those bodies could not be read. */
  errors: DecodeError[];
  /** Set when the deadline ended the work: what is missing, in one sentence. */
  partial: string | undefined;
}

/** How a memory can be shared. */
export interface MemorySharing {
  shared: boolean;
  /** Whether instances can share it: it is a shared memory and imported. */
  common: boolean;
  /** Its addresses have 64 bits. */
  is64?: true;
}

/** Facts of a module that decide which cells callers share; see conflicts.ts. */
export interface ModuleSharing {
  memories: MemorySharing[];
  /** Whether each memory, global and table is imported. */
  imported: { memory: boolean[]; global: boolean[]; table: boolean[] };
  /** State of the host that each imported function touches. */
  hostStates: ImportState[];
  /** Whether each imported function may suspend its caller, or call back. */
  suspending: boolean[];
  /** Some of them are suspending because the user says so. */
  suspendingNamed: boolean;
  /** Whether Asyncify instrumented the module, and the global of its state machine, or -1. */
  asyncify: boolean;
  asyncifyState: number;
  /** Function indices of the exports of its state machine, which only the runtime calls. */
  asyncifyFunctions: number[];
  /** Whether frames and static data cannot overlap: it is certain that the stack pointer is one. */
  framesApart: boolean;
  /**
   * The module sets up the stacks of threads itself, in its start function or in an export that hosts know. A pointer that
   * only a host could set from outside is no stack of one's own: all instances start with the same value.
   */
  ownStacks: boolean;
  /** Instances with a memory in common never allocate the same block: what allocators keep is not in globals. */
  ownBlocks: boolean;
}

/** One conflicting pair of exports, expanded for display. */
export interface Conflict {
  /** Positions in `Analysis.exports`, `a <= b`. */
  a: number;
  b: number;
  confidence: Confidence;
  /**
   * On what arguments of the two calls it depends: `always` on none, else on one of several conditions, whose first
   * parameters are those of `a`.
   */
  condition: 'always' | ObjectCondition[];
  /**
   * Pairs of effect ids that conflict, one of `a` and one of `b`; at most `limit`, surest first, and among equally sure
   * ones those that depend on no argument.
   */
  effects: [number, number][];
}
