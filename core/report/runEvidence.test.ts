/** What generated code says of earlier runs. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parse } from '@bytecodealliance/jco-transpile/wasm-tools';
import { caseSource } from '../stress/testing/caseFiles.ts';
import { runScenario } from '../stress/testing/run.ts';
import { runEvidence } from './runEvidence.ts';

test('names the calls that belong together where a run found them divided', async () => {
  const answer = await runScenario(await parse(caseSource('request-response.wat')), {
    callers: [1, 2].map((value) => [['handle_request', value], ['handle_response']]),
    unit: 'sequence',
  });
  assert.ok('result' in answer);
  const { module, analysis, result } = answer;
  const lines = runEvidence(module, analysis, { explored: [result], hammered: [] });
  assert.ok(
    lines.some((line) => /Hold one sync\.Mutex from `handle_request` to `handle_response` of one caller/.test(line)),
    lines.join('\n'),
  );
});
