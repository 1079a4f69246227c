/**
 * Soundness of the analysis: static conflicts include every race that the interpreter of random programs finds.
 * `ORACLE_SEED=n` begins elsewhere; a failure names the seed of its program.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { conflictOf } from '../../../analysis/queries.ts';
import { analyseWat } from '../../../analysis/testing/facts.ts';
import { programOfSeed } from './generate.ts';
import { interpret } from './interpret.ts';
import { exportOf } from './program.ts';
import { watOf } from './text.ts';

const FIRST_SEED = Number(process.env.ORACLE_SEED ?? 1);
const PROGRAMS = 2000;

test(`every race of ${PROGRAMS} random programs from seed ${FIRST_SEED} is a conflict`, async () => {
  let programs = 0;
  let races = 0;
  for (let seed = FIRST_SEED; programs < PROGRAMS; seed++) {
    const program = programOfSeed(seed);
    const truth = interpret(program, 100_000);
    if (truth === undefined) continue;
    programs++;
    if (truth.races.size === 0) continue;
    const { host, model } = program;
    const { analysis } = await analyseWat(watOf(program), { host, model });
    const position = (caller: string, call: string) =>
      analysis.exports.findIndex(({ name }) => name === exportOf(Number(caller), Number(call)));
    for (const race of truth.races) {
      const [, a, i, b, j] = /^(\d+)\.(\d+):\d+ (\d+)\.(\d+):\d+ /.exec(race) ?? assert.fail(race);
      races++;
      assert.ok(
        conflictOf(analysis, position(a, i), position(b, j), 1),
        `ORACLE_SEED=${seed}: ${race} is no conflict\n${watOf(program)}`,
      );
    }
  }
  assert.ok(races > PROGRAMS / 5, String(races));
});
