/**
 * llhttp on one parser and on a parser for each caller: what the analysis says of its functions is what runs show. If the
 * module cannot be fetched, the test is skipped and says why.
 */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, test } from 'node:test';
import { analyse } from '../../core/analysis/analyse.ts';
import { threadSafetyOf } from '../../core/analysis/conditions/threads.ts';
import { stress } from '../../core/stress/explore/stress.ts';
import { planOf } from '../../core/stress/scenario/plan.ts';
import { environment } from '../../core/stress/testing/run.ts';
import { decodeModule } from '../../core/wasm/decode.ts';
import { corpus } from './fetch.ts';
import { fetched } from './testing/chosen.ts';

const chosen = corpus.filter(({ name }) => name.endsWith('llhttp.wasm'));
/** Exports that write their parser and nothing else. */
const SETTERS = ['llhttp_pause', 'llhttp_set_error_reason', 'llhttp_set_lenient_headers'];

describe('llhttp', () => {
  const isSkipped = fetched(chosen);

  for (const name of SETTERS)
    test(`${name}: a race on one parser, none on different ones`, async (t) => {
      if (isSkipped(t)) return;
      const bytes = new Uint8Array(readFileSync(chosen[0].path));
      const module = decodeModule(bytes);
      const analysis = analyse(module, { host: 'wazero', model: 'shared-instance' });
      const position = analysis.exports.findIndex((one) => one.name === name);
      const { word, objects } = threadSafetyOf(analysis, position);
      assert.deepEqual([word, objects], ['thread-compatible', [{ parameter: 0, range: false }]]);
      const { scenarios } = planOf(module, analysis, {
        ...{ host: 'wazero', model: 'shared-instance', seconds: 60 },
        ...{ exportName: name, other: name },
      });
      const found = new Map<string, string>();
      for (const { title, scenario } of scenarios.filter(({ scenario: { callers } }) => callers[0].length === 1)) {
        const answer = await stress({ name, bytes, scenario, known: { module, analysis } }, environment());
        if ('failure' in answer) assert.fail(answer.failure.message);
        assert.deepEqual(answer.result.defects, [], title);
        found.set(title.replace(/^.*each, /, ''), answer.result.verdict);
      }
      assert.deepEqual(
        [...found],
        [
          ['on different objects', 'safe'],
          ['on the same object', 'race'],
        ],
      );
    });
});
