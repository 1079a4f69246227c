/** Plans: scenarios made from the conflict matrix when the user gave none. */

import { type AtomicMeeting, atomicPairs } from '../../analysis/atomicPairs.ts';
import { CONFIDENCES, confidenceRank } from '../../analysis/confidence.ts';
import { lifeOf } from '../../analysis/life/life.ts';
import type { Life } from '../../analysis/life/lifeModel.ts';
import type { Analysis } from '../../analysis/model.ts';
import { onOneInstanceToo } from '../../analysis/oneInstance.ts';
import { pairConfidence } from '../../analysis/pairConfidence.ts';
import { analysisUnder } from '../../analysis/reuse.ts';
import { HOST_PROFILES, type HostId } from '../../hosts/index.ts';
import type { SharingModel } from '../../hosts/profile.ts';
import { plural } from '../../text/phrases.ts';
import { exportLabel } from '../../wasm/displayNames.ts';
import type { Module } from '../../wasm/module.ts';
import { F32, F64, I64, isNullable, isRef, V128, type ValType } from '../../wasm/types.ts';
import { type LifeForm, lifeForms } from './lifeForms.ts';
import { besideInstantiation } from './planInstantiation.ts';
import { type Candidate, selected } from './planSelection.ts';
import { readBackOf } from './readBack.ts';
import { completeScenario, type Scenario } from './scenario.ts';
import type { Argument, Call } from './steps.ts';
import type { Unit } from './units.ts';

/** A scenario of a plan, with the pair of exports that it is about. */
export interface PlannedScenario {
  /** Positions in `Analysis.exports`, `a <= b`. */
  a: number;
  b: number;
  /** `increment with itself, one call each`, ... */
  title: string;
  scenario: Scenario;
}

/** What to plan. */
export interface PlanOptions {
  host: HostId;
  model: SharingModel | 'auto';
  /** Patterns of `module.name` of imports that suspend. */
  suspending?: readonly string[];
  /** Only pairs with this export, and with `other` the pair of both. */
  exportName?: string;
  other?: string;
  /** Concurrent callers of each scenario; two by default. */
  callers?: number;
  /** What outcomes are judged by; by default each call, and whole sequences where the plan makes them. */
  unit?: Unit | 'auto';
  /** Whole time for the plan, divided among its scenarios. */
  seconds: number;
  seed?: number;
  /** The scenarios are for the hammer, which creates all instances before its rounds. */
  hammer?: boolean;
  /** Most scenarios; Infinity for all of them. */
  limit?: number;
}

/** Scenarios in the order in which to run them. */
export interface Plan {
  scenarios: PlannedScenario[];
  /** Number of pairs that have no scenario because of the limit. */
  untested: number;
  /** What was omitted and why, a sentence each. */
  notes: string[];
}

const DEFAULT_LIMIT = 24;
/**
 * Executions of a scenario, by the time that it has: few enough that most machines run them in less, so that a plan
 * answers alike each time.
 */
const SCHEDULES_A_SECOND = 20_000;
const LEAST_SCHEDULES = 8_000;
/** Most pairs of exports that are considered. */
const MAX_PAIRS = 20_000;

/** A scenario of a plan before it is known whether it is run. */
interface Drafted extends PlannedScenario, Candidate {
  unit: Unit;
  calls: number;
}

/**
 * Every conflicting pair of exports (an export with itself included), surest first, then the pairs that meet in atomic
 * accesses: one call each, then two calls each, with equal and with distinct arguments. Before them, new instances
 * beside calls that use what instantiation writes.
 */
