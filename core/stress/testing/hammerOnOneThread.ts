/** For tests of the hammer: a run on one thread, without workers, with a clock that the test moves. */
import assert from 'node:assert/strict';
import { parse } from '@bytecodealliance/jco-transpile/wasm-tools';
import { controlBuffer, Slot } from '../hammer/control.ts';
import { hammer } from '../hammer/hammer.ts';
import type { HammerResult } from '../hammer/hammerResult.ts';
import type { ThreadStart } from '../hammer/threadStart.ts';
import { completeScenario, type ScenarioFile } from '../scenario/scenario.ts';

/** A run as the test sees it. */
export interface SingleRun {
  /** Ends the rounds and reports what is known. */
  enough(): void;
  /** What the thread works on; undefined before that is made. */
  readonly start: ThreadStart | undefined;
  /** Moves the clock, which also moves by a second with each reading. */
  wait(seconds: number): void;
}

/** What happens during the run. */
export interface SingleRunHooks {
  /** Called with what is known so far, after the serial orders and after each batch of rounds. */
  progress(result: HammerResult, run: SingleRun): void;
  /** Called at each reading of the clock: after a round, among others. */
  look?(run: SingleRun): void;
}

/** The result, of a run of an hour unless `progress` ends it. @throws AssertionError when the run failed */
export async function hammeredOnOneThread(
  source: string,
  file: ScenarioFile,
  { progress, look }: SingleRunHooks,
): Promise<HammerResult> {
  const control = new Int32Array(controlBuffer(file.callers.length));
  const scenario = completeScenario({ model: 'shared-instance', ...file, budget: { seconds: 3600 } }, 'wazero');
  let time = 0;
  let start: ThreadStart | undefined;
  const run: SingleRun = {
    enough: () => void Atomics.store(control, Slot.Enough, 1),
    get start() {
      return start;
    },
    wait(seconds) {
      time += seconds * 1000;
    },
  };
  const answer = hammer(
    { name: 'test.wat', bytes: await parse(source), scenario },
    {
      cores: 1,
      progressMs: 0,
      control,
      send(sent) {
        start = sent;
      },
      sendMemories: () => {},
      progress: (result) => progress(result, run),
      now() {
        look?.(run);
        run.wait(1);
        return time;
      },
      world: { nanoseconds: () => 42n, random: (bytes) => void bytes.fill(7) },
      given: undefined,
    },
  );
  return 'failure' in answer ? assert.fail(answer.failure.message) : answer.result;
}
