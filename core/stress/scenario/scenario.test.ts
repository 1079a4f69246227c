/** Which scenarios are the same one. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { completeScenario, importsFileOf, type ScenarioFile, scenarioKey } from './scenario.ts';

test('scenarios with another budget are the same, with other calls, imports or grants they are not', () => {
  const keyOf = (more: Partial<ScenarioFile>): string =>
    scenarioKey(completeScenario({ callers: [[['f']]], ...more }, 'wazero'));
  const key = keyOf({});
  assert.equal(keyOf({ budget: { seconds: 1 }, seed: 7 }), key);
  const others: Partial<ScenarioFile>[] = [
    { callers: [[['f'], ['f']]] },
    { setup: [['f']] },
    { probe: [['f']] },
    { unit: 'sequence' },
    { host: 'wasmtime' },
    { model: 'isolated' },
    { imports: { module: 'imports.mjs' } },
    { imports: 'stub' },
    { imports: { requests: [{ uri: '/' }] } },
    { imports: { 'env.f': { returns: 1 } } },
    { wasi: { clock: true } },
  ];
  assert.equal(new Set([key, ...others.map(keyOf)]).size, others.length + 1);
});

test('imports of a scenario are written as a file has them', () => {
  const choices: ScenarioFile['imports'][] = [
    undefined,
    'stub',
    { module: 'x.js' },
    { module: 'x.js', preset: 'auto' },
    { preset: 'none', 'env.f': { returns: 1 } },
    { preset: ['http-wasm'], requests: [{ uri: '/a' }] },
    { 'env.f': { suspends: true } },
  ];
  for (const imports of choices) {
    const scenario = completeScenario({ callers: [[['f']]], imports }, 'wazero');
    assert.deepEqual(importsFileOf(scenario), imports);
  }
});
