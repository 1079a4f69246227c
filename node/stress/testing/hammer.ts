/** Help for tests of the hammer: runs with real threads that end with what was to be seen, not with a time. */
import assert from 'node:assert/strict';
import { parse } from '@bytecodealliance/jco-transpile/wasm-tools';
import type { HammerAnswer } from '../../../core/stress/hammer/hammer.ts';
import type { HammerResult } from '../../../core/stress/hammer/hammerResult.ts';
import { completeScenario, type ScenarioFile } from '../../../core/stress/scenario/scenario.ts';
import type { StressFailure } from '../../../core/stress/session/failure.ts';
import { type HammerOptions, hammerInThreads } from '../runHammer.ts';

/** The worker's program in the sources, so that tests need no build. */
export const workerPath = new URL('../stressWorker.ts', import.meta.url);

/**
 * Fields of a module that callers share as one instance, behind its other memories: `$pause` sleeps for a millisecond and
 * changes nothing. Calls that pause in the middle meet however few cores are free, because the other thread runs
 * meanwhile; in serial orders the wait ends at once.
 */
const PAUSE = `(memory $asleep 1 1 shared)
  (func $pause (drop (memory.atomic.wait32 $asleep (i32.const 0) (i32.const 0) (i64.const 1000000))))`;

/** A module with `$pause`. */
export const withPause = (source: string): string => source.trimEnd().replace(/\)$/, `${PAUSE})`);

/** A read and a write with a pause between them. */
export const SLOW = withPause(`(module (global $n (mut i32) (i32.const 0))
  (func (export "inc") (result i32) (local i32)
    (local.set 0 (global.get $n)) (call $pause)
    (global.set $n (i32.add (local.get 0) (i32.const 1))) (i32.add (local.get 0) (i32.const 1)))
  (func (export "get") (result i32) (global.get $n))
  (func (export "trap") (call $pause) unreachable)
  (func (export "forever") (loop $l (br $l))))`);

/** Seconds that no run takes: it ends for another reason. */
const NO_LIMIT = 3600;

/** Options of a run, and the name of the module in messages; `test.wat` unless given. */
export interface More extends Partial<HammerOptions> {
  name?: string;
}

async function run(source: string, file: ScenarioFile, { name = 'test.wat', ...options }: More = {}) {
  const scenario = completeScenario(
    { model: 'shared-instance', ...file, budget: { seconds: NO_LIMIT, ...file.budget } },
    'wazero',
  );
  return hammerInThreads(
    { bytes: await parse(source), name, scenario },
    { workerPath, cores: 2, progressMs: 10, ...options },
  );
}

/** The result of a run. @throws AssertionError when the run failed */
export const resultOf = (answer: HammerAnswer): HammerResult =>
  'failure' in answer ? assert.fail(`${answer.failure.kind}: ${answer.failure.message}`) : answer.result;

/** Goes on until that has been seen, however busy the machine is. */
export async function hammeredUntil(
  source: string,
  file: ScenarioFile,
  seen: (result: HammerResult) => boolean,
  more?: More,
): Promise<HammerResult> {
  const enough = new AbortController();
  const onProgress = (result: HammerResult): void => {
    if (seen(result)) enough.abort();
  };
  return resultOf(await run(source, file, { enough: enough.signal, onProgress, ...more }));
}

/** Some rounds. */
export const hammered = (source: string, file: ScenarioFile, more?: More): Promise<HammerResult> =>
  hammeredUntil(source, file, ({ rounds }) => rounds >= 50, more);

/** To the end of its time, costs and all: however short it is, a batch of rounds and some steps of each measurement. */
export const whole = async (source: string, file: ScenarioFile): Promise<HammerResult> =>
  resultOf(await run(source, { ...file, budget: { seconds: 1 } }));

/** The failure of a run that must fail; rejects with an AssertionError when it has a result. */
export async function failed(source: string, file: ScenarioFile, more?: More): Promise<StressFailure> {
  const answer = await run(source, file, more);
  if ('result' in answer) assert.fail(`no failure, but ${answer.result.verdict}`);
  return answer.failure;
}

/** For `hammeredUntil`: rounds had an outcome that no order of the calls explains. */
export const isWrong = ({ verdict }: HammerResult): boolean => verdict === 'wrong-outcome';

/** A scenario with two callers that each make the same call once, such as `twice('inc')`. */
export const twice = (...call: [string, ...number[]]): ScenarioFile => ({ callers: [[call], [call]] });
