/** Advice about heaps: one without locks that callers corrupt, and memory that grows without a race. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import type { ScenarioFile } from '../stress/scenario/scenario.ts';
import type { Advice } from './advice.ts';
import { advisedRun } from './testing/advisedRun.ts';

const caseText = (name: string): string => readFileSync(new URL(`cases/${name}`, import.meta.url), 'utf8');
const scenarioOf = (name: string): ScenarioFile => JSON.parse(caseText(name)) as ScenarioFile;
const textOf = (advice: readonly Advice[], remedy: Advice['remedy']): string =>
  advice.flatMap((one) => (one.remedy === remedy ? [one.text] : [])).join('\n');

test('a free list that races break: the loop is one over data, and no order of locks is advised', async () => {
  const { verdict, hang, advice } = await advisedRun(caseText('freelist.wat'), scenarioOf('freelist.stress.json'));
  assert.equal(verdict, 'hang');
  assert.equal(hang?.cause.kind, 'endless-loop');
  assert.match(textOf(advice, 'fix'), /^Keep other callers from changing what the loop reads/);
  assert.match(textOf(advice, 'mutex'), /one critical section/);
  assert.doesNotMatch(advice.map(({ text }) => text).join('\n'), /locks? in the same order|waits for another caller/);
});

test('a block that is freed twice in some order of calls: no caller is said to wait for another one', async () => {
  const { advice } = await advisedRun(caseText('freelist.wat'), scenarioOf('double-free.stress.json'));
  const texts = advice.map(({ text }) => text).join('\n');
  assert.doesNotMatch(texts, /waits for another caller|in the same order/);
  assert.match(texts, /an earlier call has broken/);
});

const GROWS = `(module (memory 2 8)
  (func (export "reserve") (param i32) (result i32) (memory.grow (local.get 0)))
  (func (export "answer") (result i32) (i32.const 42)))`;

test('memory that one caller grows alone is not said to be grown by no run', async () => {
  const { growth, advice } = await advisedRun(GROWS, {
    model: 'shared-instance',
    callers: [[['reserve', 3]], [['answer']]],
  });
  assert.deepEqual(
    growth.map(({ base, most }) => [base, most]),
    [[2, 5]],
  );
  const text = textOf(advice, 'preallocate');
  assert.doesNotMatch(text, /no run did/);
  assert.match(
    text,
    /runs grew it from 2 to 5 pages\. They showed no race on its size, and no run tried a larger size/,
  );
});

test('memory that nothing grew has no size', async () => {
  const { advice } = await advisedRun(GROWS, { model: 'shared-instance', callers: [[['reserve', 0]], [['answer']]] });
  assert.match(textOf(advice, 'preallocate'), /can grow it, but no run did/);
});
