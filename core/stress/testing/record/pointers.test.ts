/**
 * Soundness of summaries: random modules with pointers run in a real engine, and every access of every call lies within
 * what the analysis says about the function. `POINTERS_SEED=7 POINTERS_MODULES=20000` tries other modules.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parse } from '@bytecodealliance/jco-transpile/wasm-tools';
import { analyseBytes } from '../../../analysis/testing/facts.ts';
import { pointerProgram } from '../../../analysis/testing/pointerPrograms.ts';
import { random } from '../../../testing/random.ts';
import { type PairTally, unexplainedIn } from './pointerPairs.ts';
import { type PointerTally, uncoveredOf } from './pointerRuns.ts';

const SEED = Number(process.env.POINTERS_SEED ?? 1);
const MODULES = Number(process.env.POINTERS_MODULES ?? 600);

test(`accesses of ${MODULES} random modules with pointers from seed ${SEED} lie within the summaries`, async () => {
  const tally: PointerTally = { calls: 0, traps: 0, accesses: 0, claims: {} };
  for (let index = 0; index < MODULES; index++) {
    const next = random(Math.imul(SEED, 0x9e3779b1) + index);
    const program = pointerProgram(next);
    const { module, analysis } = analyseBytes(await parse(program.text));
    const [problem] = uncoveredOf(program, module, analysis, next, tally);
    if (problem !== undefined) assert.fail(`POINTERS_SEED=${SEED}, module ${index}: ${problem}\n${program.text}`);
  }
  assert.ok(tally.calls > 20 * MODULES && tally.accesses > 200 * MODULES, JSON.stringify(tally));
  for (const claim of ['static', 'stack', 'parameter', 'range', 'fresh', 'contents', 'unknown'])
    assert.ok(tally.claims[claim] > 10 * MODULES, JSON.stringify(tally));
  assert.ok(tally.traps < tally.calls / 10, JSON.stringify(tally));
});

test(`calls of ${MODULES} random modules that touch the same bytes conflict, from seed ${SEED}`, async () => {
  const tally: PairTally = { pairs: 0, meeting: 0, overlaps: 0, conditional: 0, apart: 0 };
  for (let index = 0; index < MODULES; index++) {
    const next = random(Math.imul(SEED, 0x9e3779b1) + index);
    const program = pointerProgram(next);
    const { module, analysis } = analyseBytes(await parse(program.text));
    const [problem] = unexplainedIn(program, module, analysis, next, tally);
    if (problem !== undefined) assert.fail(`POINTERS_SEED=${SEED}, module ${index}: ${problem}\n${program.text}`);
  }
  assert.ok(
    tally.meeting > MODULES / 4 && tally.overlaps > MODULES && tally.conditional > MODULES / 4,
    JSON.stringify(tally),
  );
});
