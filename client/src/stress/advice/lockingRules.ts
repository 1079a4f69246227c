/** Exports that must not run at once on one instance: one critical section, or an instance for each caller. */
import { REMEDY_WORDS } from '../../../../server/src/analysis/hosts/remedyWords.ts';
import type { Analysis } from '../../../../server/src/analysis/model.ts';
import { quoted } from '../../../../server/src/analysis/wordingCells.ts';
import { exportLabel } from '../../../../server/src/wasm/displayNames.ts';
import type { PoolDifference, RemedyRun, StressResult } from '../engine/result.ts';
import { type Advice, type Checked, type Evidence, UNCHECKED } from './advice.ts';
import { boundText, findingsOf, ruleEvidence } from './evidence.ts';
import { isHarmless } from './leaveRule.ts';
import { allocatorOf, criticalSection } from './protocol.ts';
import {
  calledIn,
  conflictComponents,
  exportsText,
  namesOf,
  raceExports,
  runsOf,
  type Subject,
  stateRaces,
} from './subject.ts';

/** Rules whose findings are about state that a lock around calls protects. */
const LOCKABLE = new Set([
  'memory-grow',
  'segment-drop',
  'global-write',
  'global-read',
  'stack-pointer',
  'static-memory-write',
  'memory-write',
  'memory-read',
  'mixed-atomics',
  'table-write',
  'table-read',
  'unknown-code',
]);

/** One set of exports that share state, and what is known of it. */
interface Shared {
  positions: number[];
  /** Runs in which they went wrong. */
  wrong: StressResult[];
  /** All runs with one of them. */
  runs: StressResult[];
  because: Evidence[];
}

export function lockingAdvice(subject: Subject): Advice[] {
  const states = sharedStates(subject);
  const differing = states.filter(({ runs }) => runs.some(({ pool }) => pool.length > 0));
  const poolable = states.filter((shared) => !differing.includes(shared) && mayPool(subject, shared));
  return [
    ...states.map((shared) => (waits(shared) ? orderingAdvice : mutexAdvice)(subject, shared)),
    ...(poolable.length > 0 ? [poolAdvice(subject, poolable)] : []),
    ...(differing.length > 0
      ? noPool(
          subject,
          differing.flatMap(({ runs }) => runs.flatMap(({ pool }) => pool)),
        )
      : []),
  ];
}

/** Sets of exports with a finding that a lock would answer: shown by runs, or by the analysis where nothing was run. */
function sharedStates(subject: Subject): Shared[] {
  const { analysis, results, scope } = subject;
  const { exports } = analysis;
  const needing = scope.filter((position) => {
    const { name, hazards } = exports[position];
    const runs = runsOf(subject, name);
    if (runs.length > 0) return runs.some((result) => goesWrong(result, name));
    return exports[position].conflictCount > 0 && hazards.some(({ rule }) => LOCKABLE.has(rule));
  });
  const together = results.filter((result) => result.wrongOutcome && !isHarmless(result)).map(calledIn);
  return conflictComponents(subject, needing, together).map((positions) => {
    const names = new Set(namesOf(subject, positions));
    const runs = results.filter((result) => [...calledIn(result)].some((name) => names.has(name)));
    const wrong = runs.filter((result) => [...names].some((name) => goesWrong(result, name)));
    const shown = findingsOf(wrong, ({ kind }) => kind !== 'host');
    return { positions, runs, wrong, because: shown.length > 0 ? shown : rules(subject, positions, needing) };
  });
}

/** The worst finding of the analysis about each of the first exports. */
function rules({ analysis }: Subject, positions: readonly number[], needing: readonly number[]): Evidence[] {
  return positions
    .filter((position) => needing.includes(position))
    .slice(0, 2)
    .flatMap((position) => {
      const { name, hazards } = analysis.exports[position];
      const hazard = hazards.find(({ rule }) => LOCKABLE.has(rule));
      return hazard === undefined ? [] : [ruleEvidence(name, hazard)];
    });
}