export function planOf(module: Module, analysis: Analysis, options: PlanOptions): Plan {
  const pairNotes: string[] = [];
  const life = lifeOf(module, analysis);
  const all: Drafted[] = [];
  const add = (pair: string, a: number, b: number, variants: readonly Variant[], own?: LifeForm[]): void => {
    const rank = all.length;
    for (const [round, { title, callers, unit }] of variants.entries()) {
      const scenario = completeScenario(
        { callers, life: own, model: options.model, unit: options.unit ?? unit, seed: options.seed },
        options.host,
        options.suspending,
      );
      all.push({ a, b, title: `${pair}, ${title}`, scenario, pair, rank, round, unit, calls: callers[0].length });
    }
  };
  for (const { position, first } of options.hammer ? [] : besideInstantiation(module, analysis)) {
    const { name, func } = analysis.exports[position];
    if (!isWanted(name, name, options) || !isCallable(module, func)) continue;
    const call = callOf(module, analysis, position, 1);
    const callers = Array.from({ length: Math.max(options.callers ?? 2, 2) }, (_, caller) =>
      caller === 1 ? [first, call] : [call],
    );
    const pair = `${exportLabel(module.exports[analysis.exports[position].exportIndex])} with the start of an instance`;
    // The initialiser that a caller makes runs before the callers, too: for the first instance.
    add(pair, position, position, [{ title: 'one call each', unit: 'call', callers }], ownLife(life, first));
  }
  for (const { a, b } of pairsOf(module, analysis, options, pairNotes))
    add(titleOf(module, analysis, a, b), a, b, variantsOf(module, analysis, a, b, options.callers ?? 2));
  const { kept, untested, notes } = selected(inOrder(all), options.limit ?? DEFAULT_LIMIT);
  const seconds = Math.max(options.seconds / Math.max(kept.length, 1), 0.2);
  const schedules = Math.max(Math.ceil(seconds * SCHEDULES_A_SECOND), LEAST_SCHEDULES);
  const scenarios = kept.map(({ a, b, title, scenario }) => ({
    ...{ a, b, title },
    scenario: { ...scenario, budget: { ...scenario.budget, seconds, schedules } },
  }));
  return { scenarios, untested, notes: [...pairNotes, ...notes] };
}

/** Every pair with one call each comes before pairs with more calls. */
const inOrder = (all: readonly Drafted[]): Drafted[] => [
  ...all.filter(({ calls }) => calls === 1),
  ...all.filter(({ unit }) => unit === 'sequence'),
  ...all.filter(({ calls, unit }) => calls > 1 && unit !== 'sequence'),
];

function titleOf(module: Module, analysis: Analysis, a: number, b: number): string {
  const label = (position: number) => exportLabel(module.exports[analysis.exports[position].exportIndex]);
  return a === b ? `${label(a)} with itself` : `${label(a)} with ${label(b)}`;
}

/** What runs before callers of which one makes `call` itself: the whole life, which otherwise leaves the call to it. */
const ownLife = (life: Life, [name]: Call): LifeForm[] | undefined =>
  life.steps.some(({ call }) => call === name) ? lifeForms(life) : undefined;

function pairsOf(
  module: Module,
  analysis: Analysis,
  options: PlanOptions,
  notes: string[],
): { a: number; b: number }[] {
  const { exports } = analysis;
  const confidence = pairConfidence(analysis);
  // Runs of a model that nobody chose look at one instance, too.
  const oneInstance =
    options.model === 'auto' && onOneInstanceToo(analysis) !== undefined
      ? pairConfidence(analysisUnder(analysis, 'cooperative'))
      : undefined;
  const meetInAtomics = atomicPairs(analysis);
  // Any two calls of one instance are a hazard to the host.
  const anyTwo =
    analysis.model === 'shared-instance' && HOST_PROFILES[analysis.host].hostHazards['overlapping-calls'] !== undefined;
  const uncallable = new Set(exports.flatMap((e, i) => (isCallable(module, e.func) ? [] : [i])));
  const life = lifeOf(module, analysis).exports;
  const othersExist = exports.some(({ name }, i) => !uncallable.has(i) && !life.has(name));
  const excluded = (i: number) =>
    uncallable.has(i) ||
    analysis.sharing.asyncifyFunctions.includes(exports[i].func) ||
    (othersExist && life.has(exports[i].name));
  const found: { a: number; b: number; rank: number }[] = [];
  let looked = 0;
  for (let a = 0; a < exports.length && looked < MAX_PAIRS; a++) {
    for (let b = a; b < exports.length && looked < MAX_PAIRS; b++) {
      if (!isWanted(exports[a].name, exports[b].name, options)) continue;
      if (excluded(a) || excluded(b)) continue;
      looked++;
      const groups = [exports[a].group, exports[b].group] as const;
      const sure = confidence.of(...groups) ?? oneInstance?.of(...groups);
      const meeting = sure === undefined ? meetInAtomics(a, b) : undefined;
      if (sure === undefined && meeting === undefined && !anyTwo) continue;
      const rank = sure !== undefined ? confidenceRank(sure) : CONFIDENCES.length + atomicRank(meeting, a === b);
      found.push({ a, b, rank: rank * 2 + (a === b ? 0 : 1) });
    }
  }
  if (looked >= MAX_PAIRS) notes.push(`Only the first ${MAX_PAIRS} pairs of exports were considered.`);
  if (uncallable.size > 0)
    notes.push(
      `${plural(uncallable.size, 'export')} cannot be called from JavaScript because of v128 or non-null references.`,
    );
  const own = exports.findIndex((e) => e.name === options.exportName);
  const other = options.other === undefined ? own : exports.findIndex((e) => e.name === options.other);
  if (found.length === 0 && own >= 0 && other >= 0 && !excluded(own) && !excluded(other))
    found.push({ a: Math.min(own, other), b: Math.max(own, other), rank: 0 });
  return found.sort((x, y) => x.rank - y.rank || x.a - y.a || x.b - y.b);
}

