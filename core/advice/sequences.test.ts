/** Advice about calls that belong together, and about what was safe in one state only. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { parse } from '@bytecodealliance/jco-transpile/wasm-tools';
import { analyse } from '../analysis/analyse.ts';
import { decodeModule } from '../wasm/decode.ts';
import { adviceOf } from './adviceOf.ts';
import { advisedRun } from './testing/advisedRun.ts';
import { contradictionsIn } from './testing/contradictions.ts';

const caseOf = (name: string): string =>
  readFileSync(join(import.meta.dirname, '..', 'stress', 'explore', 'cases', name), 'utf8');

const EXCHANGE = caseOf('request-response.wat');

test('a lock is held, or an instance kept, from the first to the last call of a sequence', async () => {
  const { advice, model } = await advisedRun(EXCHANGE, {
    callers: [
      [['handle_request', 1], ['handle_response']],
      [['handle_request', 2], ['handle_response']],
    ],
  });
  const [mutex, ...more] = advice.filter(({ remedy }) => remedy === 'mutex');
  assert.match(
    mutex.text,
    /^Hold one sync\.Mutex from `handle_request` to `handle_response` of one caller, not for each/,
  );
  assert.match(mutex.because[0].text, /another caller came between `handle_request` and `handle_response`/);
  assert.deepEqual(more, []);
  for (const { text } of advice) assert.doesNotMatch(text, /around every call|run concurrently|as readers/);
  const pool = advice.find(({ remedy }) => remedy === 'pool');
  assert.match(pool?.text ?? '', /keep it from `handle_request` to `handle_response`/);
  assert.deepEqual(contradictionsIn(advice, model), []);
});

test('what was safe on an empty list is no permission where exports need a lock', async () => {
  const wat = caseOf('noop-mutex.wat');
  const host = { host: 'javascript', model: 'shared-memory' } as const;
  const empty = await advisedRun(wat, { ...host, callers: [[['take']], [['take']]] });
  const give = await advisedRun(wat, { ...host, setup: [['reset'], ['take']], callers: [[['take']], [['give', 128]]] });
  const module = decodeModule(await parse(wat));
  const advices = adviceOf(module, analyse(module, host), [empty, give]);
  const mutex = advices.find(({ remedy }) => remedy === 'mutex');
  assert.match(mutex?.text ?? '', /one lock that all instances over the memory share/);
  assert.deepEqual(contradictionsIn(advices, 'shared-memory'), []);
});
