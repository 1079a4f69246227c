/** Runs scenarios in processes of their own, one after the other or several at a time, within one budget of time. */

import { InOrder } from '../../../core/jobs/inOrder.ts';
import type { Scenario } from '../../../core/stress/scenario/scenario.ts';
import type { StressFailure } from '../../../core/stress/session/failure.ts';
import { hex } from '../../../core/wasm/printer/numbers.ts';
import type { StressInput } from '../input/stressInput.ts';
import type { Io } from '../io.ts';
import { PlanProgress, type ToldProgress } from './planProgress.ts';
import type { Planned } from './stressScenarios.ts';
import { workerProgram } from './workerProgram.ts';

/** What became of the scenarios. */
export interface PlanRun<Result> {
  /** `at`: position among the scenarios. */
  results: { at: number; title: string; result: Result }[];
  /** Scenarios that could not be run. */
  failures: { at: number; title: string; failure: StressFailure }[];
  /** Number of scenarios that were not started. */
  notRun: number;
  notes: string[];
}

/** How a scenario runs: whom it tells how far it is, and when nobody wants its result any more. */
export interface PlannedControl {
  tell(told: ToldProgress): void;
  signal: AbortSignal;
}

type Answer<Result> = { result: Result } | { failure: StressFailure };

interface Around<Result> {
  input: StressInput;
  io: Io;
  /** Most scenarios at a time. What they find is the same for any number. */
  jobs: number;
  run(scenario: Scenario, control: PlannedControl): Promise<Answer<Result>>;
}

/** Failures that every other scenario of the module would share. */
const HOPELESS: readonly StressFailure['kind'][] = ['unsupported-host', 'invalid-module', 'imports', 'cancelled'];
/** Fewest seconds for a scenario of a plan: a large module needs part of it to start. */
const LEAST = 1;

/**
 * Runs scenarios within `seconds` for all of them. Stops early, with what is known by then, when the user interrupts.
 * Results are in the order of the scenarios; failures go to standard error in that order.
 */
export async function runScenarios<Result>(
  scenarios: readonly Planned[],
  seconds: number,
  { io, input, run, jobs }: Around<Result>,
): Promise<PlanRun<Result>> {
  const ran: PlanRun<Result> = { results: [], failures: [], notRun: 0, notes: [] };
  const end = performance.now() + seconds * 1000;
  const progress = new PlanProgress(scenarios.map(({ title }) => title));
  let beyond = 0;
  // Aborted when nobody wants the results of those that still run.
  const unwanted = new AbortController();
  const timed = async (i: number): Promise<Answer<Result>> => {
    const { scenario } = scenarios[i];
    const began = performance.now();
    // Time that earlier scenarios did not use goes to the later ones; if one overran its share, later ones will, too.
    const left = (end - began) / 1000;
    const share = Math.min(left, (left * jobs) / (scenarios.length - i)) - beyond;
    const budget = { ...scenario.budget, seconds: Math.max(share, LEAST) };
    progress.begins(i);
    const answer = await run(scenarios.length > 1 ? { ...scenario, budget } : scenario, {
      tell: (told) => io.status?.(progress.tell(i, told)),
      signal: unwanted.signal,
    });
    progress.ends(i);
    beyond = Math.max(0, (performance.now() - began) / 1000 - budget.seconds);
    return answer;
  };
  const onInterrupt = (): void =>
    io.err('wasm-hazards: stopping with the results so far; interrupt again to quit immediately');
  io.signal?.addEventListener('abort', onInterrupt);
  const answers = new InOrder(scenarios.length, jobs, (i) =>
    io.signal?.aborted || (i > 0 && performance.now() >= end) ? undefined : timed(i),
  );
  for (const [i, { title }] of scenarios.entries()) {
    const told = await answers.answer(i);
    if (told === undefined) break;
    if ('result' in told) {
      ran.results.push({ at: i, title, result: told.result });
      continue;
    }
    const { failure } = told;
    const at = failure.path === undefined ? undefined : input.scenarioPlace?.(failure.path);
    const about = at ?? title;
    io.err(`wasm-hazards: ${about === '' ? '' : `${about}: `}${failure.message}${placeOf(failure, input)}`);
    ran.failures.push({ at: i, title, failure });
    if (HOPELESS.includes(failure.kind)) break;
  }
  answers.end();
  unwanted.abort();
  ran.notRun = scenarios.length - ran.results.length - ran.failures.length;
  io.signal?.removeEventListener('abort', onInterrupt);
  const interrupted = io.signal?.aborted === true;
  ran.notes = runNotes(ran.notRun, scenarios.length, { interrupted, advice: interrupted ? undefined : MORE_TIME });
  return ran;
}

/** Sentences about what of a plan was not run. `advice`: what to do about it. */
export function runNotes(
  notRun: number,
  scenarios: number,
  { interrupted, advice }: { interrupted: boolean; advice: string | undefined },
): string[] {
  const notes: string[] = [];
  if (notRun > 0)
    notes.push(`${notRun} of ${scenarios} scenarios were not run${advice === undefined ? '' : `: ${advice}`}.`);
  if (interrupted) notes.push('The run was interrupted: these are the results so far.');
  return notes;
}

/** What to do where the time was over before all scenarios were run. */
export const MORE_TIME = 'raise --seconds, or name calls with --call';

/** Options of every run. */
export const workerOf = ({ imports }: Scenario, { importsModule }: StressInput, { signal }: Io) => ({
  workerPath: workerProgram(),
  isolation: 'process' as const,
  importsModule: imports === 'stub' ? undefined : importsModule,
  enough: signal,
});

function placeOf({ offset }: StressFailure, { place, source }: StressInput): string {
  if (offset === undefined) return '';
  const at = place(-1, offset);
  return at.startsWith('0x') || source === undefined ? ` (offset ${hex(offset)})` : ` (${source}:${at})`;
}
