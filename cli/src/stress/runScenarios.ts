/** Runs scenarios one after the other, in a process of their own, within one budget of time. */

import type { Scenario } from '../../../core/stress/scenario/scenario.ts';
import type { StressFailure } from '../../../core/stress/session/failure.ts';
import { hex } from '../../../core/wasm/printer/numbers.ts';
import type { StressInput } from '../input/stressInput.ts';
import type { Io } from '../io.ts';
import type { Planned } from './stressScenarios.ts';
import { workerProgram } from './workerProgram.ts';

/** What became of the scenarios. */
export interface PlanRun<Result> {
  results: { title: string; result: Result }[];
  /** Scenarios that could not be run. */
  failures: { title: string; failure: StressFailure }[];
  /** Number of scenarios that were not started. */
  notRun: number;
  notes: string[];
}

interface Around<Result> {
  input: StressInput;
  io: Io;
  /** Runs one scenario, and says how far it is. */
  run(scenario: Scenario, status: (text: string) => void): Promise<{ result: Result } | { failure: StressFailure }>;
}

/** Failures that every other scenario of the module would share. */
const HOPELESS: readonly StressFailure['kind'][] = ['unsupported-host', 'invalid-module', 'imports', 'cancelled'];
/** Fewest seconds for a scenario of a plan: a large module needs part of it to start. */
const LEAST = 1;

/**
 * Runs scenarios within `seconds` for all of them. Stops early, with what is known by then, when the user interrupts.
 * Failures go to standard error as they occur.
 */
export async function runScenarios<Result>(
  scenarios: readonly Planned[],
  seconds: number,
  { io, input, run }: Around<Result>,
): Promise<PlanRun<Result>> {
  const ran: PlanRun<Result> = { results: [], failures: [], notRun: 0, notes: [] };
  const end = performance.now() + seconds * 1000;
  let beyond = 0;
  const answer = (): void =>
    io.err('wasm-hazards: stopping with the results so far; interrupt again to quit immediately');
  io.signal?.addEventListener('abort', answer);
  for (const [i, { title, scenario }] of scenarios.entries()) {
    if (io.signal?.aborted || (i > 0 && performance.now() >= end)) break;
    // Time that earlier scenarios did not use goes to the later ones; if one overran its share, later ones will, too.
    const began = performance.now();
    const share = (end - began) / 1000 / (scenarios.length - i) - beyond;
    const timed = { ...scenario, budget: { ...scenario.budget, seconds: Math.max(share, LEAST) } };
    const label = scenarios.length > 1 ? `${i + 1} of ${scenarios.length}, ${title}: ` : '';
    const told = await run(scenarios.length > 1 ? timed : scenario, (text) => io.status?.(`${label}${text}`));
    beyond = Math.max(0, (performance.now() - began) / 1000 - timed.budget.seconds);
    if ('result' in told) {
      ran.results.push({ title, result: told.result });
      continue;
    }
    const { failure } = told;
    const at = failure.path === undefined ? undefined : input.scenarioPlace?.(failure.path);
    const about = at ?? title;
    io.err(`wasm-hazards: ${about === '' ? '' : `${about}: `}${failure.message}${placeOf(failure, input)}`);
    ran.failures.push({ title, failure });
    if (HOPELESS.includes(failure.kind)) break;
  }
  ran.notRun = scenarios.length - ran.results.length - ran.failures.length;
  io.signal?.removeEventListener('abort', answer);
  if (ran.notRun > 0) {
    const advice = io.signal?.aborted ? '' : ': raise --seconds, or name calls with --call';
    ran.notes.push(`${ran.notRun} of ${scenarios.length} scenarios were not run${advice}.`);
  }
  if (io.signal?.aborted) ran.notes.push('The run was interrupted: these are the results so far.');
  return ran;
}

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
