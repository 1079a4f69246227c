/**
 * The hammer agrees with exploration on random modules and on one thread, where rounds run whole calls one after the
 * other: the serial outcomes of exploration and of the hammer and all outcomes of rounds are the same.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { random } from '../../testing/random.ts';
import type { ScenarioFile } from '../scenario/scenario.ts';
import type { Call } from '../scenario/steps.ts';
import type { Results } from '../session/job.ts';
import { hammeredOnOneThread } from '../testing/hammerOnOneThread.ts';
import { randomStateModule } from '../testing/randomModules.ts';
import { explored } from '../testing/run.ts';

const ROUNDS = 10;
/** Examples of serial outcomes that exploration lists. */
const EXAMPLES = 8;

test('serial outcomes, and all outcomes of calls that run alone, are those of exploration', async () => {
  const next = random(31415);
  const call = (): Call => [`f${next(4)}`, next(3) - 1, next(5)];
  const calls = (most: number): Call[] => Array.from({ length: 1 + next(most) }, call);
  let different = 0;
  let trapped = 0;
  for (let n = 0; n < 80; n++) {
    const source = randomStateModule(next);
    const file: ScenarioFile = {
      callers: Array.from({ length: 2 + next(2) }, () => calls(2)),
      probe: next(2) === 0 ? [['state']] : [],
    };
    const result = await hammeredOnOneThread(source, file, {
      progress: ({ rounds }, { enough }) => void (rounds >= ROUNDS && enough()),
    });
    const about = `${JSON.stringify(file)}\n${source}`;
    const exploration = await explored(source, { ...file, budget: { schedules: 1 } });
    const textOf = ({ results, probe }: { results: Results; probe: string[] }): string =>
      JSON.stringify([results, probe]);
    assert.equal(result.serialComplete, true, about);
    assert.equal(result.serial, exploration.outcomes.serial, about);
    const serial = new Set(exploration.outcomes.examples.map(textOf));
    assert.ok(result.rounds > 0 && result.outcomes.length > 0, about);
    for (const outcome of result.outcomes) {
      assert.equal(outcome.kind, 'serial', `${JSON.stringify(outcome)}\n${about}`);
      if (result.serial <= EXAMPLES) assert.ok(serial.has(textOf(outcome)), `${JSON.stringify(outcome)}\n${about}`);
    }
    assert.equal(result.verdict, 'none-seen', about);
    if (result.serial > 1) different++;
    if (result.outcomes.some(({ results }) => results.flat().some((text) => text.startsWith('trap: ')))) trapped++;
  }
  assert.ok(different > 20 && trapped > 10, `${different} with several serial outcomes, ${trapped} with traps`);
});
