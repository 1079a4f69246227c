/** Advice about a lock where calls with different objects do not conflict. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parse } from '@bytecodealliance/jco-transpile/wasm-tools';
import { analyse } from '../analysis/analyse.ts';
import { analyseWat } from '../analysis/testing/facts.ts';
import type { StressResult } from '../stress/explore/result.ts';
import { explored } from '../stress/testing/run.ts';
import { decodeModule } from '../wasm/decode.ts';
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

test('a lock for each object is enough', async () => {
  assert.match(
    await lockingTexts(PUT),
    /A lock for each object \(parameter 0\) is enough: calls that get different objects do not conflict, by the static analysis\./,
  );
});

test('calls with different objects may share the lock as readers where some calls conflict always', async () => {
  const both = `${PUT} (func (export "wild") (i32.store (i32.load (i32.const 64)) (i32.const 1)))`;
  const text = await lockingTexts(both);
  assert.doesNotMatch(text, /lock for each object/);
  assert.match(
    text,
    /If it is a reader-writer lock, it may be shared by readers: calls of `put` that get different objects \(parameter 0\)/,
  );
});

test('runs check it, and take it back', async () => {
  const bytes = await parse(`(module (memory 1) ${PUT})`);
  const module = decodeModule(bytes);
  const analysis = analyse(module, { host: 'wazero', model: 'shared-instance' });
  const run = (a: number, b: number) => explored(bytes, { callers: [[['put', a]], [['put', b]]] });
  const textOf = (results: StressResult[]): string => {
    const facts = adviceFacts(module, analysis, results, 'module');
    return lockingAdvice(facts, conclude(facts))
      .map(({ text }) => text)
      .join('\n');
  };
  const [same, different, near] = [await run(64, 64), await run(64, 4096), await run(64, 66)];
  assert.deepEqual([same.verdict, different.verdict, near.verdict], ['race', 'safe', 'race']);
  assert.match(textOf([same, different]), /do not conflict; runs with different objects showed nothing else\./);
  assert.match(textOf([same]), /do not conflict, by the static analysis\./);
  assert.doesNotMatch(textOf([near, different]), /different objects/);
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
