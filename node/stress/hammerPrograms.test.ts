/**
 * What the hammer counts can happen, and what it calls serial is: on random programs with real threads, against every
 * interleaving that a small interpreter runs.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { moduleOf, outcomesOf, randomProgram, type Step } from '../../core/stress/testing/randomPrograms.ts';
import { explored } from '../../core/stress/testing/run.ts';
import { random } from '../../core/testing/random.ts';
import { hammeredUntil } from './testing/hammer.ts';

const ROUNDS = 300;

async function check(programs: readonly Step[][]): Promise<void> {
  const source = moduleOf(programs);
  const callers: [string][][] = programs.map((_, p) => [[`f${p}`]]);
  const file = { callers, probe: [['cells'] as [string]] };
  const result = await hammeredUntil(source, file, ({ rounds }) => rounds >= ROUNDS);
  // The probe's `(1, 2, 3)` as the interpreter's `1,2,3`.
  const textOf = ({ results, probe }: { results: string[][]; probe: string[] }): string =>
    `${results.flat().join()} ${probe[0].replace(/[() ]/g, '')}`;
  const serial = outcomesOf(programs, 'whole');
  // Other processors reorder more than this.
  const all = process.arch === 'x64' ? outcomesOf(programs, 'buffered') : undefined;
  assert.deepEqual([result.serial, result.serialComplete], [serial.size, true], source);
  assert.ok(result.seen > 0 && result.seen === result.outcomes.length, source);
  for (const outcome of result.outcomes) {
    const text = textOf(outcome);
    assert.equal(outcome.kind, serial.has(text) ? 'serial' : 'wrong', `${text}: ${source}`);
    assert.ok(all?.has(text) !== false, `${text} cannot happen: ${source}`);
  }
  const exploration = await explored(source, file);
  assert.equal(exploration.outcomes.serial, result.serial, source);
  assert.deepEqual(new Set(exploration.outcomes.examples.map(textOf)), serial, source);
}

test('two callers', async () => {
  const next = random(2718);
  for (let n = 0; n < 12; n++) await check([randomProgram(next, 2 + next(4)), randomProgram(next, 2 + next(4))]);
});

test('three callers on two threads', async () => {
  const next = random(1618);
  for (let n = 0; n < 4; n++) await check([0, 1, 2].map(() => randomProgram(next, 1 + next(3))));
});
