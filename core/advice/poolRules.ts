/** An instance for each caller, or from a pool: where that changes nothing that a call answers, and where it does. */
import { allocatorOf } from '../analysis/allocator.ts';
import type { Analysis } from '../analysis/model.ts';
import type { PoolDifference, RemedyRun, StressResult } from '../stress/explore/result.ts';
import type { Advice } from './advice.ts';
import { boundText, callersText, verdictEvidence } from './evidence.ts';
import { type Shared, sharedStates } from './sharedState.ts';
import { calledIn, exportsText, namesOf, type Subject } from './subject.ts';

/** Differences that stand as evidence. */
const MAX_DIFFERENCES = 3;

/** For exports that need a remedy. */
export function poolingAdvice(subject: Subject): Advice[] {
  const states = sharedStates(subject);
  const differing = states.filter(({ runs }) => runs.some(({ pool }) => pool.length > 0));
  const poolable = states.filter((shared) => !differing.includes(shared) && mayPool(subject, shared));
  const differences = differing.flatMap(({ runs }) => runs.flatMap(({ pool }) => pool));
  return [...(poolable.length > 0 ? [poolAdvice(subject, poolable)] : []), ...noPool(subject, differences)];
}

/** For runs with an instance for each caller: whether the instances may come from a pool. */
export function isolatedAdvice(subject: Subject): Advice[] {
  const { analysis, results } = subject;
  if (analysis.model !== 'isolated') return [];
  const safe = results.filter(({ verdict }) => verdict === 'safe');
  const differences = results.flatMap(({ pool }) => pool);
  const differing = new Set(results.filter(({ pool }) => pool.length > 0).flatMap((result) => [...calledIn(result)]));
  const checked = safe.filter(
    (result) => result.poolCheck?.complete && [...calledIn(result)].every((name) => !differing.has(name)),
  );
  const positionsOf = (names: ReadonlySet<string>): number[] =>
    analysis.exports.flatMap(({ name }, position) => (names.has(name) ? [position] : []));
  const advice: Advice[] = [];
  if (differences.length > 0) advice.push(...noPool(subject, differences));
  if (checked.length > 0) {
    const positions = positionsOf(new Set(checked.flatMap((result) => [...calledIn(result)])));
    advice.push({
      remedy: 'pool',
      exports: namesOf(subject, positions),
      pairs: [],
      text: `Reuse instances for ${exportsText(subject, positions)}, each for one caller at a time: ${subject.profile.remedy.pool}.`,
      because: verdictEvidence(checked[0]),
      checked: {
        by: 'calls',
        exhaustive: true,
        text: 'by calls: used instances answered like fresh ones',
      },
    });
  }
  return advice;
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
  const { module } = subject;
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
    text: `Give each caller of ${exportsText(subject, positions)} an instance${own} for all calls that belong together${condition}: ${subject.profile.remedy.pool}.`,
    because: states[0].because,
    checked: {
      by: run === undefined ? 'calls' : 'exploration',
      exhaustive: runs.length === wrong.length && runs.every(({ exhaustive }) => exhaustive),
      text: `by calls: used instances answered like fresh ones${explored}`,
    },
  };
}

/** Exports that a pool would give another meaning, and those whose answers are addresses. */
function noPool(subject: Subject, differences: readonly PoolDifference[]): Advice[] {
  const { module, analysis } = subject;
  const allocators = new Set([...allocatorOf(module, analysis).all].map((position) => analysis.exports[position].name));
  // The first one of a call says it best: a later one may stand in a longer sequence.
  const byCall = new Map(differences.toReversed().map((difference) => [difference.call, difference]));
  // Under other models the advice about locks stands beside this one.
  const common =
    analysis.model === 'isolated'
      ? ` Where callers need that state in common, keep one instance and hold ${subject.profile.remedy.lock.replace(/,$/, '')} around all that a caller does with it.`
      : '';
  const nameIn = (call: string): string => call.slice(0, call.lastIndexOf('('));
  const isAddress = ({ call }: PoolDifference): boolean => allocators.has(nameIn(call));
  const all = [...byCall.values()].reverse();
  return [all.filter((d) => !isAddress(d)), all.filter(isAddress)].flatMap((some, addresses): Advice[] => {
    if (some.length === 0) return [];
    const called = new Set(some.map(({ call }) => nameIn(call)));
    const about = analysis.exports.flatMap(({ name }, position) => (called.has(name) ? [position] : []));
    const text =
      addresses === 1
        ? `Do not change the instance between ${exportsText(subject, about)} and the last use of its block: an address means nothing to another instance of a pool.`
        : `Do not pool instances for ${exportsText(subject, about)}: a caller would be told what earlier users of its instance left, and not what the others did.${common}`;
    return [
      {
        remedy: 'no-pool',
        exports: namesOf(subject, about),
        pairs: [],
        text,
        because: some.slice(0, MAX_DIFFERENCES).map(({ call, fresh, used }) => ({
          kind: 'pool-difference',
          name: call,
          text: `${callersText([call])} answers ${fresh} on a fresh instance and ${used} on a used one`,
        })),
        checked: { by: 'calls', exhaustive: true, text: 'by calls: both answers were given in a run' },
      },
    ];
  });
}

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
