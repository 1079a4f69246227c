/**
 * Thousands of mutants of small modules. `MUTANTS=100000` tries more, `MUTATION_SEED=7` tries others; a failure prints
 * what is needed to reproduce it.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { examine } from './testing/mutation/examine.ts';
import { mutant } from './testing/mutation/mutate.ts';
import { loadSeeds } from './testing/mutation/seeds.ts';

const MUTANTS = Number(process.env.MUTANTS ?? 25_000);
const SEED = Number(process.env.MUTATION_SEED ?? 1);

const seeds = await loadSeeds();
const each = Math.ceil(MUTANTS / seeds.length);

for (const { name, bytes } of seeds) {
  test(`${each} mutants of ${name} (seed ${SEED})`, () => {
    assert.equal(examine(bytes).problem, undefined, 'the module itself');
    for (let index = 0; index < each; index++) {
      const made = mutant(bytes, SEED, index);
      const { problem } = examine(made.bytes);
      if (problem === undefined) continue;
      const hex = Buffer.from(made.bytes).toString('hex');
      assert.fail(`mutant ${index} of ${name}, seed ${SEED}, ${made.mutation}: ${problem}\n${hex}`);
    }
  });
}
