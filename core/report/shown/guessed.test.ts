/** What runs with objects that a plan made up show of a module: accesses that met, and nothing of outcomes. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { advisedRun } from '../../advice/testing/advisedRun.ts';
import { madeHammered } from '../testing/madeHammered.ts';
import { shownExploration, shownHammering } from './shownRun.ts';

const MODULE = `(module (memory 1 1 shared) (global $n (mut i32) (i32.const 0))
  (func (export "inc") (result i32)
    (global.set $n (i32.add (global.get $n) (i32.const 1)))
    (global.get $n))
  (func (export "twice") (result i32)
    (drop (i32.atomic.rmw.add (i32.const 0) (i32.const 1)))
    (i32.atomic.load (i32.const 0))))`;

const headlines = async (name: string, guessed?: readonly string[]): Promise<string[]> => {
  const result = await advisedRun(MODULE, { callers: [[[name]], [[name]]] });
  return shownExploration({ ...result, scenario: { ...result.scenario, guessed } }).headlines;
};

test('a wrong outcome of guessed objects is none of the module, a race is', async () => {
  assert.deepEqual(await headlines('inc'), ['wrong-outcome', 'race']);
  assert.deepEqual(await headlines('inc', ['inc']), ['race']);
});

test('without a race, the run is inconclusive, and not without findings', async () => {
  assert.deepEqual(await headlines('twice'), ['wrong-outcome']);
  assert.deepEqual(await headlines('twice', ['twice']), ['inconclusive']);
});

test('rounds of a hammer show nothing then, and their text says why', () => {
  const result = madeHammered([[['inc']], [['inc']]], { verdict: 'wrong-outcome', rounds: 5, wrongRounds: 2 });
  assert.deepEqual(shownHammering(result).headlines, ['wrong-outcome']);
  const guessed = shownHammering({ ...result, scenario: { ...result.scenario, guessed: ['inc'] } });
  assert.deepEqual(guessed.headlines, []);
  assert.match(guessed.text, /^wrong outcome in 2 of 5 rounds.*, with guessed objects$/);
});