/** Whether a run shows something about an export that a lock answers. */
function goesWrong(result: StressResult, name: string): boolean {
  if (isHarmless(result)) return false;
  const races = stateRaces(result);
  if (races.some((race) => raceExports(result, race).includes(name))) return true;
  // What is wrong without a race of its state is the host's doing only where the host races.
  return result.wrongOutcome && calledIn(result).has(name) && (races.length > 0 || result.races.length === 0);
}

function mutexAdvice(subject: Subject, { positions, wrong, because }: Shared): Advice {
  const sequence = sequenceOf(wrong);
  const text = [
    criticalSection(subject, positions),
    ...(sequence === undefined
      ? []
      : [`A caller that makes several calls for one purpose, as in ${sequence}, holds it for all of them.`]),
  ];
  return {
    remedy: 'mutex',
    exports: namesOf(subject, positions),
    pairs: [],
    text: text.join(' '),
    because,
    checked: construction(wrong),
  };
}

/** Calls that wait for another caller's: under one lock they would wait for good. */
const waits = ({ wrong }: Shared): boolean => wrong.some(({ poolCheck }) => poolCheck?.returns === false);

function orderingAdvice(subject: Subject, { positions, because }: Shared): Advice {
  return {
    remedy: 'fix',
    exports: namesOf(subject, positions),
    pairs: [],
    text: `Order what ${exportsText(subject, positions)} ${positions.length === 1 ? 'does' : 'do'} inside the module, with atomics or a lock of its own. Do not hold a lock of the host around these calls: one of them waits for another caller and would wait for good.`,
    because,
    checked: { by: 'calls', exhaustive: true, text: 'by calls: alone, not every caller returns' },
  };
}

/** Calls of one caller to different exports, which only make sense together. */
function sequenceOf(results: readonly StressResult[]): string | undefined {
  const calls = results
    .flatMap(({ scenario }) => scenario.callers)
    .find((list) => new Set(list.map(([name]) => name)).size > 1);
  return calls
    ?.slice(0, 3)
    .map(([name]) => quoted(exportLabel({ name })))
    .join(', then ');
}

/** A critical section leaves only orders of whole sequences, and those were run before anything else. */
function construction(results: readonly StressResult[]): Checked {
  if (results.length === 0) return UNCHECKED;
  const outcomes = results.reduce((sum, { outcomes }) => sum + outcomes.serial, 0);
  const exhaustive = results.every((result) => result.outcomes.serialComplete);
  const run = exhaustive ? 'all of them were run' : 'a sample of them was run';
  return {
    by: 'construction',
    exhaustive,
    text: `by construction, as one caller after the other leaves only serial orders of the calls: ${run} (${outcomes} different ${outcomes === 1 ? 'outcome' : 'outcomes'})`,
  };
}

/** Whether instances apart do what callers want: by all that was run, nobody misses what others left. */
function mayPool(subject: Subject, shared: Shared): boolean {
  const { wrong } = shared;
  if (wrong.length === 0 || subject.profile.stance.isolated.status !== 'allowed') return false;
  if (!wrong.every(({ poolCheck }) => poolCheck?.complete)) return false;
  if (hasReaders(subject, shared) && allocatorOf(subject.module, subject.analysis).allocate < 0) return false;
  return isolatedRuns(wrong).every(({ verdict }) => verdict === 'safe' || verdict === 'inconclusive');
}

const isolatedRuns = (results: readonly StressResult[]): RemedyRun[] =>
  results.flatMap(({ remedies }) => remedies.isolated ?? []);

