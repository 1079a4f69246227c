/**
 * Calls exports serially on one instance, with several arguments, to find out with which they return: a plan of calls
 * that all trap shows nothing.
 */

import { lifeOf } from '../../../analysis/life/life.ts';
import type { Analysis } from '../../../analysis/model.ts';
import type { Module } from '../../../wasm/module.ts';
import { I32 } from '../../../wasm/types.ts';
import { ExecutionMode } from '../../run/scheduler.ts';
import { numberFor } from '../../scenario/planVariants.ts';
import type { Scenario } from '../../scenario/scenario.ts';
import type { Step } from '../../scenario/steps.ts';
import { functionType } from '../../scenario/usage/functionType.ts';
import { Objects } from '../../scenario/usage/objects.ts';
import { type Usage, type UsageFacts, usagesOf } from '../../scenario/usage/roles.ts';
import { createSession } from '../../session/createSession.ts';
import type { Environment } from '../../session/environment.ts';
import type { StressJob } from '../../session/job.ts';
import type { Session } from '../../session/session.ts';
import { RaceCollector } from '../raceCollector.ts';

/** What is tried, and how long at most. */
export interface TryOptions {
  job: Pick<StressJob, 'bytes' | 'name' | 'known' | 'imports'>;
  /** Host, model, imports and setup; its callers are replaced. */
  scenario: Scenario;
  environment: Environment;
  /** Time, as `Environment.now` gives it, after which nothing more is tried. */
  end: number;
}

/** A list of steps to make on a fresh instance. */
interface Trial {
  steps: Step[];
}

/** Longest time that one list of steps gets, in milliseconds. */
const TRIAL_MS = 400;
/** Most exports that are tried as allocators. */
const MAX_ALLOCATORS = 40;

/**
 * Results of each trial, as far as it came: a text for each step; undefined where time did not suffice.
 * @throws SessionError when the module cannot be made ready
 */
async function resultsOf(options: TryOptions, trials: readonly Trial[]): Promise<(string[] | undefined)[]> {
  const { environment, end } = options;
  let limit = end;
  const stopped = (): boolean => environment.cancelled() || environment.now() > limit;
  const steps = trials.flatMap((trial) => trial.steps);
  const scenario: Scenario = { ...options.scenario, callers: [steps], probe: [], compare: 'auto' };
  const findings = new RaceCollector();
  const session = await createSession({ ...options.job, scenario }, environment, findings, stopped);
  findings.attach(session);
  const [{ calls }] = session.callers;
  const results: (string[] | undefined)[] = [];
  let first = 0;
  for (const trial of trials) {
    const own = calls.slice(first, first + trial.steps.length);
    first += trial.steps.length;
    if (environment.cancelled() || environment.now() > end) {
      results.push(undefined);
      continue;
    }
    limit = Math.min(end, environment.now() + TRIAL_MS);
    results.push(await made(session, own));
    await environment.breathe();
  }
  session.machine.restore();
  return results;
}

/** Makes steps on a fresh instance until one traps. */
async function made({ host, scheduler, callers }: Session, calls: Session['probe']): Promise<string[]> {
  host.reset();
  await scheduler.serially(ExecutionMode.Probe, []);
  const results: string[] = [];
  for (const call of calls) {
    const result = await scheduler.one(callers[0], call);
    results.push(scheduler.over ? 'trap: did not return' : result);
    if (scheduler.over || isTrap(result)) break;
  }
  return results;
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
  const guesses = positions.flatMap((position) =>
    usagesOf(facts, position).map((usage, i) => ({ position, usage, ...callsOf(facts, position, usage, i) })),
  );
  const results = await resultsOf(options, guesses);
  const tried: Tried = { usages: new Map(), futile: new Set() };
  for (const position of positions) {
    const own = guesses.flatMap((guess, i) => {
      const answers = results[i];
      if (guess.position !== position || answers === undefined) return [];
      const returned = answers.filter((answer) => !isTrap(answer)).length - guess.steps.length + 3;
      return [{ usage: guess.usage, returned }];
    });
    // The third call uses what the first has used.
    const good = own.find(({ returned }) => returned >= 2) ?? own.find(({ returned }) => returned === 1);
    if (good !== undefined)
      tried.usages.set(position, good.returned >= 3 ? good.usage : { ...good.usage, consumes: true });
    else if (own.length > 0 && guesses.every((guess, i) => guess.position !== position || results[i] !== undefined))
      tried.futile.add(position);
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
  return { steps: [...made.setup, a, b, a] };
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
  const found = results.findIndex((answers) => answers !== undefined && areBlocks(answers.map(Number)));
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