/** Wait and notify first, then different exports, then an export with itself. */
function atomicRank(meeting: AtomicMeeting | undefined, self: boolean): number {
  if (meeting === 'wake') return 0;
  if (meeting === undefined) return 3;
  return self ? 2 : 1;
}

function isWanted(a: string, b: string, { exportName, other }: PlanOptions): boolean {
  if (exportName === undefined) return true;
  if (other === undefined) return a === exportName || b === exportName;
  return (a === exportName && b === other) || (a === other && b === exportName);
}

function isCallable(module: Module, func: number): boolean {
  const { params, results } = signature(module, func);
  return [...params, ...results].every((type) => type !== V128 && (!isRef(type) || isNullable(type)));
}

function signature(module: Module, func: number): { params: readonly ValType[]; results: readonly ValType[] } {
  const type = module.types[module.functions.typeIndex[func]]?.composite;
  return type?.kind === 'func' ? type : { params: [], results: [] };
}

/** Calls of a pair: each once, then twice; or the calls of a sequence, which belong together. */
interface Variant {
  title: string;
  unit: Unit;
  callers: Call[][];
}

/** One call each, then two; equal arguments, then distinct ones where there are any. Sequences that read back last. */
function variantsOf(module: Module, analysis: Analysis, a: number, b: number, callers: number): Variant[] {
  const hasArguments = [a, b].some((p) => signature(module, analysis.exports[p].func).params.length > 0);
  const lists = (calls: (caller: number) => Call[]): Call[][] =>
    Array.from({ length: callers }, (_, caller) => calls(caller));
  const variants: Variant[] = [];
  for (const times of [1, 2]) {
    for (const distinct of hasArguments ? [false, true] : [false]) {
      const how = hasArguments ? (distinct ? ', distinct arguments' : ', equal arguments') : '';
      variants.push({
        title: `${times === 1 ? 'one call' : 'two calls'} each${how}`,
        unit: 'call',
        callers: lists((caller) =>
          Array.from({ length: times }, (_, k) =>
            callOf(module, analysis, caller % 2 === 0 ? a : b, distinct ? caller * 1000 + k : 1),
          ),
        ),
      });
    }
  }
  const pair = readBackOf(module, analysis, a, b);
  if (pair !== undefined)
    variants.push({
      title: 'stored and read back by each caller',
      unit: 'sequence',
      callers: lists((caller) => [
        callOf(module, analysis, pair.writer, caller * 1000 + 1),
        callOf(module, analysis, pair.reader, 0),
      ]),
    });
  return variants;
}

/** A call of an export, with arguments made of `value`. */
function callOf(module: Module, analysis: Analysis, position: number, value: number): Call {
  const { name, func } = analysis.exports[position];
  const pointers = pointerParameters(analysis, func);
  return [name, ...signature(module, func).params.map((type, i) => argumentOf(type, pointers.has(i), value))];
}

/** Parameters that the function uses as addresses. */
function pointerParameters({ effects, facts }: Analysis, func: number): Set<number> {
  const found = new Set<number>();
  for (let i = facts.start[func]; i < facts.start[func + 1]; i++) {
    const { address } = effects[facts.effect[i]].cell;
    if (address?.base === 'parameter') found.add(address.parameter);
  }
  return found;
}

/** Small numbers; addresses are aligned and not rejected by null checks. */
function argumentOf(type: ValType, pointer: boolean, value: number): Argument {
  if (isRef(type)) return null;
  if (pointer) return 4096 + (value % 1000) * 16 + Math.floor(value / 1000) * 256;
  if (type === I64) return String(value);
  return type === F32 || type === F64 ? value + 0.5 : value;
}
