/** Runs with an existing analysis: each test counts how many further analyses the engine makes. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parse } from '@bytecodealliance/jco-transpile/wasm-tools';
import { analyse } from '../../analysis/analyse.ts';
import { decodeModule } from '../../wasm/decode.ts';
import type { ScenarioFile } from '../scenario/scenario.ts';
import { runScenario } from '../testing/run.ts';

const bytes = await parse(`(module (global $n (mut i32) (i32.const 0))
  (func (export "inc") (result i32) (global.set $n (i32.add (global.get $n) (i32.const 1))) (global.get $n)))`);
const module = decodeModule(bytes);
const known = { module, analysis: analyse(module, { host: 'wazero', model: 'auto' }) };

/** Number of analyses that the engine makes for some runs besides the existing one. */
async function analysesMade(files: readonly Partial<ScenarioFile>[]): Promise<number> {
  const made = new Set<unknown>();
  for (const file of files) {
    const answer = await runScenario(bytes, { callers: [[['inc']], [['inc']]], ...file }, { known });
    if ('failure' in answer) assert.fail(answer.failure.message);
    assert.equal(answer.result.verdict, file.model === 'isolated' ? 'safe' : 'race');
    if (answer.analysis !== known.analysis) made.add(answer.analysis);
  }
  return made.size;
}

test('scenarios with the host and sharing model of the existing analysis need no other analysis', async () => {
  assert.equal(await analysesMade([{}, { host: 'wazero' }, { model: 'auto' }, { model: 'shared-instance' }]), 0);
});

test('a scenario with another host or sharing model is analysed again', async () => {
  assert.equal(await analysesMade([{ host: 'wasmedge' }, { model: 'isolated' }, {}]), 2);
});

test('a known module is validated, too', async () => {
  const answer = await runScenario(bytes.slice(0, -1), { callers: [[['inc']]] }, { known });
  assert.ok('failure' in answer);
  assert.equal(answer.failure.kind, 'invalid-module');
});
