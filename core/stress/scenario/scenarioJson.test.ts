/** What is written as a scenario file is read as the same scenario. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { CallerForm } from './callerForms.ts';
import { parseScenario } from './checkScenario.ts';
import { completeScenario, type Scenario } from './scenario.ts';
import { scenarioJson, skeletonJson } from './scenarioJson.ts';

const SCENARIOS: Scenario[] = [
  completeScenario({ module: 'a.wasm', callers: [[['f']], [['f']]] }, 'wazero'),
  completeScenario(
    {
      module: 'with "quotes".wat',
      model: 'shared-instance',
      setup: [['_initialize']],
      callers: [[['put', 1, '9223372036854775807', null], ['a\n"b"']], [['put', -1, 'nan', null]]],
      probe: [['get']],
      imports: { module: 'imports.mjs' },
      wasi: { clock: true, args: ['x'], env: { HOME: '/' } },
      budget: { seconds: 3, schedules: 50, preemptions: 2 },
      seed: 9,
    },
    'wasmtime',
  ),
];

for (const scenario of SCENARIOS) {
  test(`a scenario of ${scenario.host} is written and read back`, () => {
    assert.deepEqual(parseScenario(scenarioJson(scenario, scenario.module ?? ''), 'extism'), { scenario });
  });
}

test('a caller has a line of its own', () => {
  assert.match(scenarioJson(SCENARIOS[0], 'a.wasm'), /\n {4}\[\["f"\]\],\n {4}\[\["f"\]\]\n/);
});

test('a protocol has a line for each step', () => {
  const callers: CallerForm[] = [
    { steps: [{ call: 'malloc', args: [16], as: 'text' }, ['free', '$text']] },
    { like: 0, with: { Lena: 'Mira' } },
  ];
  const scenario = completeScenario({ module: 'a.wasm', callers }, 'wazero');
  const text = skeletonJson(scenario, callers, 'a.wasm');
  assert.deepEqual(parseScenario(text, 'wasmtime'), { scenario });
  assert.match(text, /\n {8}\{ "call": "malloc", "args": \[16\], "as": "text" \},\n {8}\["free", "\$text"\]\n/);
  assert.match(text, /\n {4}\{ "like": 0, "with": \{ "Lena": "Mira" \} \}\n/);
});

test('names are written so that nothing hides or reorders the text, and are read back', () => {
  const name = 'a\u202eb\u009b\u200b\u{e0041}\u3164"c';
  const scenario = completeScenario(
    { module: `${name}.wasm`, callers: [[[name]], [[name]]], setup: [[name]] },
    'wazero',
  );
  const text = scenarioJson(scenario, `${name}.wasm`);
  assert.doesNotMatch(text, /(?!\n)[\p{Cc}\p{Cf}\u3164]/u);
  assert.deepEqual(parseScenario(text, 'extism'), { scenario });
});
