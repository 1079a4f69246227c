/**
 * Calls exports serially on one instance, with several arguments, to find out with which they return: a plan of calls
 * that all trap shows nothing.
 */

import { lifeOf } from '../../../analysis/life/life.ts';
import type { Analysis } from '../../../analysis/model.ts';
import type { Module } from '../../../wasm/module.ts';
import { I32 } from '../../../wasm/types.ts';
import { ExecutionMode } from '../../run/mode.ts';
import { memoryOf } from '../../scenario/checkCalls.ts';
import { numberFor } from '../../scenario/planVariants.ts';
import type { Scenario } from '../../scenario/scenario.ts';
import type { Step } from '../../scenario/steps.ts';
import { functionType } from '../../scenario/usage/functionType.ts';
import { Objects } from '../../scenario/usage/objects.ts';
import { type Answer, type Usage, type UsageFacts, usagesOf } from '../../scenario/usage/roles.ts';
import { createSession } from '../../session/createSession.ts';
import type { Environment } from '../../session/environment.ts';
import type { StressJob } from '../../session/job.ts';
import type { Session } from '../../session/session.ts';
import { leadsTo } from '../leadsTo.ts';
import { RaceCollector } from '../raceCollector.ts';

/** What is tried, and how long at most. */
export interface TryOptions {
  job: Pick<StressJob, 'bytes' | 'name' | 'known' | 'imports'>;
  /** Host, model, imports and setup; its callers are replaced. */
  scenario: Scenario;
  environment: Environment;
  /** Milliseconds that are left for calls; what they take is subtracted. */
  left: { ms: number };
}

/** A list of steps to make on a fresh instance. */
interface Trial {
  steps: Step[];
  /** The step whose result is looked at: whether it leads to text. */
  answering?: number;
}

/** What came of it. */
interface TrialResult {
  /** A text for each step, as far as it came. */
  texts: string[];
  answer?: Answer;
}

/** Longest time that one list of steps gets, in milliseconds. */
const TRIAL_MS = 400;
/** Most exports that are tried as allocators. */
const MAX_ALLOCATORS = 40;

/**
 * Results of each trial; undefined where it was not needed any more, or time did not suffice.
 * @param needed asked before each trial, with the results before it
 * @throws SessionError when the module cannot be made ready
 */
async function resultsOf(
  options: TryOptions,
  trials: readonly Trial[],
  needed: (trial: number, results: readonly (TrialResult | undefined)[]) => boolean = () => true,
): Promise<(TrialResult | undefined)[]> {
  const { environment, left } = options;
  let limit = Number.POSITIVE_INFINITY;
  const stopped = (): boolean => environment.cancelled() || environment.now() > limit;
  const steps = trials.flatMap((trial) => trial.steps);
  const scenario: Scenario = { ...options.scenario, callers: [steps], probe: [], compare: 'auto' };
  const findings = new RaceCollector();
  const session = await createSession({ ...options.job, scenario }, environment, findings, stopped);
  findings.attach(session);
  const [{ calls }] = session.callers;
  const results: (TrialResult | undefined)[] = [];
  let first = 0;
  for (const [i, trial] of trials.entries()) {
    const own = calls.slice(first, first + trial.steps.length);
    first += trial.steps.length;
    if (environment.cancelled() || left.ms <= 0 || !needed(i, results)) {
      results.push(undefined);
      continue;
    }
    const start = environment.now();
    limit = start + Math.min(left.ms, TRIAL_MS);
    results.push(await made(session, own, trial.answering));
    await environment.breathe();
    left.ms -= environment.now() - start;
  }
  session.machine.restore();
  return results;
}

/** Makes steps on a fresh instance until one traps. */
async function made(
  { host, scheduler, callers, machine, module }: Session,
  calls: Session['probe'],
  answering: number | undefined,
): Promise<TrialResult> {
  host.reset();
  await scheduler.serial.run(ExecutionMode.Probe, []);
  const made: TrialResult = { texts: [] };
  const memory = machine.instances[0].memories[memoryOf(module, undefined) ?? -1];
  for (const [i, call] of calls.entries()) {
    const result = await scheduler.serial.one(callers[0], call);
    made.texts.push(scheduler.over ? 'trap: did not return' : result);
    if (scheduler.over || isTrap(result)) break;
    const answer = i === answering && memory !== undefined ? leadsTo(result, memory)?.form : undefined;
    if (answer !== undefined) made.answer = answer;
  }
  return made;
}

