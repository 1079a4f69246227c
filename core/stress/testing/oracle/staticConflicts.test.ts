/**
 * Soundness of the analysis: static conflicts include every race that the interpreter of random programs finds.
 * `ORACLE_SEED=n` begins elsewhere; a failure names the seed of its program.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { conflictOf } from '../../../analysis/queries.ts';
import { analyseWat } from '../../../analysis/testing/facts.ts';
import { interpret } from './interpret.ts';
import { programOfSeed, watOf } from './program.ts';

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
    const [host, model] =
      program.model === 'A' ? (['wazero', 'shared-instance'] as const) : (['javascript', 'shared-memory'] as const);
    const { analysis } = await analyseWat(watOf(program), { host, model });
    const position = (caller: string) => analysis.exports.findIndex(({ name }) => name === `f${caller}`);
    for (const race of truth.races) {
      const [, a, b] = /^(\d+):\d+ (\d+):\d+ /.exec(race) ?? assert.fail(race);
      races++;
      assert.ok(
        conflictOf(analysis, position(a), position(b), 1),
        `ORACLE_SEED=${seed}: ${race} is no conflict of f${a} and f${b}\n${watOf(program)}`,
      );
    }
  }
  assert.ok(races > PROGRAMS / 5, String(races));
});
