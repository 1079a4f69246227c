/** Advice for calls of one instance on one thread, and for host functions that call back. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { advisedRun } from './testing/advisedRun.ts';

const CASES = join(import.meta.dirname, '../stress/explore/cases');
const wat = (name: string): string => readFileSync(join(CASES, name, 'module.wat'), 'utf8');

test('one queue for all promising calls, or an instance for each, and nothing about locks and atomics', async () => {
  const { advice } = await advisedRun(wat('jspi-shadow-stack'), {
    host: 'javascript',
    model: 'auto',
    imports: { 'env.sleep': { suspends: true } },
    callers: [[['fn_a']], [['fn_b']]],
  });
  const texts = advice.map(({ text }) => text).join('\n');
  assert.match(texts, /one queue/);
  assert.match(texts, /an instance for each call/);
  assert.doesNotMatch(texts, /each access is atomic|Hold one lock/);
});

test('a call back gets no lock, which would deadlock', async () => {
  for (const host of ['wazero', 'javascript'] as const) {
    const { advice } = await advisedRun(wat('host-calls-back'), {
      host,
      model: 'auto',
      imports: { 'env.http_call': { calls: [['on_reply', '$0']] } },
      callers: [[['on_request', 1]]],
    });
    assert.match(advice[0].text, /^Do not call `on_reply` from a host function that `on_request` has called/);
    assert.ok(!advice.some(({ remedy }) => remedy === 'mutex' || remedy === 'atomics'), JSON.stringify(advice));
  }
});
