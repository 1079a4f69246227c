/** Advice about a lock where calls with different objects do not conflict. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { analyseWat } from '../analysis/testing/facts.ts';
import { conclude } from './conclusions.ts';
import { adviceFacts } from './facts.ts';
import { lockingAdvice } from './rules/locking.ts';

async function lockingTexts(text: string): Promise<string> {
  const { module, analysis } = await analyseWat(`(module (memory 1) ${text})`, { model: 'shared-instance' });
  const facts = adviceFacts(module, analysis, [], 'module');
  return lockingAdvice(facts, conclude(facts))
    .map((advice) => advice.text)
    .join('\n');
}

const PUT = '(func (export "put") (param i32) (i32.store (local.get 0) (i32.const 1)))';

test('calls with different objects may share the lock as readers', async () => {
  assert.match(
    await lockingTexts(PUT),
    /If it is a reader-writer lock, it may be shared by readers: calls of `put` that get different objects \(parameter 0\)\./,
  );
});

test('an export with state of the module may not', async () => {
  const text = await lockingTexts('(func (export "put") (param i32) (i32.store (i32.const 64) (local.get 0)))');
  assert.match(text, /around every call of `put`/);
  assert.doesNotMatch(text, /different objects/);
});

test('nor an export that calls the host', async () => {
  const { module, analysis } = await analyseWat(
    `(module (import "env" "log" (func $log)) (memory 1)
      (func (export "put") (param i32) (call $log) (i32.store (local.get 0) (i32.const 1))))`,
    { model: 'shared-instance' },
  );
  const facts = adviceFacts(module, analysis, [], 'module');
  for (const { text } of lockingAdvice(facts, conclude(facts))) assert.doesNotMatch(text, /different objects/);
});
