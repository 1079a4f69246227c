/** Soundness of the analysis: static conflicts include every race that exploration finds. `STRESS_SEED=n` begins elsewhere. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { parse } from '@bytecodealliance/jco-transpile/wasm-tools';
import { WAZERO_SCENARIOS, wazeroModule } from '../../analysis/testing/wazero/verdicts.ts';
import { random } from '../../testing/random.ts';
import type { ScenarioFile } from '../scenario/scenario.ts';
import type { Call } from '../scenario/steps.ts';
import { caseSource } from '../testing/caseFiles.ts';
import { moduleOf, randomProgram } from '../testing/randomPrograms.ts';
import { explored } from '../testing/run.ts';
import { unpredictedRaces } from '../testing/staticConflicts.ts';

const FIRST_SEED = Number(process.env.STRESS_SEED ?? 1);

test('every race of the scenarios of wazero is a conflict of the exports and of the two accesses', async () => {
  let races = 0;
  for (const { id, module, setup, probe, callers } of WAZERO_SCENARIOS) {
    const bytes = await wazeroModule(module);
    const result = await explored(bytes, { callers: callers as Call[][], setup, probe });
    races += result.races.length;
    assert.deepEqual(unpredictedRaces(bytes, callers as Call[][], result), [], id);
  }
  assert.ok(races > 20, String(races));
});

describe('every race of a case is a conflict', () => {
  const CASES: readonly (readonly [folder: string, name: string])[] = [
    ['bump-pointer-in-global', 'scenario'],
    ['lld-init-guard', 'broken'],
    ['no-race-seen', 'scenario'],
    ['noop-mutex-freelist', 'scenario'],
    ['shadow-stacks-overlap', 'scenario'],
    ['shadow-stacks-overlap', 'exported'],
    ['start-clears-shared-memory', 'as-export'],
    ['truncate-against-read', 'scenario'],
  ];
  for (const [folder, name] of CASES) {
    test(`${folder}, ${name}`, async () => {
      const file = JSON.parse(caseSource(`${folder}/${name}.stress.json`)) as ScenarioFile;
      const bytes = await parse(caseSource(`${folder}/${file.module}`));
      const result = await explored(bytes, { model: 'auto', ...file });
      assert.deepEqual(unpredictedRaces(bytes, file.callers as Call[][], result), []);
    });
  }
});

test('every race of random programs on a global and words is a conflict', async () => {
  const next = random(FIRST_SEED);
  let races = 0;
  for (let n = 0; n < 60; n++) {
    const bytes = await parse(moduleOf([randomProgram(next, 2 + next(4)), randomProgram(next, 2 + next(4))]));
    const callers: Call[][] = [[['f0']], [['f1']]];
    const result = await explored(bytes, { callers, probe: [['cells']] });
    races += result.races.length;
    assert.deepEqual(unpredictedRaces(bytes, callers, result), [], `STRESS_SEED=${FIRST_SEED}, program ${n}`);
  }
  assert.ok(races > 20, String(races));
});

/** Accesses of the callers' bytes, with every width, plain and atomic, at constants and at parameters. */
function accessAt(next: (bound: number) => number): string {
  const width = next(3);
  const atomic = next(2) === 0;
  const offset = next(3) * 4;
  const address = ['(local.get $p)', '(i32.const 64)', '(i32.add (local.get $p) (i32.const 4))', '(global.get $base)'][
    next(4)
  ];
  const name = `i32${atomic ? '.atomic' : ''}`;
  return next(2) === 0
    ? `(drop (${name}.load${['8_u', '16_u', ''][width]} offset=${offset} ${address}))`
    : `(${name}.store${['8', '16', ''][width]} offset=${offset} ${address} (i32.const 1))`;
}

test('every race at addresses of all kinds is a conflict', async () => {
  const next = random(FIRST_SEED);
  let races = 0;
  for (let n = 0; n < 150; n++) {
    const bodies = [0, 1].map((f) => {
      const lines = Array.from({ length: 1 + next(3) }, () => accessAt(next));
      return `(func (export "f${f}") (param $p i32) ${next(3) === 0 ? `(call $inner (local.get $p))` : ''} ${lines.join(' ')})`;
    });
    const bytes = await parse(`(module (memory 1 1 shared) (global $base i32 (i32.const 68))
      (func $inner (param $p i32) ${accessAt(next)}) ${bodies.join(' ')})`);
    const callers: Call[][] = [[['f0', 64 + next(3) * 4]], [['f1', 64 + next(3) * 4]]];
    const result = await explored(bytes, { callers });
    races += result.races.length;
    assert.deepEqual(unpredictedRaces(bytes, callers, result), [], `STRESS_SEED=${FIRST_SEED}, program ${n}`);
  }
  assert.ok(races > 50, String(races));
});
