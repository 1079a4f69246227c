/** Help for tests of advice: runs a scenario and adds what follows from it. */
import assert from 'node:assert/strict';
import { runScenario } from '../../stress/testing/run.ts';
import { type AdvisedResult, advised } from '../advised.ts';

/** The result with its advice; fails the test where there is none. */
export async function advisedRun(...run: Parameters<typeof runScenario>): Promise<AdvisedResult> {
  const answer = advised(await runScenario(...run));
  if ('failure' in answer) assert.fail(`${answer.failure.kind}: ${answer.failure.message}`);
  return answer.result;
}
