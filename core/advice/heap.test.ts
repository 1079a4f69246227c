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

const TWO_MEMORIES = `(module (memory $more 1 8) (memory $once 1 8) (memory $alone 1 8)
  (func (export "more") (drop (memory.grow $more (i32.const 1))) (i32.store $more (i32.const 0) (i32.const 1)))
  (func (export "once")
    (if (i32.lt_u (memory.size $once) (i32.const 2)) (then (drop (memory.grow $once (i32.const 1))))))
  (func (export "alone") (drop (memory.grow $alone (i32.const 1)))))`;

test('of several memories, each has the races and the growth that are its own', async () => {
  const { advice, remedies } = await advisedRun(TWO_MEMORIES, {
    model: 'shared-instance',
    callers: [
      [['more'], ['once']],
      [['more'], ['once'], ['alone']],
    ],
  });
  assert.deepEqual(remedies.preallocated?.grows, [0, 2], 'what a larger start does not help');
  const text = (name: string): string =>
    advice.find((one) => one.remedy === 'preallocate' && one.text.includes(` ${name} `))?.text ?? '';
  assert.match(text('$more'), /^Do not rely on a larger initial size: these calls grow \$more whatever its size/);
  assert.match(text('$once'), /^Start \$once with 2 pages instead of 1: one call that grows it/);
  assert.match(
    text('$alone'),
    /`alone` can grow it, and runs grew it from 1 to 2 pages\. They showed no race on its size/,
  );
});

test('memory that only calls at the same time grow is not said to be grown by no run', async () => {
  const { advice, growth } = await advisedRun(
    `(module (memory 1 8) (global $busy (mut i32) (i32.const 0))
      (func (export "work") (global.set $busy (i32.const 1)) (i32.store (i32.const 0) (i32.const 1)) (global.set $busy (i32.const 0)))
      (func (export "more") (if (global.get $busy) (then (drop (memory.grow (i32.const 1)))))))`,
    { model: 'shared-instance', callers: [[['work']], [['more']]] },
  );
  assert.deepEqual(growth, []);
  assert.match(textOf(advice, 'preallocate'), /`more` can grow it, and runs show a race on its size\. No calls/);
});
