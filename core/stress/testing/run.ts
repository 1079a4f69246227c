/** For tests of the engine: runs scenarios on sources in a simple environment. */
import assert from 'node:assert/strict';
import { parse } from '@bytecodealliance/jco-transpile/wasm-tools';
import type { StressAnswer, StressResult } from '../explore/result.ts';
import { stress } from '../explore/stress.ts';
import { completeScenario, type ScenarioFile } from '../scenario/scenario.ts';
import type { Environment } from '../session/environment.ts';
import type { StressFailure } from '../session/failure.ts';
import type { StressJob } from '../session/job.ts';

/** Seconds that no run takes: what ends it is not the speed of the machine. */
const NO_LIMIT = 3600;

/** An environment without progress, with a fixed world. */
export const environment = (more: Partial<Environment> = {}): Environment => ({
  now: () => performance.now(),
  cancelled: () => false,
  breathe: () => new Promise((resolve) => setImmediate(resolve)),
  progress: () => {},
  world: { nanoseconds: () => 42n, random: (bytes) => void bytes.fill(7) },
  ...more,
});

/** Further properties of the job and of the environment. */
export interface RunMore extends Partial<Omit<StressJob, 'scenario' | 'bytes'>> {
  environment?: Partial<Environment>;
}

/** Runs a scenario on a source or binary. */
export async function runScenario(
  module: string | Uint8Array,
  file: ScenarioFile,
  more: RunMore = {},
): Promise<StressAnswer> {
  const bytes = typeof module === 'string' ? await parse(module) : module;
  const { environment: world, ...job } = more;
  const scenario = completeScenario(
    { model: 'shared-instance', ...file, budget: { seconds: NO_LIMIT, ...file.budget } },
    'wazero',
  );
  return stress({ name: 'test.wat', bytes, scenario, ...job }, environment(world));
}

/** The result; fails the test if there is none. */
export async function explored(
  module: string | Uint8Array,
  file: ScenarioFile,
  more: RunMore = {},
): Promise<StressResult> {
  const answer = await runScenario(module, file, more);
  if ('failure' in answer) assert.fail(`${answer.failure.kind}: ${answer.failure.message}`);
  return answer.result;
}

/** The failure; fails the test if there is none. */
export async function failure(
  module: string | Uint8Array,
  file: ScenarioFile,
  more: RunMore = {},
): Promise<StressFailure> {
  const answer = await runScenario(module, file, more);
  if ('result' in answer) assert.fail(`no failure, but ${answer.result.verdict}`);
  return answer.failure;
}

/** The part of a result that is equal in every run of a scenario. */
export function stable({
  explored: { seconds: _s, schedulesPerSecond: _p, ...counts },
  ...result
}: StressResult): object {
  return { ...result, explored: counts };
}
