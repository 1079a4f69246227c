/**
 * An exhaustive exploration of a random program finds the same outcomes as a small interpreter that runs every
 * interleaving.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { random } from '../../testing/random.ts';
import { moduleOf, outcomesOf, randomProgram, type Step } from '../testing/randomPrograms.ts';
import { explored } from '../testing/run.ts';

async function check(programs: readonly Step[][]): Promise<boolean> {
  const source = moduleOf(programs);
  const result = await explored(source, { callers: programs.map((_, p) => [[`f${p}`]]) });
  const all = outcomesOf(programs, 'steps');
  const serial = outcomesOf(programs, 'whole');
  assert.equal(result.exhaustive, true, source);
  assert.equal(result.outcomes.serial, serial.size, source);
  assert.equal(result.outcomes.seen, all.size, source);
  assert.equal(result.wrongOutcome, all.size > serial.size, source);
  return result.wrongOutcome;
}

test('two callers', async () => {
  const next = random(4711);
  let wrong = 0;
  for (let n = 0; n < 150; n++)
    if (await check([randomProgram(next, 2 + next(4)), randomProgram(next, 2 + next(4))])) wrong++;
  assert.ok(wrong > 30 && wrong < 150, `${wrong} with wrong outcomes`);
});

test('three callers', async () => {
  const next = random(815);
  for (let n = 0; n < 60; n++) await check([0, 1, 2].map(() => randomProgram(next, 1 + next(3))));
});