const isTrap = (result: string): boolean => result.startsWith('trap: ');

/** The exports that return with some arguments, with the first ones that they return with, and those that never do. */
export interface Tried {
  usages: Map<number, Usage>;
  futile: Set<number>;
}

/**
 * Tries the usages of exports, each on a fresh instance: two calls with blocks and objects of their own, then one more
 * with those of the first.
 * @throws SessionError when the module cannot be made ready
 */
export async function tryUsages(options: TryOptions, facts: UsageFacts, positions: readonly number[]): Promise<Tried> {
  // The best guess for each export comes before the second one for any.
  const guesses = positions
    .flatMap((position) =>
      usagesOf(facts, position).map((usage, i) => ({ position, usage, i, ...callsOf(facts, position, usage, i) })),
    )
    .sort((a, b) => a.i - b.i);
  // The third call uses what the first has used.
  const returned = (guess: number, { texts }: TrialResult): number =>
    texts.filter((text) => !isTrap(text)).length - guesses[guess].steps.length + 3;
  const good = new Set<number>();
  const results = await resultsOf(options, guesses, (trial, before) => {
    for (const [i, result] of before.entries())
      if (result !== undefined && returned(i, result) >= 2) good.add(guesses[i].position);
    return !good.has(guesses[trial].position);
  });
  const tried: Tried = { usages: new Map(), futile: new Set() };
  for (const position of positions) {
    const own = guesses.flatMap((guess, i) => {
      const result = results[i];
      return guess.position === position && result !== undefined
        ? [{ usage: guess.usage, answer: result.answer, returned: returned(i, result) }]
        : [];
    });
    const best = own.find((one) => one.returned >= 2) ?? own.find((one) => one.returned === 1);
    if (best !== undefined) {
      const { usage, answer } = best;
      const consumes = usage.consumes || best.returned < 3;
      tried.usages.set(position, { ...usage, consumes, ...(answer === undefined ? {} : { answer }) });
    } else if (own.length === guesses.filter((guess) => guess.position === position).length) tried.futile.add(position);
  }
  return tried;
}

/** Steps that prepare and make three calls, the last three. */
function callsOf(facts: UsageFacts, position: number, usage: Usage, guess: number): Trial {
  const made = new Objects(facts);
  const [a, b] = [0, 1].map((caller) =>
    made.call(
      position,
      usage,
      `t${position}_${guess}${'ab'[caller]}`,
      caller,
      numberFor(usage.numbers, caller, caller, true),
    ),
  );
  return { steps: [...made.setup, a, b, a], answering: made.setup.length };
}

/**
 * The export that behaves like an allocator in a module without a telling name for it: it answers with ascending,
 * aligned addresses inside the memory, as far from each other as was asked for. Position in `Analysis.exports`, or -1.
 * @throws SessionError when the module cannot be made ready
 */
export async function allocatorByBehaviour(options: TryOptions, module: Module, analysis: Analysis): Promise<number> {
  const { exports } = analysis;
  const life = lifeOf(module, analysis).exports;
  const candidates = exports.flatMap((one, position) => {
    const { params, results } = functionType(module, one.func);
    const fits = params.length === 1 && params[0] === I32 && results.length === 1 && results[0] === I32;
    return fits && !life.has(one.name) ? [position] : [];
  });
  const chosen = candidates.slice(0, MAX_ALLOCATORS);
  if (chosen.length === 0 || module.memories.length === 0) return -1;
  const trials = chosen.map((position): Trial => ({ steps: SIZES.map((size) => [exports[position].name, size]) }));
  const results = await resultsOf(options, trials);
  const found = results.findIndex((one) => one !== undefined && areBlocks(one.texts.map(Number)));
  return found < 0 ? -1 : chosen[found];
}

/** Sizes that a candidate is asked for. */
const SIZES = [24, 24, 1000, 24];
const LEAST_ADDRESS = 1024;

function areBlocks(addresses: readonly number[]): boolean {
  return (
    addresses.length === SIZES.length &&
    addresses.every((at) => Number.isInteger(at) && at >= LEAST_ADDRESS && at % 4 === 0) &&
    addresses.every((at, i) => i === 0 || (at >= addresses[i - 1] + SIZES[i - 1] && at < addresses[i - 1] + 65536))
  );
}