function poolAdvice(subject: Subject, states: readonly Shared[]): Advice {
  const { module, analysis } = subject;
  const positions = states.flatMap((shared) => pooled(subject, shared)).sort((a, b) => a - b);
  // With a heap, state stays behind that nobody has to find again; whether that is all, no run tells.
  const condition = states.some((shared) => hasReaders(subject, shared))
    ? ', if no other call has to find what they leave there'
    : '';
  const wrong = states.flatMap((shared) => shared.wrong);
  const runs = isolatedRuns(wrong);
  const own = module.memories.some(({ imported }) => imported) ? ' with a memory of its own' : '';
  // The run that went least far.
  const run = runs.toSorted((a, b) => Number(a.exhaustive) - Number(b.exhaustive))[0];
  const explored = run === undefined ? '' : `; with an instance each they are ${run.verdict} under ${boundText(run)}`;
  return {
    remedy: 'pool',
    exports: namesOf(subject, positions),
    pairs: [],
    text: `Give each caller of ${exportsText(subject, positions)} an instance${own} for all calls that belong together${condition}: ${REMEDY_WORDS[analysis.host].pool}.`,
    because: states[0].because,
    checked: {
      by: run === undefined ? 'calls' : 'exploration',
      exhaustive: runs.length === wrong.length && runs.every(({ exhaustive }) => exhaustive),
      text: `by calls: used instances answered like fresh ones${explored}`,
    },
  };
}

/** Exports that a pool would give another meaning, and those whose answers are addresses. */
export function noPool(subject: Subject, differences: readonly PoolDifference[]): Advice[] {
  const { module, analysis } = subject;
  const { allocate } = allocatorOf(module, analysis);
  // The first one of a call says it best: a later one may stand in a longer sequence.
  const byCall = new Map(differences.toReversed().map((difference) => [difference.call, difference]));
  const nameIn = (call: string): string => call.slice(0, call.lastIndexOf('('));
  const isAddress = ({ call }: PoolDifference): boolean => nameIn(call) === analysis.exports[allocate]?.name;
  const all = [...byCall.values()].reverse();
  return [all.filter((d) => !isAddress(d)), all.filter(isAddress)].flatMap((some, addresses): Advice[] => {
    if (some.length === 0) return [];
    const called = new Set(some.map(({ call }) => nameIn(call)));
    const about = analysis.exports.flatMap(({ name }, position) => (called.has(name) ? [position] : []));
    const text =
      addresses === 1
        ? `Do not change the instance between ${exportsText(subject, about)} and the last use of its block: an address means nothing to another instance of a pool.`
        : `Do not pool instances for ${exportsText(subject, about)}: a caller would be told what earlier users of its instance left, and not what the others did.`;
    return [
      {
        remedy: 'no-pool',
        exports: namesOf(subject, about),
        pairs: [],
        text,
        because: some.slice(0, MAX_DIFFERENCES).map(({ call, fresh, used }) => ({
          kind: 'pool-difference',
          name: call,
          text: `${call} answers ${fresh} on a fresh instance and ${used} on a used one`,
        })),
        checked: { by: 'calls', exhaustive: true, text: 'by calls: both answers were given in a run' },
      },
    ];
  });
}

/** Differences that stand as evidence. */
const MAX_DIFFERENCES = 3;

/** Exports whose calls were compared, and those that have nothing but frames. */
function pooled({ analysis }: Subject, { positions, runs }: Shared): number[] {
  const called = new Set(runs.flatMap((result) => [...calledIn(result)]));
  return positions.filter(
    (position) => called.has(analysis.exports[position].name) || hasOnlyFrames(analysis, position),
  );
}

const hasOnlyFrames = ({ exports }: Analysis, position: number): boolean =>
  exports[position].hazards.length > 0 && exports[position].hazards.every(({ rule }) => rule === 'stack-pointer');

/** Whether calls leave state behind that others may be there to find: instances apart would keep it from them. */
function hasReaders(subject: Subject, shared: Shared): boolean {
  const { positions, runs, wrong } = shared;
  if (!wrong.some(({ poolCheck }) => poolCheck?.leavesState)) return false;
  const called = new Set(runs.flatMap((result) => [...calledIn(result)]));
  const { all } = allocatorOf(subject.module, subject.analysis);
  const own = new Set(pooled(subject, shared));
  const probed = runs.some(({ scenario }) => scenario.probe.length > 0);
  return probed || called.size > 1 || positions.some((position) => !own.has(position) && !all.has(position));
}
